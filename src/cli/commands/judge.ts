import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Strategy } from '../../abi/evidence.ts'
import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import { addReleaseOption, releaseOf, type ReleaseOption } from '../release-option.ts'
import { addBaselineOption, type BaselineOption } from '../baseline-option.ts'
import { addExplanationOptions, explanationRequest, type ExplanationOptions } from '../explanation-options.ts'
import { prepareOutput } from '../output.ts'
import { addReportOptions, conclude, reportRequest, type ReportOptions } from '../report-options.ts'
import { refuseShortCommit, UsageError } from '../usage-error.ts'

interface JudgeOptions extends ReleaseOption, ReportOptions, ExplanationOptions, BaselineOption {
  readonly evidence: string
  readonly expectCommit?: string
  readonly config?: string
  readonly source?: string
  readonly strategy?: Strategy
  readonly carryOver: boolean
}

const example = `
Every variant in kabi.yml needs evidence, from the same kernel tree, the same kabi-gate and the same kabi.yml. Otherwise the
verdict is error.

Examples:
  kabi-gate judge --evidence evidence --expect-commit "$(git rev-parse HEAD)"
  kabi-gate judge --evidence evidence --config base/kabi.yml --source linux --base origin/main`

/** `judge`: the verdict on what others collected. */
export const judgeCommand: CliCommand = {
  define: (program) =>
    addReportOptions(
      addBaselineOption(
        addExplanationOptions(
          addReleaseOption(
            program
              .command('judge')
              .summary('compare collected evidence with the whitelists and decide')
              .description(
                'Decide on the evidence that `kabi-gate collect` wrote, as check does. Runs no code of the kernel tree.',
              )
              .requiredOption('--evidence <folder>', 'the folder with the evidence of all variants')
              .option('--expect-commit <sha>', 'the full commit the evidence must be from, or hold for')
              .option(
                '--no-carry-over',
                'take no evidence of another commit, also where nothing changed that it rests on',
              )
              .option(
                '--config <file>',
                'the configuration (default: kabi.yml or .github/kabi.yml in the source tree)',
              )
              .option(
                '--source <folder>',
                'the kernel source tree, to say where in the source the causes are (default: none)',
              )
              .addOption(
                new Option(
                  '--strategy <strategy>',
                  'the strategy that the variants were collected with',
                ).choices(['exports', 'full', 'prebuilt'] satisfies Strategy[]),
              ),
          ),
        ),
      ),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const { cwd, signal } = terminal
    const options = command.opts<JudgeOptions>()
    const { output, override } = reportRequest(options)
    await prepareOutput(output)
    const { expectCommit } = options
    if (expectCommit !== undefined) refuseShortCommit(expectCommit)
    if (options.base !== undefined && options.source === undefined) {
      throw new UsageError(
        '--base needs the kernel tree that the patch is in',
        'Name the tree with --source.',
      )
    }
    const { judge } = await import('../../gate/judge.ts')
    const path = (text: string | undefined) => (text === undefined ? undefined : resolve(cwd, text))
    const verdict = await judge({
      tool,
      override,
      evidence: resolve(cwd, options.evidence),
      expectCommit,
      noCarryOver: !options.carryOver,
      config: path(options.config),
      source: path(options.source),
      strategy: options.strategy,
      release: releaseOf(options),
      ...explanationRequest(options, terminal),
      baselineRef: options.baselineRef,
      cwd,
      signal,
    })
    return conclude(verdict, output, terminal)
  },
}
