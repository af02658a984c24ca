import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Problem } from '../../problem/problem.ts'
import type { Strategy } from '../../abi/evidence.ts'
import type { Health } from '../../doctor/doctor.ts'
import { errorVerdict } from '../../judge/decide.ts'
import { scrubbedEnvironment } from '../../processes/scrubbed-environment.ts'
import { defaultWorkDir } from '../../kernel/work-dir.ts'
import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import type { WorkflowAudit, WorkflowText } from '../../workflow/audit-workflows.ts'
import { conclude, gather } from '../report-options.ts'
import { textLayout, type Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { concludeProblems } from '../whitelist-output.ts'
import { printJson } from '../../report/json/print-json.ts'

interface DoctorOptions {
  readonly config?: string
  readonly source: string
  readonly variant: readonly string[]
  readonly strategy?: Strategy
  readonly workDir?: string
  readonly workflow: readonly string[]
  readonly format?: 'text' | 'json'
  readonly json?: boolean
}

const example = `
Examples:
  kabi-gate doctor
  kabi-gate doctor --variant aarch64 --format json
  kabi-gate doctor --workflow .github/workflows/kabi-gate.yml

Exits with 0 if nothing is missing or wrong, otherwise with 3.`

/** `doctor`: what this machine lacks to run `check`, or what is wrong with the workflows that do. */
export const doctorCommand: CliCommand = {
  define: (program) =>
    program
      .command('doctor')
      .summary('list what is missing on this machine, or wrong in a workflow')
      .description(
        'Look for everything that a check needs: files, compilers, tools, headers, disk and memory. With --workflow, check workflows of GitHub Actions instead.',
      )
      .option(
        '--config <file>',
        'the configuration (default: kabi.yml or .github/kabi.yml in the source tree)',
      )
      .option('--source <folder>', 'the kernel source tree', '.')
      .option('--variant <name>', 'look only at this variant; repeatable', gather, [])
      .addOption(
        new Option('--strategy <strategy>', 'how to get the checksums of every variant').choices([
          'exports',
          'full',
          'prebuilt',
        ] satisfies Strategy[]),
      )
      .option(
        '--work-dir <folder>',
        'the folder to build kernels in (default: one per tree in ~/.cache/kabi-gate)',
      )
      .option(
        '--workflow <file>',
        'say what is wrong with this workflow that runs kabi-gate; repeatable: some faults only show when two files are compared',
        gather,
        [],
      )
      .addOption(
        new Option('--format <form>', 'format of the output (default: text)').choices(['text', 'json']),
      )
      .option('--json', 'same as --format json')
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<DoctorOptions>()
    const format = formatOf(options)
    if (options.workflow.length > 0) return audit(options.workflow, format, terminal)
    const { cwd, env, signal, stdout } = terminal
    const { examine, isHealthy } = await import('../../doctor/doctor.ts')
    const source = resolve(cwd, options.source)
    const { value: health, problems } = await examine({
      config: options.config === undefined ? undefined : resolve(cwd, options.config),
      source,
      variants: options.variant,
      strategy: options.strategy,
      symvers: [],
      cwd,
      workDir: options.workDir === undefined ? defaultWorkDir(source, env) : resolve(cwd, options.workDir),
      env: scrubbedEnvironment(env),
      signal,
    })
    if (!health) {
      if (format === 'text') return concludeProblems(problems, terminal)
      return conclude(errorVerdict(tool, problems, undefined), { format, files: [] }, terminal)
    }
    if (format === 'json') stdout.write(healthJson(health, isHealthy(health)))
    else {
      const { renderHealth } = await import('../doctor-text.ts')
      stdout.write(renderHealth(health, textLayout(stdout, env)))
    }
    return isHealthy(health) ? 0 : 3
  },
}

function healthJson({ variants, installation }: Health, ready: boolean): string {
  return printJson({ schemaVersion: 1, tool, ready, variants, installation })
}

/** @throws UsageError when the options contradict each other. */
function formatOf({ format, json }: DoctorOptions): 'text' | 'json' {
  if (json && format === 'text') throw new UsageError('--json contradicts --format text')
  return json ? 'json' : (format ?? 'text')
}

async function audit(files: readonly string[], format: 'text' | 'json', terminal: Terminal): Promise<number> {
  const { cwd, env, stdout } = terminal
  const { readText } = await import('../../io/read-text.ts')
  const { auditWorkflows } = await import('../../workflow/audit-workflows.ts')
  const problems: Problem[] = []
  const texts: WorkflowText[] = []
  for (const file of files) {
    const { value: text, problems: unread } = await readText(resolve(cwd, file))
    problems.push(...unread)
    texts.push({ file, text })
  }
  const read = problems.length > 0 ? { value: undefined, problems } : auditWorkflows(texts)
  if (!read.value) {
    if (format === 'text') return concludeProblems(read.problems, terminal)
    return conclude(errorVerdict(tool, read.problems, undefined), { format, files: [] }, terminal)
  }
  const right = read.value.every(({ faults }) => faults.length === 0)
  if (format === 'json') stdout.write(auditJson(read.value, right))
  else {
    const { renderAudits } = await import('../workflow-text.ts')
    stdout.write(renderAudits(read.value, textLayout(stdout, env)))
  }
  return right ? 0 : 3
}

function auditJson(workflows: readonly WorkflowAudit[], ready: boolean): string {
  return printJson({ schemaVersion: 1, tool, ready, workflows })
}
