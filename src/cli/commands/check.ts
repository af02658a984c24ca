import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { isError, type Read } from '../../abi/problem.ts'
import type { Strategy } from '../../abi/evidence.ts'
import { loadPlan } from '../../config/load-plan.ts'
import { narrowPlan } from '../../config/narrow-plan.ts'
import type { Plan } from '../../config/plan.ts'
import { check } from '../../gate.ts'
import { errorVerdict } from '../../judge/decide.ts'
import { defaultWorkDir } from '../../kernel/work-dir.ts'
import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import { showProgress } from '../../io/progress-display.ts'
import { addReportOptions, conclude, gather, reportRequest, type ReportOptions } from '../report-options.ts'

interface CheckOptions extends ReportOptions {
  readonly config?: string
  readonly source: string
  readonly variant: readonly string[]
  readonly strategy?: Strategy
  readonly symvers: readonly string[]
  readonly workDir?: string
  readonly jobs: number
}

const example = `
Examples:
  kabi-gate check                                 (in a kernel tree with a kabi.yml: build and compare every variant)
  kabi-gate check --variant x86_64 --output report.md --output report.json
  kabi-gate check --symvers x86_64=build/Module.symvers
  kabi-gate check --disable-kabi-check --reason "bisecting the break of bug 4711"`

/** `check`: plan, collect and judge in one process. */
export const checkCommand: CliCommand = {
  define: (program) =>
    addReportOptions(
      program
        .command('check')
        .summary('build or read every variant of kabi.yml and compare it with its whitelist')
        .description(
          'Check a kernel tree: collect the checksums of every variant of kabi.yml and compare them.',
        )
        .option(
          '--config <file>',
          'the configuration (default: kabi.yml or .github/kabi.yml in the source tree)',
        )
        .option('--source <folder>', 'the kernel source tree; it is never written to', '.')
        .option('--variant <name>', 'check only this variant; repeatable', gather, [])
        .addOption(
          new Option('--strategy <strategy>', 'how to get the checksums of every variant').choices([
            'full',
            'prebuilt',
          ] satisfies Strategy[]),
        )
        .option('--symvers <variant=file>', 'the Module.symvers of a finished build; repeatable', gather, [])
        .option(
          '--work-dir <folder>',
          'where kernels are built (default: a folder of the tree in ~/.cache/kabi-gate)',
        )
        .option('--jobs <count>', 'compilers to run at once', positiveInteger, availableParallelism()),
    ).addHelpText('after', example),

  run: async (command: Command, terminal) => {
    const options = command.opts<CheckOptions>()
    const { output, override } = reportRequest(options)
    const source = resolve(terminal.cwd, options.source)
    const plan = await planFor(options, source, terminal.cwd)
    if (!plan.value || plan.problems.some(isError)) {
      return conclude(errorVerdict(tool, plan.problems, override), output, terminal)
    }
    const progress = showProgress(terminal.stderr)
    const verdict = await check({
      tool,
      plan: plan.value,
      source,
      workDir: options.workDir
        ? resolve(terminal.cwd, options.workDir)
        : await defaultWorkDir(source, terminal.env),
      jobs: options.jobs,
      signal: terminal.signal,
      override,
      onProgress: progress.update,
    }).finally(progress.end)
    return conclude(verdict, output, terminal)
  },
}

async function planFor(options: CheckOptions, source: string, cwd: string): Promise<Read<Plan | undefined>> {
  const config = options.config === undefined ? undefined : resolve(cwd, options.config)
  const loaded = await loadPlan(config, source)
  if (!loaded.value || loaded.problems.some(isError)) return loaded
  const { variant: variants, strategy, symvers } = options
  const narrowed = narrowPlan(loaded.value, { variants, strategy, symvers, cwd })
  return { value: narrowed.value, problems: [...loaded.problems, ...narrowed.problems] }
}

/** Reads a count from the command line. */
function positiveInteger(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a whole number above zero.')
}
