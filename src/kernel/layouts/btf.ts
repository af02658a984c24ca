import { DebugFault, type NoTypes } from './debug-types.ts'

/** The records of one file in the BPF type format. */
export interface Btf {
  readonly kind: 'btf'
  /** Types are numbered from 1 to this. */
  readonly last: number
  /** @throws DebugFault for a number that no type has */
  readonly type: (id: number) => BtfType
  /** @throws DebugFault for a place where no name is */
  readonly text: (offset: number) => string
  /** The 32 bits at a place of the file. */
  readonly word: (at: number) => number
}

export interface BtfType {
  readonly id: number
  readonly kind: number
  /** Where its name stands among the texts. */
  readonly name: number
  /** Members, values or parameters. */
  readonly count: number
  /** `kind_flag`: of a structure, members tell the width of bit-fields; of an enumeration, its values have a sign. */
  readonly flag: boolean
  /** Bytes of a structure, or the number of another type. */
  readonly sizeOrType: number
  /** Where what follows the first twelve bytes begins. */
  readonly at: number
}

export const btfKind = {
  integer: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  forward: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  function: 12,
  prototype: 13,
  variable: 14,
  section: 15,
  float: 16,
  tagOfDeclaration: 17,
  tagOfType: 18,
  enum64: 19,
} as const

const magic = 0xeb9f
const headerSize = 24

/** `BTF_MAX_TYPE` of the kernel's `include/uapi/linux/btf.h`. */
const mostTypes = 0xf_ffff

/** True for the first bytes of a file in the BPF type format, of either byte order. */
export function isBtf(bytes: Uint8Array): boolean {
  return (bytes[0] === 0x9f && bytes[1] === 0xeb) || (bytes[0] === 0xeb && bytes[1] === 0x9f)
}

/**
 * Reads BTF of either byte order that stands alone, as that of vmlinux does; that of a module goes on where vmlinux' ends. Types and
 * names have to be all that there is: what a source adds to the section would come from somebody else.
 * Source of the format: Documentation/bpf/btf.rst of the kernel.
 */
export function openBtf(bytes: Uint8Array): Btf | NoTypes {
  if (!isBtf(bytes)) return fault('it does not begin as BTF does')
  if (bytes.byteLength < headerSize) return fault('it is cut off in its header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = view.getUint16(0, true) === magic
  const word = (at: number): number => view.getUint32(at, little)
  if (bytes[2] !== 1) return fault(`its version is ${bytes[2] ?? 0}, and not 1`)
  const start = word(4)
  const [typesAt, typesEnd] = [start + word(8), start + word(8) + word(12)]
  const [textsAt, textsEnd] = [start + word(16), start + word(16) + word(20)]
  if (typesEnd > bytes.byteLength || textsEnd > bytes.byteLength) return fault('it is cut off')
  // A linker may fill up the section, with zeros.
  const isEnd = bytes.subarray(textsEnd).every((byte) => byte === 0)
  const isWhole = start >= headerSize && typesAt === start && typesEnd === textsAt && isEnd
  if (!isWhole) return fault('its types and names are not all that it has')
  // The names of a whole file begin with an empty one; those of a module go on where vmlinux' end.
  if (textsAt === textsEnd || bytes[textsAt] !== 0)
    return fault('it is that of a module, which is not understood without that of vmlinux')
  if (bytes[textsEnd - 1] !== 0) return fault('its last name has no end')
  const places = placesOf(word, typesAt, typesEnd)
  if (typeof places === 'string') return fault(places)
  const names = new Map<number, string>()
  return {
    kind: 'btf',
    last: places.length,
    type: (id) => typeAt(word, id, places[id - 1]),
    text: (offset) => {
      const known = names.get(offset)
      if (known !== undefined) return known
      const from = textsAt + offset
      if (from >= textsEnd) throw new DebugFault('it is damaged: a name lies outside')
      const name = decoder.decode(bytes.subarray(from, bytes.indexOf(0, from)))
      names.set(offset, name)
      return name
    },
    word,
  }
}

const decoder = new TextDecoder()

function fault(why: string): NoTypes {
  return { kind: 'fault', reason: `has BTF that is not understood: ${why}` }
}

function typeAt(word: Btf['word'], id: number, at: number | undefined): BtfType {
  if (at === undefined) throw new DebugFault(`it is damaged: there is no type ${id}`)
  const info = word(at + 4)
  return {
    id,
    kind: (info >>> 24) & 0x1f,
    name: word(at),
    count: info & 0xffff,
    flag: info >>> 31 === 1,
    sizeOrType: word(at + 8),
    at: at + 12,
  }
}

/** Where each type begins; or why that is not known. */
function placesOf(word: Btf['word'], start: number, end: number): readonly number[] | string {
  const places: number[] = []
  for (let at = start; at < end;) {
    if (at + 12 > end) return 'it is cut off within a type'
    const info = word(at + 4)
    const kind = (info >>> 24) & 0x1f
    const extra = extraBytes(kind, info & 0xffff)
    if (extra === undefined) return `it has a type of the kind ${kind}, which is not known`
    if (at + 12 + extra > end) return 'it is cut off within a type'
    if (places.push(at) > mostTypes) return `it has more than ${mostTypes} types`
    at += 12 + extra
  }
  return places
}

/** What follows the first twelve bytes of a type; undefined for a kind that is not known. */
function extraBytes(kind: number, count: number): number | undefined {
  switch (kind) {
    case btfKind.integer:
    case btfKind.variable:
    case btfKind.tagOfDeclaration:
      return 4
    case btfKind.array:
      return 12
    case btfKind.struct:
    case btfKind.union:
    case btfKind.section:
    case btfKind.enum64:
      return count * 12
    case btfKind.enum:
    case btfKind.prototype:
      return count * 8
    case btfKind.pointer:
    case btfKind.forward:
    case btfKind.typedef:
    case btfKind.volatile:
    case btfKind.const:
    case btfKind.restrict:
    case btfKind.function:
    case btfKind.float:
    case btfKind.tagOfType:
      return 0
    default:
      return undefined
  }
}
