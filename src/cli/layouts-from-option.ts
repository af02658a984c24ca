import { resolve } from 'node:path'
import { Option } from 'commander'
import { counted } from '../report/words.ts'
import type { LayoutsFrom } from '../whitelists/evidence-content.ts'
import { gather } from './report-options.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** The option of commands that write layouts beside a list. */
export function layoutsFromOption(): Option {
  return new Option(
    '--layouts-from <[variant=]file>',
    'take the layouts of the types from this vmlinux, its DWARF or BTF, or from BTF alone; repeatable',
  )
    .argParser(gather)
    .default([])
}

/**
 * The files by variant; that of the one variant by an empty name.
 * @throws UsageError for two of one variant
 */
export function layoutsFromOf(
  { layoutsFrom }: { readonly layoutsFrom: readonly string[] },
  { cwd }: Terminal,
): ReadonlyMap<string, string> {
  const known = new Map<string, string>()
  for (const value of layoutsFrom) {
    const [, name = '', file = ''] = /^(?:([^=/]+)=)?(.*)$/s.exec(value) ?? []
    if (known.has(name))
      throw new UsageError(
        `--layouts-from ${value}: that of ${name === '' ? 'the variant' : name} was given already`,
      )
    known.set(name, resolve(cwd, file))
  }
  return known
}

/** How much a vmlinux told, to stand behind what was written. */
export function toldText({ vmlinux, types, symbols, unknown }: LayoutsFrom): string {
  const without = unknown === 0 ? '' : `; ${counted(unknown, 'name')} not known`
  return `${counted(types, 'type')} and ${counted(symbols, 'symbol')} from the ${vmlinux === 'btf' ? 'BTF' : 'DWARF'} of vmlinux${without}`
}
