import { isSymbolName } from '../../abi/export.ts'
import { quote } from '../../problem/quote.ts'
import type { Elf, ElfFault } from '../../module/elf.ts'

const prefix = '__crc_'
const absolute = 0xfff1

/**
 * The checksums of the symbols that a module exports, in the order of its symbol table. Each stands in a symbol
 * `__crc_NAME`: until Linux 5.18 mostly as its value, else as the number that it points to (kernel/module and
 * include/linux/export-internal.h).
 */
export function exportChecksums(elf: Elf): ReadonlyMap<string, number> | ElfFault {
  const checksums = new Map<string, number>()
  for (const { name, section, value } of elf.symbols) {
    if (!name.startsWith(prefix) || section === 0) continue
    const symbol = name.slice(prefix.length)
    if (!isSymbolName(symbol)) return fault(`exports ${quote(symbol)}, which is no symbol`)
    const crc = section === absolute ? value : pointedTo(elf, section, value)
    if (crc === undefined || crc > 0xffffffff) {
      return fault(`is damaged: the checksum of its export ${quote(symbol)} is not in it`)
    }
    if (!checksums.has(symbol)) checksums.set(symbol, crc)
  }
  return checksums
}

function pointedTo({ sections, word }: Elf, section: number, value: number): number | undefined {
  const home = sections[section]
  return home && value + 4 <= home.size ? word(home.offset + value) : undefined
}

function fault(reason: string): ElfFault {
  return { kind: 'fault', reason }
}
