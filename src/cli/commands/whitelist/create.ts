import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { isError } from '../../../abi/problem.ts'
import type { CreatedWhitelist } from '../../../create-whitelists.ts'
import { showProgress } from '../../../io/progress-display.ts'
import { readRows } from '../../../io/read-whitelist.ts'
import { errorVerdict } from '../../../judge/decide.ts'
import { defaultWorkDir } from '../../../kernel/work-dir.ts'
import { tool } from '../../../version.ts'
import type { CliCommand } from '../../cli-command.ts'
import { positiveInteger } from '../../positive-integer.ts'
import { conclude, gather } from '../../report-options.ts'
import { whitelistGroup } from './group.ts'

interface CreateOptions {
  readonly config?: string
  readonly source: string
  readonly variant: readonly string[]
  readonly symvers: readonly string[]
  readonly names?: string
  readonly workDir?: string
  readonly jobs: number
}

const example = `
Examples:
  kabi-gate whitelist create                            (every variant of kabi.yml, every export)
  kabi-gate whitelist create --names driver-symbols.txt --variant x86_64`

/** `whitelist create`: the first whitelist of each variant, from the kernel as it is now. */
export const whitelistCreateCommand: CliCommand = {
  define: (program) =>
    whitelistGroup(program)
      .command('create')
      .summary('make the first whitelist of each variant from the kernel as it is now')
      .description(
        'Collect the checksums of each variant and write them where `check` looks for its whitelist. ' +
          'Never overwrites a whitelist.',
      )
      .option(
        '--config <file>',
        'the configuration (default: kabi.yml or .github/kabi.yml in the source tree)',
      )
      .option('--source <folder>', 'the kernel source tree; it is never built in', '.')
      .option('--variant <name>', 'only this variant; repeatable', gather, [])
      .option('--names <file>', 'the symbols to protect, a list in any dialect (default: every export)')
      .option('--symvers <variant=file>', 'the Module.symvers of a finished build; repeatable', gather, [])
      .option(
        '--work-dir <folder>',
        'where kernels are built (default: a folder of the tree in ~/.cache/kabi-gate)',
      )
      .option('--jobs <count>', 'compilers to run at once', positiveInteger, availableParallelism())
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CreateOptions>()
    const { cwd, env, signal, stdout, stderr } = terminal
    const { createWhitelists } = await import('../../../create-whitelists.ts')
    const source = resolve(cwd, options.source)
    const names = options.names === undefined ? undefined : await readRows(resolve(cwd, options.names))
    const progress = showProgress(stderr)
    const { value: created, problems } = names?.problems.some(isError)
      ? { value: [], problems: names.problems }
      : await createWhitelists({
          config: options.config === undefined ? undefined : resolve(cwd, options.config),
          source,
          variants: options.variant,
          strategy: undefined,
          symvers: options.symvers,
          cwd,
          names: names?.value,
          workDir:
            options.workDir === undefined ? defaultWorkDir(source, env) : resolve(cwd, options.workDir),
          jobs: options.jobs,
          signal,
          onProgress: progress.update,
        }).finally(progress.end)
    for (const whitelist of created) stdout.write(describe(whitelist))
    if (!problems.some(isError)) return 0
    return conclude(errorVerdict(tool, problems, undefined), { format: 'text', files: [] }, terminal)
  },
}

function describe({ variant, path, symbols, absent }: CreatedWhitelist): string {
  const missing =
    absent.length === 0 ? '' : `; ${absent.length} of the names are not exported by this variant`
  return `${variant}: ${symbols} protected symbols written to ${path}${missing}\n`
}
