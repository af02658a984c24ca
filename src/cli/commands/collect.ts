import { join, resolve } from 'node:path'
import { isError } from '../../problem/problem.ts'
import { showProgress } from '../progress-display.ts'
import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import { addBaselineOption, type BaselineOption } from '../baseline-option.ts'
import { addReleaseOption, releaseOf, type ReleaseOption } from '../release-option.ts'
import { addCollectOptions, collectRequest, type CollectCommandOptions } from '../collect-options.ts'
import { concludeProblems } from '../whitelist-output.ts'

interface CollectOptions extends CollectCommandOptions, ReleaseOption, BaselineOption {
  readonly output: string
  readonly allExports?: boolean
  readonly carryOver: boolean
}

const example = `
\`kabi-gate judge\` may run on another machine (docs/evidence.md). If the variant cannot be collected, the folder says why.

Example:
  kabi-gate collect --variant x86_64 --output evidence    (writes evidence/x86_64)`

/** `collect`: one variant of a run on several machines. */
export const collectCommand: CliCommand = {
  define: (program) =>
    addBaselineOption(
      addReleaseOption(
        addCollectOptions(
          program
            .command('collect')
            .summary('collect the checksums of one variant, for judge on another machine')
            .description(
              'Compute the checksums of one variant in kabi.yml and write them as evidence for `kabi-gate judge`. Decides nothing.',
            )
            .requiredOption('--output <folder>', 'where the evidence goes, in a folder of the variant’s name')
            .option(
              '--all-exports',
              'compute the checksums of all exports, not only of the protected symbols',
            )
            .option(
              '--no-carry-over',
              'look at this commit itself, whatever evidence of an earlier one still holds',
            ),
        ),
      ),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CollectOptions>()
    const output = resolve(terminal.cwd, options.output)
    const { collectVariant } = await import('../../gate/collect.ts')
    const progress = await showProgress(terminal.stderr)
    const problems = await collectVariant({
      ...collectRequest(options, terminal),
      release: releaseOf(options),
      tool,
      output,
      baselineRef: options.baselineRef,
      allExports: options.allExports ?? false,
      noCarryOver: !options.carryOver,
      event: terminal.env['GITHUB_EVENT_NAME'],
      onProgress: progress.update,
    }).finally(progress.end)
    if (!problems.some(isError)) {
      terminal.stdout.write(`The evidence is in ${join(options.output, ...options.variant)}.\n`)
    }
    return concludeProblems(problems, terminal)
  },
}
