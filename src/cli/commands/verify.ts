import { resolve } from 'node:path'
import type { Command } from 'commander'
import { isError } from '../../problem/problem.ts'
import { isExact } from '../../abi/verification.ts'
import { showProgress } from '../progress-display.ts'
import { readRows } from '../../baseline/read-whitelist.ts'
import { errorVerdict } from '../../judge/decide.ts'
import { verificationJson, verificationText } from '../../report/verification.ts'
import { tool } from '../../version.ts'
import type { Asked } from '../../gate/verify.ts'
import type { CliCommand } from '../cli-command.ts'
import { addReleaseOption, releaseOf, type ReleaseOption } from '../release-option.ts'
import { addCollectOptions, collectRequest, type CollectCommandOptions } from '../collect-options.ts'
import { conclude } from '../report-options.ts'
import { UsageError } from '../usage-error.ts'

interface VerifyOptions extends CollectCommandOptions, ReleaseOption {
  readonly against: string
  readonly symbols?: string
  readonly allExports?: boolean
  readonly json?: boolean
}

const example = `
Without --symbols or --all-exports, it verifies the symbols on the variant's whitelist.
--config may also name the .config of a kernel.

Examples:
  kabi-gate verify --variant x86_64 --against /boot/symvers-6.1.0.gz
  kabi-gate verify --source linux --config build/.config --all-exports --against build/Module.symvers`

/** `verify`: shows that a strategy computes the checksums that a real build recorded. */
export const verifyCommand: CliCommand = {
  define: (program) =>
    addReleaseOption(
      addCollectOptions(
        program
          .command('verify')
          .summary('compare the computed checksums with those of a finished build')
          .description(
            'Compute the checksums of one variant and compare them with the Module.symvers of a finished build of the ' +
              'same kernel. Exits with 0 only if every symbol is equal, with 1 if one is not.',
          )
          .requiredOption('--against <file>', 'the Module.symvers that a real build of this kernel made')
          .option('--symbols <file>', 'the symbols to verify, a list in any dialect')
          .option('--all-exports', 'verify every export of the kernel')
          .option('--json', 'print JSON'),
      ),
    ).addHelpText('after', example),

  run: async (command: Command, terminal) => {
    const options = command.opts<VerifyOptions>()
    if (options.allExports && options.symbols !== undefined)
      throw new UsageError('--all-exports contradicts --symbols')
    const { verify } = await import('../../gate/verify.ts')
    const format = options.json ? 'json' : 'text'
    const fail = (problems: Parameters<typeof errorVerdict>[1]): Promise<number> =>
      conclude(errorVerdict(tool, problems, undefined), { format, files: [] }, terminal)
    const list =
      options.symbols === undefined ? undefined : await readRows(resolve(terminal.cwd, options.symbols))
    if (list?.problems.some(isError)) return fail(list.problems)
    const asked: Asked = list?.value ?? (options.allExports ? 'all-exports' : 'protected')
    const progress = await showProgress(terminal.stderr)
    const { value, problems } = await verify({
      ...collectRequest(options, terminal),
      release: releaseOf(options),
      asked,
      against: resolve(terminal.cwd, options.against),
      onProgress: progress.update,
    }).finally(progress.end)
    if (!value) return fail(problems)
    terminal.stdout.write(options.json ? verificationJson(value) : verificationText(value))
    return isExact(value) ? 0 : 1
  },
}
