import { basename, resolve } from 'node:path'
import { isError } from '../../../problem/problem.ts'
import { alignColumns, type Cell } from '../../../report/text/align-columns.ts'
import { printable } from '../../../report/escape.ts'
import { counted } from '../../../report/words.ts'
import type { Import, ImportedWhitelist } from '../../../whitelists/import-whitelists.ts'
import type { CliCommand } from '../../cli-command.ts'
import { gather } from '../../report-options.ts'
import { concludeProblems } from '../../whitelist-output.ts'
import { whitelistGroup } from './group.ts'

interface ImportOptions {
  readonly to: string
  readonly checksums?: string
  readonly allowAbsent?: boolean
  readonly variant: readonly string[]
}

const example = `
Examples:
  kabi-gate whitelist import redhat/kabi --to whitelists
  kabi-gate whitelist import kabi_lockedlist --variant x86_64 --checksums Module.kabi --to whitelists`

/** `whitelist import SOURCE --to FOLDER`: whitelists of any dialect in canonical form. */
export const whitelistImportCommand: CliCommand = {
  define: (program) =>
    whitelistGroup(program)
      .command('import')
      .summary('convert the whitelists of a distribution to canonical form')
      .description(
        'Read the whitelists of all variants, in any dialect and under the file names that distributions use, and write ' +
          'each as VARIANT/kabi_whitelist. Lists of names get their checksums from the file beside them. Never ' +
          'overwrites a whitelist.',
      )
      .argument('<source>', 'a folder of whitelists, or one whitelist')
      .requiredOption('--to <folder>', 'the folder that gets a folder for each variant')
      .option(
        '--variant <name>',
        'import only this variant; repeatable. For a single list: its variant',
        gather,
        [],
      )
      .option('--allow-absent', 'leave out names without a checksum (default: an error)')
      .option('--checksums <file>', 'the checksums, for a single list of names (Module.kabi_*)')
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const { to, checksums, variant, allowAbsent = false } = command.opts<ImportOptions>()
    const { importWhitelists } = await import('../../../whitelists/import-whitelists.ts')
    const path = (file: string) => resolve(terminal.cwd, file)
    const from = path(command.args[0] ?? '.')
    const { value, problems } = await importWhitelists({
      from,
      checksums: checksums === undefined ? undefined : path(checksums),
      to: path(to),
      allowAbsent,
      variants: variant,
    })
    const { imported } = value
    terminal.stdout.write([...alignColumns(imported.map(columnsOf)), ...remarks(value), ''].join('\n'))
    if (!problems.some(isError)) return 0
    return concludeProblems(problems, terminal)
  },
}

/** What one variant's list holds and where it was read. */
function columnsOf({ variant, source, whitelist: { rows, dialect } }: ImportedWhitelist): readonly Cell[] {
  const symbols = new Set(rows.map(({ symbol }) => symbol)).size
  const sections = new Set(rows.map(({ section }) => section).filter((section) => section !== '')).size
  const checksums = source.checksums === undefined ? '' : ` with ${basename(source.checksums)}`
  return [
    { text: printable(variant) },
    { text: counted(symbols, 'symbol'), align: 'right' },
    { text: rows.length > symbols ? counted(rows.length, 'row') : '', align: 'right' },
    { text: sections > 0 ? counted(sections, 'section') : '', align: 'right' },
    { text: printable(`${basename(source.path)} (${dialect})${checksums}`) },
  ]
}

function remarks({ imported, empty, unjoined, linked, leftAlone }: Import): readonly string[] {
  const bare = imported.filter(({ whitelist: { rows } }) => rows.every(({ crc }) => crc === undefined))
  const names = bare.map(({ variant }) => printable(variant)).join(', ')
  return [
    ...(bare.length > 0 ? [`without checksums, so \`check\` refuses it: ${names}`] : []),
    ...imported.flatMap(({ variant, leftOut }) =>
      leftOut.length === 0
        ? []
        : [
            `left out of ${printable(variant)}, as there is no checksum: ${leftOut.map((name) => printable(name)).join(', ')}`,
          ],
    ),
    ...unjoined.map(
      ({ variant, leftOut }) =>
        `not imported, as none of its names has a checksum: ${printable(variant)} (${leftOut.map((name) => printable(name)).join(', ')})`,
    ),
    ...empty.map(
      ({ variant, source }) =>
        `promises nothing, so not imported: ${printable(variant)} (${basename(source.path)} is empty)`,
    ),
    ...linked.map(
      ({ link, kept }) =>
        `a link to the list of ${printable(kept.variant)}, so not imported again: ${printable(link.variant)} (--variant asks for it)`,
    ),
    ...(leftAlone.length > 0 ? [`left alone: ${leftAlone.map((name) => printable(name)).join(', ')}`] : []),
  ]
}
