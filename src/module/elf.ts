/** What the readers of objects and modules need of an ELF file. Nothing in it lies outside of the file. */
export interface Elf {
  readonly kind: 'elf'
  /** As in `e_machine`: 62 is x86-64. */
  readonly machine: number
  /** 64-bit. */
  readonly wide: boolean
  readonly sections: readonly ElfSection[]
  readonly symbols: readonly ElfSymbol[]
  /** The number of 32 bits at an offset of the file. */
  readonly word: (at: number) => number
  /** The number at an offset of the file that is as long as the machine's `unsigned long`. */
  readonly long: (at: number) => number
  /** The text from an offset of the file to the next zero byte before `end`; undefined when there is none. */
  readonly string: (at: number, end?: number) => string | undefined
}

export interface ElfSection {
  readonly name: string
  readonly type: number
  readonly offset: number
  /** Bytes in the file: none for a section that is only memory, such as `.bss`. */
  readonly size: number
  readonly link: number
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

const noBits = 8
const symbolTable = 2
const stringTable = 3

/**
 * Reads the headers and symbols of an ELF file of either class and byte order. What follows the sections, such as the
 * signature of a module, is not looked at. Source of the format: System V ABI, chapter 4 (gabi).
 */
export function openElf(file: Buffer): Elf | ElfFault {
  if (file.length < 6 || file.readUInt32BE(0) !== 0x7f454c46) return fault('is not an ELF file')
  const [, , , , bits = 0, order = 0] = file
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
    sections,
    symbols,
    word: numbers.word,
    long: numbers.long,
    string: (at, end = file.length) => stringAt(file, at, end),
  }
}

interface Numbers {
  readonly half: (at: number) => number
  readonly word: (at: number) => number
  readonly long: (at: number) => number
}

function numbersOf(file: Buffer, wide: boolean, little: boolean): Numbers {
  const half = (at: number): number => (little ? file.readUInt16LE(at) : file.readUInt16BE(at))
  const word = (at: number): number => (little ? file.readUInt32LE(at) : file.readUInt32BE(at))
  const long = (at: number): number => Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at))
  return { half, word, long: wide ? long : word }
}

function readSections(file: Buffer, { half, word, long }: Numbers, wide: boolean): ElfSection[] | ElfFault {
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
    }
  }
  // Numbers that do not fit into the file's header stand in the first section's.
  const first = header(0)
  const count = half(wide ? 60 : 48) || first.size
  if (start + count * entry > file.length) return fault('is cut off in its section headers')
  const namesIndex = half(wide ? 62 : 50)
  const headers = Array.from({ length: count }, (_, index) => header(index))
  const outside = headers.findIndex(
    ({ offset, size }, index) => index > 0 && size > 0 && offset + size > file.length,
  )
  if (outside >= 0) return fault(`is cut off: its section ${outside} ends beyond the end of the file`)
  const names = headers[namesIndex === 0xffff ? first.link : namesIndex]
  const sections: ElfSection[] = []
  for (const { nameAt, ...section } of headers) {
    const name = namesIndex === 0 ? '' : tableString(file, names, nameAt)
    if (name === undefined) return fault(`is damaged: its section ${sections.length} has no name`)
    sections.push({ name, ...section })
  }
  return sections
}

function readSymbols(
  file: Buffer,
  { half, word, long }: Numbers,
  wide: boolean,
  sections: readonly ElfSection[],
): ElfSymbol[] | ElfFault {
  const entry = wide ? 24 : 16
  const symbols: ElfSymbol[] = []
  for (const { type, offset, size, link } of sections) {
    if (type !== symbolTable) continue
    if (size % entry !== 0) return fault('is damaged: its symbol table ends within a symbol')
    for (let at = offset; at < offset + size; at += entry) {
      const name = tableString(file, sections[link], word(at))
      if (name === undefined) return fault('is damaged: a symbol has no name')
      symbols.push({
        name,
        binding: (file[at + (wide ? 4 : 12)] ?? 0) >> 4,
        section: half(at + (wide ? 6 : 14)),
        value: long(at + (wide ? 8 : 4)),
      })
    }
  }
  return symbols
}

/** A string of a string table; undefined when it does not begin and end there. */
function tableString(
  file: Buffer,
  table: Pick<ElfSection, 'type' | 'offset' | 'size'> | undefined,
  at: number,
): string | undefined {
  if (table?.type !== stringTable) return undefined
  return stringAt(file, table.offset + at, table.offset + table.size)
}

function stringAt(file: Buffer, start: number, end: number): string | undefined {
  const zero = start < end ? file.indexOf(0, start) : -1
  return zero >= 0 && zero < end ? file.toString('utf8', start, zero) : undefined
}

function fault(reason: string): ElfFault {
  return { kind: 'fault', reason }
}
