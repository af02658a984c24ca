import { resolve } from 'node:path'
import { matrixOf } from '../../config/matrix.ts'
import type { Plan, VariantPlan } from '../../config/plan.ts'
import { errorVerdict } from '../../judge/decide.ts'
import { alignColumns } from '../../report/text/align-columns.ts'
import { tool } from '../../version.ts'
import { counted } from '../../report/words.ts'
import type { CliCommand } from '../cli-command.ts'
import { conclude } from '../report-options.ts'
import { printJson } from '../../report/json/print-json.ts'
import type { LeftToCollect } from '../../gate/left-to-collect.ts'
import { leftText } from '../left-text.ts'
import type { Read } from '../../problem/problem.ts'
import type { Terminal } from '../terminal.ts'
import { refuseShortCommit, UsageError } from '../usage-error.ts'

interface PlanOptions {
  readonly config?: string
  readonly source: string
  readonly json?: boolean
  readonly matrix?: boolean
  readonly evidence?: string
  readonly expectCommit?: string
}

const example = `
Examples:
  kabi-gate plan --json
  kabi-gate plan --matrix                         (for strategy.matrix of a workflow: one job per variant)
  kabi-gate plan --matrix --evidence evidence --expect-commit "$(git rev-parse HEAD)"
                                                  (only the variants that evidence of earlier commits says nothing about)`

/** `plan`: what `check` would do, without doing it. */
export const planCommand: CliCommand = {
  define: (program) =>
    program
      .command('plan')
      .summary('read kabi.yml and print the variants')
      .description('Read and validate kabi.yml and print the variants that `check` would check.')
      .option(
        '--config <file>',
        'the configuration (default: kabi.yml or .github/kabi.yml in the source tree)',
      )
      .option('--source <folder>', 'the kernel source tree', '.')
      .option('--json', 'print JSON')
      .option('--matrix', 'print the matrix of a workflow, with an entry for each variant to collect')
      .option(
        '--evidence <folder>',
        'evidence of earlier commits: only the variants for which none of it holds have to be collected; with --expect-commit',
      )
      .option('--expect-commit <sha>', 'the full commit that will be judged')
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<PlanOptions>()
    const { cwd } = terminal
    const request = {
      config: options.config === undefined ? undefined : resolve(cwd, options.config),
      source: resolve(cwd, options.source),
      variants: [],
      strategy: undefined,
      symvers: [],
      cwd,
    }
    const asked = evidenceOf(options)
    if (asked) {
      const { leftToCollect } = await import('../../gate/left-to-collect.ts')
      const evidence = resolve(cwd, asked.evidence)
      const left = await leftToCollect({ ...request, ...asked, evidence, tool, signal: terminal.signal })
      return tellLeft(left, options, terminal)
    }
    const { plan } = await import('../../gate/prepare.ts')
    const { value, problems } = await plan(request)
    const matrix = value && options.matrix ? matrixOf(value) : undefined
    if (!value || matrix?.problems.length) {
      const format = options.json ? 'json' : 'text'
      return conclude(
        errorVerdict(tool, matrix?.problems ?? problems, undefined),
        { format, files: [] },
        terminal,
      )
    }
    const text = matrix
      ? `${JSON.stringify(matrix.value)}\n`
      : options.json
        ? planJson(value)
        : planText(value)
    terminal.stdout.write(text)
    return 0
  },
}

interface EvidenceAsked {
  readonly evidence: string
  readonly expectCommit: string
}

/** @throws UsageError for one of the two options without the other, or what is no whole name of a commit */
function evidenceOf({ evidence, expectCommit }: PlanOptions): EvidenceAsked | undefined {
  if (evidence === undefined && expectCommit === undefined) return undefined
  if (evidence === undefined || expectCommit === undefined)
    throw new UsageError(
      '--evidence and --expect-commit need each other',
      'Name the evidence, and the commit that will be judged.',
    )
  refuseShortCommit(expectCommit)
  return { evidence, expectCommit }
}

function tellLeft(
  { value, problems }: Read<LeftToCollect | undefined>,
  { json, matrix: asMatrix }: PlanOptions,
  terminal: Terminal,
): Promise<number> | number {
  const matrix = value && asMatrix ? matrixOf(value.plan) : undefined
  if (!value || matrix?.problems.length)
    return conclude(
      errorVerdict(tool, matrix?.problems ?? problems, undefined),
      { format: json ? 'json' : 'text', files: [] },
      terminal,
    )
  const { held, left } = value
  const text = matrix
    ? `${JSON.stringify(matrix.value)}\n`
    : json
      ? printJson({ schemaVersion: 1, tool, held, left })
      : leftText(value)
  terminal.stdout.write(text)
  return 0
}

function planJson(plan: Plan): string {
  const { file, policy, variants } = plan
  return printJson({ schemaVersion: 1, tool, file, policy, variants })
}

function planText({ file, policy, variants }: Plan): string {
  const rows = variants.map((variant) => [variant.name, variant.arch, variant.strategy, guardOf(variant)])
  return [
    `${file}: ${counted(variants.length, 'variant')}, policy ${policy.name}`,
    '',
    ...alignColumns([['VARIANT', 'ARCH', 'STRATEGY', 'WHITELIST'], ...rows]),
    '',
  ].join('\n')
}

function guardOf({ guard }: VariantPlan): string {
  if (guard.kind === 'none') return `promises nothing: ${guard.reason}`
  const { whitelist } = guard
  return whitelist.kind === 'files' ? whitelist.files.path : `looked for in ${whitelist.folder}`
}
