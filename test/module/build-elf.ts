export interface ElfForm {
  readonly bits: 32 | 64
  readonly little: boolean
}

export const elfForms: readonly ElfForm[] = [
  { bits: 64, little: true },
  { bits: 64, little: false },
  { bits: 32, little: true },
  { bits: 32, little: false },
]

export interface BuiltSymbol {
  readonly name: string
  /** The name of its section; absent: undefined in this file. */
  readonly section?: string
  /** Offset in its section. */
  readonly value?: number
  readonly weak?: boolean
}

export interface BuiltSection {
  readonly name: string
  readonly content: Uint8Array
  readonly type?: number
  /** What its header says when that is not the length of the content. */
  readonly size?: number
}

export interface BuiltElf extends ElfForm {
  /** `e_machine`. */
  readonly machine?: number
  readonly sections: readonly BuiltSection[]
  readonly symbols?: readonly BuiltSymbol[]
}

/** Writes numbers in the byte order and word size of an ELF file. */
export function numbersIn({ bits, little }: ElfForm): {
  readonly half: (value: number) => Buffer
  readonly word: (value: number) => Buffer
  readonly long: (value: number) => Buffer
} {
  const number = (value: number, bytes: number): Buffer => {
    const buffer = Buffer.alloc(bytes)
    if (bytes === 8) {
      if (little) buffer.writeBigUInt64LE(BigInt(value))
      else buffer.writeBigUInt64BE(BigInt(value))
    } else if (little) buffer.writeUIntLE(value, 0, bytes)
    else buffer.writeUIntBE(value, 0, bytes)
    return buffer
  }
  return {
    half: (value) => number(value, 2),
    word: (value) => number(value, 4),
    long: (value) => number(value, bits / 8),
  }
}

/** A relocatable object by the System V ABI, with its section headers at the end, as linkers write it. */
export function buildElf({ bits, little, machine = 62, sections, symbols = [] }: BuiltElf): Buffer {
  const { half, word, long } = numbersIn({ bits, little })
  const wide = bits === 64
  const names = stringTable(symbols.map(({ name }) => name))
  const numberOf = new Map(sections.map(({ name }, index) => [name, index + 1]))
  const entries = symbols.map(({ name, section, value = 0, weak = false }) => {
    const at = word(names.at(name))
    const info = Buffer.from([weak ? 0x20 : section === undefined ? 0x10 : 0, 0])
    const home = half(section === undefined ? 0 : (numberOf.get(section) ?? 0xffff))
    return wide
      ? Buffer.concat([at, info, home, long(value), long(0)])
      : Buffer.concat([at, long(value), long(0), info, home])
  })
  const symbolTable = Buffer.concat([Buffer.alloc(wide ? 24 : 16), ...entries])
  const all: (BuiltSection & { readonly link?: number })[] = [
    ...sections,
    { name: '.symtab', content: symbolTable, type: 2, link: sections.length + 2 },
    { name: '.strtab', content: names.bytes, type: 3 },
  ]
  const sectionNames = stringTable([...all.map(({ name }) => name), '.shstrtab'])
  all.push({ name: '.shstrtab', content: sectionNames.bytes, type: 3 })
  const headerSize = wide ? 64 : 52
  const headers = [Buffer.alloc(wide ? 64 : 40)]
  let offset = headerSize
  for (const { name, content, type = 1, link = 0, size = content.length } of all) {
    headers.push(
      Buffer.concat([
        word(sectionNames.at(name)),
        word(type),
        ...[0, 0, offset, size].map(long),
        word(link),
        word(0),
        long(1),
        long(0),
      ]),
    )
    offset += content.length
  }
  const header = Buffer.concat([
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]),
    Buffer.alloc(9),
    half(1),
    half(machine),
    word(1),
    ...[0, 0, offset].map(long),
    word(0),
    ...[headerSize, 0, 0, wide ? 64 : 40, headers.length, headers.length - 1].map(half),
  ])
  return Buffer.concat([header, ...all.map(({ content }) => content), ...headers])
}

function stringTable(texts: readonly string[]): {
  readonly bytes: Buffer
  readonly at: (text: string) => number
} {
  const places = new Map<string, number>()
  let content = '\0'
  for (const text of texts) {
    if (places.has(text)) continue
    places.set(text, Buffer.byteLength(content))
    content += text + '\0'
  }
  return { bytes: Buffer.from(content), at: (text) => places.get(text) ?? 0 }
}
