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

interface PlanOptions {
  readonly config?: string
  readonly source: string
  readonly json?: boolean
  readonly matrix?: boolean
}

const example = `
Examples:
  kabi-gate plan --json
  kabi-gate plan --matrix                         (for strategy.matrix of a workflow: one job per variant)`

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
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<PlanOptions>()
    const { cwd } = terminal
    const { plan } = await import('../../gate/prepare.ts')
    const { value, problems } = await plan({
      config: options.config === undefined ? undefined : resolve(cwd, options.config),
      source: resolve(cwd, options.source),
      variants: [],
      strategy: undefined,
      symvers: [],
      cwd,
    })
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
