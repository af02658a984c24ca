/** What the readers of objects and modules need of an ELF file. Nothing in it lies outside of the file. */
export interface Elf {
  readonly kind: 'elf'
  /** As in `e_machine`: 62 is x86-64. */
  readonly machine: number
  /** 64-bit. */
  readonly wide: boolean
  /** Little endian. */
  readonly little: boolean
  /** An object that no linker has put together yet. */
  readonly relocatable: boolean
  readonly sections: readonly ElfSection[]
  readonly symbols: readonly ElfSymbol[]
  /** The number of 32 bits at an offset of the file. */
  readonly word: (at: number) => number
  /** The number at an offset of the file that is as long as the machine's `unsigned long`. */
  readonly long: (at: number) => number
  /** The text from an offset of the file to the next zero byte before `end`; undefined when there is none. */
  readonly string: (at: number, end?: number) => string | undefined
  /** The texts of a section, each with a zero byte behind it; undefined when the last one has none. */
  readonly strings: (section: ElfSection) => readonly string[] | undefined
}

export interface ElfSection {
  readonly name: string
  readonly type: number
  readonly offset: number
  /** Bytes in the file: none for a section that is only memory, such as `.bss`. */
  readonly size: number
  readonly link: number
  /** Its content begins with a header that tells how it is compressed. */
  readonly compressed: boolean
}

export interface ElfSymbol {
  readonly name: string
  readonly binding: number
  /** Number of the section that defines it; 0 for a symbol that another file defines. */
  readonly section: number
  readonly value: number
}

/** Why a file is not read as ELF, worded to follow its name: "is cut off". */
export interface ElfFault {
  readonly kind: 'fault'
  readonly reason: string
}

const relocatable = 1
const compressed = 0x800
const noBits = 8
const symbolTable = 2
const stringTable = 3

/** The largest drivers of Linux have about a tenth. */
const mostSymbols = 1 << 20

/**
 * Reads the headers and symbols of an ELF file of either class and byte order. What follows the sections, such as the
 * signature of a module, is not looked at. Source of the format: System V ABI, chapter 4 (gabi).
 */
export function openElf(file: Uint8Array): Elf | ElfFault {
  const [first, second, third, fourth, bits = 0, order = 0] = file
  const magic = first === 0x7f && second === 0x45 && third === 0x4c && fourth === 0x46
  if (!magic || file.length < 6) return fault('is not an ELF file')
  if (bits < 1 || bits > 2 || order < 1 || order > 2) return fault('is an ELF file of an unknown form')
  const wide = bits === 2
  const numbers = numbersOf(file, wide, order === 1)
  if (file.length < (wide ? 64 : 52)) return fault('is cut off in its ELF header')
  const sections = readSections(file, numbers, wide)
  if ('kind' in sections) return sections
  const symbols = readSymbols(file, numbers, wide, sections)
  if ('kind' in symbols) return symbols
  return {
    kind: 'elf',
    machine: numbers.half(18),
    wide,
    little: order === 1,
    relocatable: numbers.half(16) === relocatable,
    sections,
    symbols,
    word: numbers.word,
    long: numbers.long,
    string: (at, end = file.length) => stringAt(file, at, end),
    strings: (section) => stringsOf(file, section),
  }
}

interface Numbers {
  readonly half: (at: number) => number
  readonly word: (at: number) => number
  readonly long: (at: number) => number
}

function numbersOf(file: Uint8Array, wide: boolean, little: boolean): Numbers {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const half = (at: number): number => view.getUint16(at, little)
  const word = (at: number): number => view.getUint32(at, little)
  const [low, high] = little ? [0, 4] : [4, 0]
  const long = (at: number): number => word(at + high) * 0x1_0000_0000 + word(at + low)
  return { half, word, long: wide ? long : word }
}

