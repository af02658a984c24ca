import { resolve } from 'node:path'
import { variantOfFile } from '../../../baseline/find-whitelists.ts'
import { showProgress } from '../../progress-display.ts'
import { whitelistFiles } from '../../../baseline/whitelist-files.ts'
import { counted } from '../../../report/words.ts'
import type { Enrichment } from '../../../whitelists/list-to-enrich.ts'
import type { CliCommand } from '../../cli-command.ts'
import { addCollectOptions, collectRequest, type CollectCommandOptions } from '../../collect-options.ts'
import { gather } from '../../report-options.ts'
import { layoutsFromOf, layoutsFromOption, toldText } from '../../layouts-from-option.ts'
import type { Terminal } from '../../terminal.ts'
import { UsageError } from '../../usage-error.ts'
import { concludeProblems } from '../../whitelist-output.ts'
import { whitelistGroup } from './group.ts'

interface EnrichOptions extends CollectCommandOptions {
  readonly from?: string
  readonly types: readonly string[]
  readonly checksums?: string
  readonly layoutsFrom: readonly string[]
}

const example = `
The lists stay as they are. Where a checksum does not come out of the types, nothing is written.

Examples:
  kabi-gate whitelist enrich --from v5.14.0-362.24             (every variant of kabi.yml, from the released commit)
  kabi-gate whitelist enrich --types x86_64=build/x86_64       (from a build with KBUILD_SYMTYPES=1)
  kabi-gate whitelist enrich Module.kabi_x86_64 --types Symtypes.kabi_x86_64
  kabi-gate whitelist enrich --layouts-from x86_64=vmlinux     (the layouts of types that are stored already)`

/** `whitelist enrich`: the types behind lists that somebody else made. */
export const whitelistEnrichCommand: CliCommand = {
  define: (program) =>
    addCollectOptions(
      whitelistGroup(program)
        .command('enrich')
        .summary('give lists without types the types behind their checksums')
        .description(
          'Take the type definitions behind the checksums of existing lists, from the released commit or from what its build ' +
            'made, and write them beside the lists: with them a report says why checksums changed.',
        )
        .argument('[whitelist]', 'one list, without a kabi.yml; not with --from'),
    )
      .option('--from <commit>', 'collect from this commit, in a checkout of its own below the work folder')
      .option(
        '--types <variant=path>',
        'take the types that a build made, a file or folder in any form; repeatable',
        gather,
        [],
      )
      .addOption(layoutsFromOption())
      .option('--checksums <file>', 'checksums for the one list, if it holds names only (Module.kabi_*)')
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<EnrichOptions>()
    const [list] = command.args
    const ways = [options.from !== undefined, options.types.length > 0].filter(Boolean).length
    if (ways > 1 || (ways === 0 && options.layoutsFrom.length === 0))
      throw new UsageError(
        '--from or --types says where the types come from',
        'Give one of them, or --layouts-from for a list that has its types.',
      )
    if (list !== undefined) return enrichOne(list, options, terminal)
    if (options.checksums !== undefined)
      throw new UsageError(
        '--checksums belongs to a list, and none was named',
        'Name the list, or leave --checksums out.',
      )
    const { enrichWhitelists } = await import('../../../whitelists/enrich-whitelists.ts')
    const progress = await showProgress(terminal.stderr)
    const { value, problems } = await enrichWhitelists({
      ...collectRequest(options, terminal),
      from: options.from ?? (options.types.length > 0 ? typesByVariant(options, terminal) : undefined),
      layoutsFrom: layoutsFromOf(options, terminal),
      onProgress: progress.update,
    }).finally(progress.end)
    return conclude(value, problems, options, terminal)
  },
}

async function enrichOne(path: string, options: EnrichOptions, terminal: Terminal): Promise<number> {
  const { checksums, types, variant: names } = options
  const [place, ...more] = types
  if (options.from !== undefined)
    throw new UsageError('one list alone takes --types, not --from', 'Use a kabi.yml with --from.')
  if (more.length > 0 || names.length > 1)
    throw new UsageError('one list has one variant, and types of one build')
  const variant = names[0] ?? variantOfFile(path)
  if (variant === undefined)
    throw new UsageError('the name of the list does not tell its variant', 'Give it with --variant NAME.')
  const file = (name: string) => resolve(terminal.cwd, name)
  const vmlinux = layoutsFromOf(options, terminal)
  if (vmlinux.size > 1 || [...vmlinux.keys()].some((name) => name !== '' && name !== variant))
    throw new UsageError(`--layouts-from names another variant than ${variant}, which the list is of`)
  const [layoutsFrom] = vmlinux.values()
  const { enrichList } = await import('../../../whitelists/enrich-whitelists.ts')
  const { value, problems } = await enrichList({
    path: file(path),
    checksums: checksums === undefined ? undefined : file(checksums),
    variant,
    types: place === undefined ? undefined : file(place),
    layoutsFrom,
    source: terminal.cwd,
    signal: terminal.signal,
  })
  return conclude(value, problems, options, terminal)
}

/** @throws UsageError for types of which the variant is not said. */
function typesByVariant({ types, variant }: EnrichOptions, { cwd }: Terminal): ReadonlyMap<string, string> {
  const known = new Map<string, string>()
  for (const value of types) {
    const at = value.indexOf('=')
    const [only, ...others] = variant
    const name = at > 0 ? value.slice(0, at) : others.length === 0 ? only : undefined
    if (name === undefined)
      throw new UsageError(
        `--types ${value}: expected VARIANT=PATH`,
        'Or name the one variant with --variant.',
      )
    if (known.has(name)) throw new UsageError(`--types ${value}: the types of ${name} were given already`)
    known.set(name, resolve(cwd, value.slice(at > 0 ? at + 1 : 0)))
  }
  return known
}

function conclude(
  written: readonly Enrichment[],
  problems: Parameters<typeof concludeProblems>[0],
  { from, types }: Pick<EnrichOptions, 'from' | 'types'>,
  terminal: Terminal,
): number {
  for (const { variant, path, typed, file, layouts, layoutsFrom } of written) {
    if (from !== undefined || types.length > 0)
      terminal.stdout.write(`${variant}: types of ${counted(typed, 'protected symbol')} written to ${file}\n`)
    if (layouts)
      terminal.stdout.write(
        `${variant}: their layouts written to ${whitelistFiles(path).layouts}${layoutsFrom ? `, ${toldText(layoutsFrom)}` : ''}\n`,
      )
  }
  return concludeProblems(problems, terminal)
}
