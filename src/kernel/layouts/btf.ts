/** The types of one file in the BPF type format, as far as structures need them. */
export interface Btf {
  /**
   * Every structure (`s#name`) or union (`u#name`) of that name, or those that a typedef (`t#name`) stands for: several when
   * the file holds several definitions.
   */
  readonly aggregates: (name: string) => readonly Aggregate[]
}

export interface Aggregate {
  /** In bytes. */
  readonly size: number
  /** The offset of each named member, in bits; those of unnamed structures and unions inside count as its own. */
  readonly members: ReadonlyMap<string, number>
}

const kinds = { struct: 4, union: 5, typedef: 8 } as const
/** volatile, const, restrict, tag of a type */
const qualifiers = [9, 10, 11, 18]

interface Type {
  readonly kind: number
  readonly name: number
  /** Bytes of a structure, or the number of another type. */
  readonly sizeOrType: number
  readonly at: number
  readonly members: number
  /** Offsets of members also tell the width of bit fields. */
  readonly wide: boolean
}

/**
 * Reads BTF of either byte order. Source of the format: Documentation/bpf/btf.rst of the kernel.
 * @returns undefined for what is damaged or not understood, and for a module's BTF, which needs that of vmlinux
 */
export function parseBtf(bytes: Uint8Array): Btf | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < 24) return undefined
  const little = view.getUint16(0, true) === 0xeb9f
  const word = (at: number): number => view.getUint32(at, little)
  if (view.getUint16(0, little) !== 0xeb9f || bytes[2] !== 1) return undefined
  const start = word(4)
  const [typesAt, typesEnd] = [start + word(8), start + word(8) + word(12)]
  const [stringsAt, stringsEnd] = [start + word(16), start + word(16) + word(20)]
  if (typesEnd > bytes.byteLength || stringsEnd > bytes.byteLength || stringsAt >= stringsEnd)
    return undefined
  // The strings of a whole file begin with an empty one; those of a module go on where vmlinux' end.
  if (bytes[stringsAt] !== 0 || bytes[stringsEnd - 1] !== 0) return undefined
  const types = readTypes(word, typesAt, typesEnd)
  if (!types) return undefined
  const nameOf = (offset: number): string | undefined => {
    if (stringsAt + offset >= stringsEnd) return undefined
    const from = stringsAt + offset
    return new TextDecoder().decode(bytes.subarray(from, bytes.indexOf(0, from)))
  }
  const byName = new Map<string, number[]>()
  for (const [id, { kind, name }] of types.entries()) {
    const prefix =
      kind === kinds.struct ? 's#' : kind === kinds.union ? 'u#' : kind === kinds.typedef ? 't#' : undefined
    if (prefix === undefined) continue
    const text = nameOf(name)
    if (text === undefined) return undefined
    byName.set(prefix + text, [...(byName.get(prefix + text) ?? []), id])
  }
  return {
    aggregates: (name) =>
      (byName.get(name) ?? []).flatMap((id) => {
        const members = new Map<string, number>()
        const type = target(types, id)
        return type && addMembers(type, 0, members, 0) ? [{ size: type.sizeOrType, members }] : []
      }),
  }

  function addMembers(type: Type, base: number, members: Map<string, number>, depth: number): boolean {
    if (depth > 64) return false
    for (let index = 0; index < type.members; index++) {
      const at = type.at + 12 + index * 12
      const offset = base + (type.wide ? word(at + 8) & 0xffffff : word(at + 8))
      const name = nameOf(word(at))
      if (name === undefined) return false
      if (name !== '') members.set(name, offset)
      else {
        const inner = target(types ?? [], word(at + 4))
        if (inner && !addMembers(inner, offset, members, depth + 1)) return false
      }
    }
    return true
  }
}

function readTypes(word: (at: number) => number, start: number, end: number): readonly Type[] | undefined {
  const types: Type[] = [{ kind: 0, name: 0, sizeOrType: 0, at: 0, members: 0, wide: false }]
  for (let at = start; at < end;) {
    if (at + 12 > end) return undefined
    const info = word(at + 4)
    const kind = (info >>> 24) & 0x1f
    const count = info & 0xffff
    const extra = extraBytes(kind, count)
    if (extra === undefined || at + 12 + extra > end) return undefined
    const aggregate = kind === kinds.struct || kind === kinds.union
    const wide = info >>> 31 === 1
    types.push({ kind, name: word(at), sizeOrType: word(at + 8), at, members: aggregate ? count : 0, wide })
    at += 12 + extra
  }
  return types
}

/** What follows the first twelve bytes of a type; undefined for a kind that is not known. */
function extraBytes(kind: number, count: number): number | undefined {
  switch (kind) {
    case 1: // integer
    case 14: // variable
    case 17: // tag of a declaration
      return 4
    case 3: // array
      return 12
    case 4: // structure
    case 5: // union
    case 15: // section
    case 19: // enumeration of 64 bits
      return count * 12
    case 6: // enumeration
    case 13: // parameters of a function
      return count * 8
    case 2: // pointer
    case 7: // declaration
    case 8: // typedef
    case 9: // volatile
    case 10: // const
    case 11: // restrict
    case 12: // function
    case 16: // floating point
    case 18: // tag of a type
      return 0
    default:
      return undefined
  }
}

/** The structure or union that a type is, behind typedefs and qualifiers. */
function target(types: readonly Type[], id: number): Type | undefined {
  let type = types[id]
  for (let steps = 0; type && steps < 64; steps++) {
    if (type.kind === kinds.struct || type.kind === kinds.union) return type
    if (type.kind !== kinds.typedef && !qualifiers.includes(type.kind)) return undefined
    type = types[type.sizeOrType]
  }
  return undefined
}
