import { openElf, type Elf, type ElfSection, type ElfSymbol } from '../../module/elf.ts'
import { licenseTypes, sectionTypes, type ExportAttributes } from './export-attributes.ts'

/**
 * Lists the exports of a compiled or assembled object, as the build and the loader of modules read it (scripts/mod/modpost.c,
 * kernel/module):
 *
 * - since Linux 6.4 each is a symbol `__export_symbol_NAME` of section `.export_symbol` that stands before two strings,
 *   license and namespace;
 * - before, each is a section `___ksymtab_gpl+NAME` that holds one entry, `__ksymtab_NAME`, which refers to the symbol, to its
 *   name and, from 5.4 on, to its namespace.
 *
 * @param knowsNamespaces the kernel has namespaces (since 5.4)
 * @returns undefined for what is no complete ELF file, and for one with an export that is not understood or a checksum that
 * the object gives itself
 */
export function elfExports(
  file: Buffer,
  knowsNamespaces = true,
): ReadonlyMap<string, ExportAttributes> | undefined {
  const elf = openElf(file)
  if (elf.kind === 'fault') return undefined
  if (elf.symbols.some(({ name, section }) => name.startsWith('__crc_') && section !== 0)) return undefined
  const exports = new Map<string, ExportAttributes>()
  const add = (symbol: string, found: ExportAttributes | undefined): boolean => {
    if (!found || exports.has(symbol)) return false
    exports.set(symbol, found)
    return true
  }
  for (const symbol of elf.symbols) {
    if (symbol.name.startsWith(labelPrefix)) {
      if (!add(symbol.name.slice(labelPrefix.length), labelled(elf, symbol))) return undefined
    } else if (symbol.name.startsWith(entryPrefix) && symbol.section !== 0) {
      // What stands elsewhere is in no table.
      if (!tableSection.test(elf.sections[symbol.section]?.name ?? '')) return undefined
    }
  }
  const entries = elf.sections.filter(
    ({ name, type }) => tableSection.test(name) && type !== withAddends && type !== withoutAddends,
  )
  for (const section of entries) {
    const [, suffix = '', symbol = ''] = tableSection.exec(section.name) ?? []
    if (!add(symbol, entered(elf, section, symbol, suffix, knowsNamespaces))) return undefined
  }
  return exports
}

const labelPrefix = '__export_symbol_'
const entryPrefix = '__ksymtab_'
const tableSection = /^___ksymtab(\w*)\+(.+)$/
const withAddends = 4
const withoutAddends = 9

function labelled(elf: Elf, { section, value }: ElfSymbol): ExportAttributes | undefined {
  const home = elf.sections[section]
  if (home?.name !== '.export_symbol') return undefined
  const start = home.offset + value
  const license = elf.string(start) ?? 'none'
  const type = licenseTypes.get(license)
  const namespace = elf.string(start + license.length + 1)
  return type && namespace !== undefined ? { type, namespace } : undefined
}

function entered(
  elf: Elf,
  section: ElfSection,
  symbol: string,
  suffix: string,
  knowsNamespaces: boolean,
): ExportAttributes | undefined {
  const type = sectionTypes.get(suffix)
  const at = elf.sections.indexOf(section)
  const inside = elf.symbols.filter((one) => one.section === at && one.name.startsWith(entryPrefix))
  const [own, name, namespace] = references(elf, section)
  if (
    !type ||
    inside.length !== 1 ||
    own?.symbol.name !== symbol ||
    own.added !== 0 ||
    !name ||
    stringOf(elf, name) !== symbol
  )
    return undefined
  if (!knowsNamespaces) return { type, namespace: undefined }
  const found = namespace ? stringOf(elf, namespace) : ''
  return found === undefined ? undefined : { type, namespace: found }
}

interface Reference {
  readonly at: number
  readonly symbol: ElfSymbol
  readonly added: number
}

/** What the relocations of a section refer to, in the order of the section. Source of the format: gabi, chapter 4. */
function references(elf: Elf, section: ElfSection): readonly Reference[] {
  const table = elf.sections.find(
    ({ name, type }) =>
      (type === withAddends && name === `.rela${section.name}`) ||
      (type === withoutAddends && name === `.rel${section.name}`),
  )
  if (!table) return []
  const step = elf.wide ? 8 : 4
  const size = table.type === withAddends ? 3 * step : 2 * step
  const found: Reference[] = []
  for (let entry = table.offset; entry + size <= table.offset + table.size; entry += size) {
    const at = elf.long(entry)
    const info = elf.long(entry + step)
    const symbol = elf.symbols[elf.wide ? Math.floor(info / 0x1_0000_0000) : info >>> 8]
    if (!symbol || at + 4 > section.size) return []
    const added = table.type === withAddends ? elf.long(entry + 2 * step) : elf.long(section.offset + at)
    found.push({ at, symbol, added })
  }
  return found.sort((a, b) => a.at - b.at)
}

/** The string that a reference leads to. */
function stringOf(elf: Elf, { symbol, added }: Reference): string | undefined {
  const section = elf.sections[symbol.section]
  return section && symbol.section !== 0 ? elf.string(section.offset + symbol.value + added) : undefined
}
