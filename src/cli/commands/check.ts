import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import { showProgress } from '../progress-display.ts'
import { addReleaseOption, releaseOf, type ReleaseOption } from '../release-option.ts'
import { addCollectOptions, collectRequest, type CollectCommandOptions } from '../collect-options.ts'
import { addBaselineOption, type BaselineOption } from '../baseline-option.ts'
import { addExplanationOptions, explanationRequest, type ExplanationOptions } from '../explanation-options.ts'
import { prepareOutput } from '../output.ts'
import { addReportOptions, conclude, reportRequest, type ReportOptions } from '../report-options.ts'

interface CheckOptions
  extends ReportOptions, CollectCommandOptions, ReleaseOption, ExplanationOptions, BaselineOption {
  readonly allExports?: boolean
}

const example = `
Examples:
  kabi-gate check                                 (in a kernel tree with a kabi.yml: every variant)
  kabi-gate check --variant x86_64 --output report.md --output report.json
  kabi-gate check --base origin/main               (names the lines of the patch that changed a checksum)
  kabi-gate check --symvers x86_64=build/Module.symvers
  kabi-gate check --disable-kabi-check --reason "bisecting the break of bug 4711"`

/** `check`: plan, collect and judge in one process. */
export const checkCommand: CliCommand = {
  define: (program) =>
    addReportOptions(
      addBaselineOption(
        addExplanationOptions(
          addReleaseOption(
            addCollectOptions(
              program
                .command('check')
                .summary('check every variant in kabi.yml against its whitelist')
                .description(
                  'Check a kernel tree: compute the checksums of every variant in kabi.yml and compare them with its whitelist.',
                )
                .option(
                  '--all-exports',
                  'compute the checksums of all exports, not only of the protected symbols',
                ),
            ),
          ),
        ),
      ),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CheckOptions>()
    const { output, override } = reportRequest(options)
    await prepareOutput(output)
    const { check } = await import('../../gate/check.ts')
    const progress = await showProgress(terminal.stderr)
    const verdict = await check({
      ...collectRequest(options, terminal),
      release: releaseOf(options),
      tool,
      override,
      allExports: options.allExports ?? false,
      ...explanationRequest(options, terminal),
      baselineRef: options.baselineRef,
      onProgress: progress.update,
    }).finally(progress.end)
    return conclude(verdict, output, terminal)
  },
}
