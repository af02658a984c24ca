import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeFakeKernel } from '../kernel-unit/fake-kernel-files.ts'
import { writeFiles } from '../support/workspace.ts'

/** A command line that is killed, in a folder with all that it needs. */
export interface KilledCommand {
  readonly name: string
  readonly args: readonly string[]
  /** Files beside those of the kernel tree. */
  readonly files?: Readonly<Record<string, string>>
  /** Commands that have to have run before. */
  readonly first?: readonly (readonly string[])[]
}

const row = (symbol: string, crc = '0x12345678') => `${crc} ${symbol} vmlinux EXPORT_SYMBOL\n`
const list = (name: string, text: string) => ({ [`linux/whitelists/${name}/kabi_whitelist`]: text })
const lists = { ...list('x86_64', row('printk')), ...list('i686', row('printk')) }
const other = { ...list('x86_64', row('printk', '0x1')), ...list('i686', row('printk', '0x1')) }
const reports = ['--output', '../report.html', '--output', '../report.json', '--output', '../report.md']
const imported = Object.fromEntries(
  ['a', 'b', 'c', 'd'].map((name) => [`lists/kabi_whitelist_${name}`, row('printk') + row(`of_${name}`)]),
)
const legs = ['x86_64', 'i686'].map((name) => ['collect', '--variant', name, '--output', '../evidence'])

/** Each command that leaves something behind, as small as it can be. */
export const commands: readonly KilledCommand[] = [
  { name: 'check', args: ['check', ...reports], files: lists },
  { name: 'collect', args: legs[0] ?? [], files: lists },
  {
    name: 'judge',
    args: ['judge', '--evidence', '../evidence', '--source', '.', ...reports],
    files: lists,
    first: legs,
  },
  { name: 'create', args: ['whitelist', 'create'] },
  { name: 'update', args: ['whitelist', 'update', '--accept-changes', 'printk'], files: other },
  { name: 'import', args: ['whitelist', 'import', '../lists', '--to', '../imported'], files: imported },
  { name: 'explain', args: ['explain', ...reports], files: other },
]

const kabiYml = `version: 1
defaults: { strategy: full, config: { targets: [tinyconfig] } }
variants:
  x86_64: { arch: x86_64 }
  i686: { arch: i386 }
`

/** Makes the folder that a command starts with. */
export function prepare(
  folder: string,
  { files = {} }: KilledCommand,
): { readonly cwd: string; readonly bin: string } {
  mkdirSync(folder, { recursive: true })
  const { source, bin } = writeFakeKernel(folder)
  writeFiles(folder, { 'linux/kabi.yml': kabiYml, ...files })
  for (const name of ['home', 'tmp']) mkdirSync(join(folder, name))
  return { cwd: source, bin }
}
