import { licenseTypes, type ExportAttributes } from './export-attributes.ts'

/**
 * Lists the exports of an object of Linux 6.4 or later: each is a symbol `__export_symbol_NAME` that stands before two
 * strings, license and namespace (include/linux/export.h). Source of the format: System V ABI, ELF.
 * @returns undefined for what is no ELF file, and for one with an export that is not understood
 */
export function elfExports(file: Buffer): ReadonlyMap<string, ExportAttributes> | undefined {
  const elf = openElf(file)
  if (!elf) return undefined
  const exports = new Map<string, ExportAttributes>()
  for (const table of elf.sections) {
    if (table.type !== symbolTable) continue
    const names = elf.sections[table.link]
    for (let at = table.offset; at + elf.symbolSize <= table.offset + table.size; at += elf.symbolSize) {
      const symbol = elf.symbol(at)
      const name = names ? stringAt(file, names.offset + symbol.name) : ''
      if (!name.startsWith(prefix)) continue
      const home = elf.sections[symbol.section]
      if (!home) return undefined
      const start = home.offset + symbol.value
      const license = stringAt(file, start)
      const type = licenseTypes.get(license)
      if (!type) return undefined
      exports.set(name.slice(prefix.length), { type, namespace: stringAt(file, start + license.length + 1) })
    }
  }
  return exports
}

const prefix = '__export_symbol_'
const symbolTable = 2

interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  readonly link: number
}

interface Elf {
  readonly sections: readonly Section[]
  readonly symbolSize: number
  readonly symbol: (at: number) => { readonly name: number; readonly section: number; readonly value: number }
}

function openElf(file: Buffer): Elf | undefined {
  if (file.length < 52 || file.readUInt32BE(0) !== 0x7f454c46) return undefined
  const wide = file[4] === 2
  const little = file[5] === 1
  const half = (at: number): number => (little ? file.readUInt16LE(at) : file.readUInt16BE(at))
  const word = (at: number): number => (little ? file.readUInt32LE(at) : file.readUInt32BE(at))
  const long = (at: number): number => {
    if (!wide) return word(at)
    return Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at))
  }
  const first = long(wide ? 40 : 32)
  const size = half(wide ? 58 : 46)
  const count = half(wide ? 60 : 48)
  // Of a file with too many sections for this field, the number stands elsewhere.
  if (count === 0) return undefined
  const sections: Section[] = []
  for (let index = 0; index < count; index++) {
    const at = first + index * size
    sections.push({
      type: word(at + 4),
      offset: long(at + (wide ? 24 : 16)),
      size: long(at + (wide ? 32 : 20)),
      link: word(at + (wide ? 40 : 24)),
    })
  }
  return {
    sections,
    symbolSize: wide ? 24 : 16,
    symbol: (at) => ({
      name: word(at),
      section: half(at + (wide ? 6 : 14)),
      value: long(at + (wide ? 8 : 4)),
    }),
  }
}

function stringAt(file: Buffer, start: number): string {
  return file.toString('utf8', start, file.indexOf(0, start))
}
