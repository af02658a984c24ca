import { resolve } from 'node:path'
import { Option } from 'commander'
import { isError } from '../../../problem/problem.ts'
import { showProgress } from '../../progress-display.ts'
import { readRows } from '../../../baseline/read-whitelist.ts'
import { counted } from '../../../report/words.ts'
import type { CreatedWhitelist, CreateRequest } from '../../../whitelists/create-whitelists.ts'
import type { CliCommand } from '../../cli-command.ts'
import { addCollectOptions, collectRequest, type CollectCommandOptions } from '../../collect-options.ts'
import { layoutsFromOf, layoutsFromOption, toldText } from '../../layouts-from-option.ts'
import type { Terminal } from '../../terminal.ts'
import { UsageError } from '../../usage-error.ts'
import { concludeProblems } from '../../whitelist-output.ts'
import { whitelistGroup } from './group.ts'

interface CreateOptions extends CollectCommandOptions {
  readonly names?: string
  readonly allowAbsent?: boolean
  readonly from?: string
  readonly to?: string
  readonly layoutsFrom: readonly string[]
}

const example = `
Examples:
  kabi-gate whitelist create                            (every variant of kabi.yml, every export)
  kabi-gate whitelist create --names driver-symbols.txt --variant x86_64
  kabi-gate whitelist create --variant x86_64 --layouts-from vmlinux
  kabi-gate whitelist create --from Module.symvers --names driver-symbols.txt --to kabi_whitelist`

/** `whitelist create`: the first whitelist of each variant, from the kernel as it is now. */
export const whitelistCreateCommand: CliCommand = {
  define: (program) =>
    addCollectOptions(
      whitelistGroup(program)
        .command('create')
        .summary('make the first whitelist of each variant from the kernel as it is now')
        .description(
          'Compute the checksums of each variant and write them to where `check` looks for the whitelist, with the ' +
            'types behind them. Never overwrites a whitelist.',
        ),
    )
      .option('--names <file>', 'the symbols to protect, a list in any dialect (default: every export)')
      .addOption(layoutsFromOption())
      .option('--allow-absent', 'leave out names that no variant exports (default: an error)')
      .addOption(
        new Option('--from <file>', 'make one list from this Module.symvers, without a kabi.yml').conflicts([
          'config',
          'source',
          'variant',
          'strategy',
          'symvers',
          'workDir',
          'jobs',
          'layoutsFrom',
        ]),
      )
      .option('--to <file>', 'the whitelist to write; only with --from')
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CreateOptions>()
    if ((options.from === undefined) !== (options.to === undefined)) {
      throw new UsageError('--from and --to belong together: one Module.symvers becomes one whitelist')
    }
    const names =
      options.names === undefined ? undefined : await readRows(resolve(terminal.cwd, options.names))
    if (names?.problems.some(isError)) return concludeProblems(names.problems, terminal)
    const layoutsFrom = layoutsFromOf(options, terminal)
    const request = { names: names?.value, allowAbsent: options.allowAbsent ?? false, layoutsFrom }
    const { from, to } = options
    return from !== undefined && to !== undefined
      ? createFrom(resolve(terminal.cwd, from), resolve(terminal.cwd, to), request, terminal)
      : createAll(options, request, terminal)
  },
}

type NamesRequest = Pick<CreateRequest, 'names' | 'allowAbsent' | 'layoutsFrom'>

async function createFrom(
  from: string,
  to: string,
  request: NamesRequest,
  terminal: Terminal,
): Promise<number> {
  const { createFromSymvers } = await import('../../../whitelists/create-from-symvers.ts')
  const { value: symbols, problems } = await createFromSymvers({ from, to, ...request })
  if (!problems.some(isError))
    terminal.stdout.write(`${counted(symbols, 'protected symbol')} written to ${to}\n`)
  return concludeProblems(problems, terminal)
}

async function createAll(
  options: CollectCommandOptions,
  request: NamesRequest,
  terminal: Terminal,
): Promise<number> {
  const { createWhitelists } = await import('../../../whitelists/create-whitelists.ts')
  const progress = await showProgress(terminal.stderr)
  const { value: created, problems } = await createWhitelists({
    ...collectRequest(options, terminal),
    ...request,
    onProgress: progress.update,
  }).finally(progress.end)
  for (const whitelist of created) terminal.stdout.write(describe(whitelist))
  return concludeProblems(problems, terminal)
}

function describe({ variant, path, symbols, absent, layoutsFrom }: CreatedWhitelist): string {
  const missing =
    absent.length === 0 ? '' : `; ${absent.length} of the names are not exported by this variant`
  return `${variant}: ${counted(symbols, 'protected symbol')} written to ${path}${missing}\n${layoutsFrom ? `${variant}: layouts of ${toldText(layoutsFrom)}\n` : ''}`
}