function readSections(
  file: Uint8Array,
  { half, word, long }: Numbers,
  wide: boolean,
): ElfSection[] | ElfFault {
  const start = long(wide ? 40 : 32)
  const entry = wide ? 64 : 40
  if (start === 0) return []
  if (half(wide ? 58 : 46) !== entry) return fault('has section headers of an unknown size')
  if (start + entry > file.length) return fault('is cut off before its section headers')
  const header = (index: number): Omit<ElfSection, 'name'> & { readonly nameAt: number } => {
    const at = start + index * entry
    const type = word(at + 4)
    return {
      nameAt: word(at),
      type,
      offset: long(at + (wide ? 24 : 16)),
      size: type === noBits ? 0 : long(at + (wide ? 32 : 20)),
      link: word(at + (wide ? 40 : 24)),
      compressed: (long(at + 8) & compressed) !== 0,
    }
  }
  // Numbers that do not fit into the file's header stand in the first section's, which is no section otherwise.
  const first = header(0)
  const count = half(wide ? 60 : 48) || first.size
  if (start + count * entry > file.length) return fault('is cut off in its section headers')
  const namesIndex = half(wide ? 62 : 50)
  const headers = Array.from({ length: count }, (_, index) =>
    index === 0 ? { ...first, type: 0, offset: 0, size: 0 } : header(index),
  )
  const outside = headers.findIndex(({ offset, size }) => size > 0 && offset + size > file.length)
  if (outside >= 0) return fault(`is cut off: its section ${outside} ends beyond the end of the file`)
  const nameOf = namesIn(file, headers[namesIndex === 0xffff ? first.link : namesIndex])
  const sections: ElfSection[] = []
  for (const { nameAt, ...section } of headers) {
    const name = namesIndex === 0 ? '' : nameOf(nameAt)
    if (name === undefined) return fault(`is damaged: its section ${sections.length} has no name`)
    sections.push({ name, ...section })
  }
  return sections
}

function readSymbols(
  file: Uint8Array,
  { half, word, long }: Numbers,
  wide: boolean,
  sections: readonly ElfSection[],
): ElfSymbol[] | ElfFault {
  const entry = wide ? 24 : 16
  const [table, second] = sections.filter(({ type }) => type === symbolTable)
  if (!table) return []
  if (second) return fault('is damaged: it has two symbol tables')
  const { offset, size, link } = table
  if (size % entry !== 0) return fault('is damaged: its symbol table ends within a symbol')
  if (size / entry > mostSymbols) return fault('has more symbols than any driver')
  const nameOf = namesIn(file, sections[link])
  const symbols: ElfSymbol[] = []
  for (let at = offset; at < offset + size; at += entry) {
    const name = nameOf(word(at))
    if (name === undefined) return fault('is damaged: a symbol has no name')
    symbols.push({
      name,
      binding: (file[at + (wide ? 4 : 12)] ?? 0) >> 4,
      section: half(at + (wide ? 6 : 14)),
      value: long(at + (wide ? 8 : 4)),
    })
  }
  return symbols
}

/**
 * Reads names of a string table, by their places there; undefined for what is none. Names may share their ends, but
 * so much of a table is never read that a file made for it could take all memory.
 */
function namesIn(
  file: Uint8Array,
  table: Pick<ElfSection, 'type' | 'offset' | 'size'> | undefined,
): (at: number) => string | undefined {
  const end = table ? table.offset + table.size : 0
  if (table?.type !== stringTable || file[end - 1] !== 0) return () => undefined
  let left = 16 * file.length
  return (at) => {
    const name = left > 0 ? stringAt(file, table.offset + at, end) : undefined
    left -= name?.length ?? 0
    return name
  }
}

/** Nearly every text is a short one in ASCII, for which the decoder is several times slower. */
const shortText = 100
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function stringAt(file: Uint8Array, start: number, end: number): string | undefined {
  let text = ''
  for (let at = start; at < end; at++) {
    const code = file[at]
    if (code === 0) return text
    if (code === undefined) return undefined
    if (code > 127 || at - start > shortText) {
      const zero = file.indexOf(0, at)
      return zero >= 0 && zero < end ? decoder.decode(file.subarray(start, zero)) : undefined
    }
    text += String.fromCharCode(code)
  }
  return undefined
}

function stringsOf(file: Uint8Array, { offset, size }: ElfSection): readonly string[] | undefined {
  const content = file.subarray(offset, offset + size)
  if (size > 0 && content.at(-1) !== 0) return undefined
  return decoder.decode(content).split('\0').slice(0, -1)
}

function fault(reason: string): ElfFault {
  return { kind: 'fault', reason }
}
