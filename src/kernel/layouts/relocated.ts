import type { Elf, ElfSection } from '../../module/elf.ts'

/** The relocation that is a plain address of 32 bits, by machine: R_386_32, R_X86_64_32, R_AARCH64_ABS32 and so on. */
const plain: ReadonlyMap<number, number> = new Map([
  [3, 1],
  [20, 1],
  [21, 1],
  [22, 4],
  [40, 2],
  [62, 10],
  [183, 258],
  [243, 1],
  [258, 1],
])

const withAddends = 4
const withoutAddends = 9

/** Beyond the end of any section. */
const nowhere = 0xffff_ffff

/**
 * A section of debug information as a linker would leave it at address zero, as far as plain references of 32 bits go: those to
 * the other sections of debug information. References to code and data lead nowhere: no layout needs them, and the label of a
 * name may lie there only because a source gave a variable the name of the label.
 * Source of the format: System V ABI, chapter 4 (gabi).
 * @returns undefined for a machine that is not known, and where a relocation leads out of the section
 */
export function relocated(file: Uint8Array, elf: Elf, section: ElfSection): Uint8Array | undefined {
  const bytes = Uint8Array.from(file.subarray(section.offset, section.offset + section.size))
  const table = elf.sections.find(
    ({ name }) => name === `.rela${section.name}` || name === `.rel${section.name}`,
  )
  if (!table) return bytes
  const kind = plain.get(elf.machine)
  if (kind === undefined || (table.type !== withAddends && table.type !== withoutAddends)) return undefined
  const addends = table.type === withAddends
  const view = new DataView(bytes.buffer)
  const word = elf.wide ? 8 : 4
  const entry = word * (addends ? 3 : 2)
  for (let at = table.offset; at + entry <= table.offset + table.size; at += entry) {
    const place = elf.long(at)
    const [symbol, type] = infoAt(elf, at + word)
    if (type !== kind) continue
    if (place + 4 > bytes.length) return undefined
    const addend = addends ? elf.long(at + 2 * word) : view.getUint32(place, elf.little)
    const { section: home, value } = elf.symbols[symbol] ?? { section: 0, value: 0 }
    const inside = elf.sections[home]?.name.startsWith('.debug_')
    view.setUint32(place, inside ? (value + addend) >>> 0 : nowhere, elf.little)
  }
  return bytes
}

/** Number of the symbol and type of the relocation. */
function infoAt(elf: Elf, at: number): readonly [number, number] {
  if (!elf.wide) {
    const info = elf.word(at)
    return [info >>> 8, info & 0xff]
  }
  const [low, high] = elf.little ? [0, 4] : [4, 0]
  return [elf.word(at + high), elf.word(at + low)]
}
