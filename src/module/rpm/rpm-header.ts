/** Why bytes are no package, worded to follow the file's name: "is cut off". */
export interface RpmFault {
  readonly kind: 'fault'
  readonly reason: string
}

/** One header structure: values by tag. */
export interface RpmHeader {
  readonly kind: 'header'
  /** Where the bytes after it begin. */
  readonly end: number
  /** A string, or each string of a list; none when the tag is absent. */
  readonly strings: (tag: number) => readonly string[] | RpmFault
  /** The bytes of a tag; none when it is absent. */
  readonly blob: (tag: number) => Uint8Array | RpmFault
  /** The 32-bit numbers of a tag; none when it is absent. */
  readonly numbers: (tag: number) => readonly number[] | RpmFault
}

interface Entry {
  readonly type: number
  readonly offset: number
  readonly count: number
}

/** As many tags, and as many bytes of values, as rpm itself accepts (lib/header.c). */
const mostEntries = 0xffff
const mostBytes = 256 * 1024 * 1024

/** Values of one tag; a hundred times the dependencies of a kernel package. */
const mostValues = 2_000_000

const int32 = 4
const binary = 7
const stringTypes: ReadonlySet<number> = new Set([6, 8, 9])

/**
 * Reads the header structure that begins at an offset of a package. Every size is checked against the file before it
 * is used. Source of the format: docs/manual/format_header.md of rpm.
 */
export function readRpmHeader(bytes: Uint8Array, at: number): RpmHeader | RpmFault {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (at + 16 > bytes.length) return rpmFault('is cut off before a header')
  if (view.getUint32(at) !== 0x8eade801) return rpmFault('is damaged: a header does not begin as one')
  const [count, size] = [view.getUint32(at + 8), view.getUint32(at + 12)]
  if (count > mostEntries || size > mostBytes) return rpmFault('is damaged: a header is too large')
  const store = at + 16 + count * 16
  const end = store + size
  if (end > bytes.length) return rpmFault('is cut off in a header')
  const entries = new Map<number, Entry>()
  for (let entry = at + 16; entry < store; entry += 16) {
    const [tag, type, offset, values] = [0, 4, 8, 12].map((field) => view.getUint32(entry + field))
    if (tag === undefined || type === undefined || offset === undefined || values === undefined) continue
    if (offset > size || values > mostValues)
      return rpmFault(`is damaged: the values of tag ${tag} are not in its header`)
    if (!entries.has(tag)) entries.set(tag, { type, offset: store + offset, count: values })
  }
  return {
    kind: 'header',
    end,
    strings: (tag) => {
      const entry = entries.get(tag)
      return entry ? readStrings(bytes, entry, tag, end) : []
    },
    blob: (tag) => {
      const entry = entries.get(tag)
      if (!entry) return new Uint8Array()
      const { type, offset, count: length } = entry
      return type === binary && offset + length <= end
        ? bytes.subarray(offset, offset + length)
        : damagedTag(tag)
    },
    numbers: (tag) => {
      const entry = entries.get(tag)
      if (!entry) return []
      const { type, offset, count: values } = entry
      if (type !== int32 || offset + values * 4 > end) return damagedTag(tag)
      return Array.from({ length: values }, (_, index) => view.getUint32(offset + index * 4))
    },
  }
}

function readStrings(
  bytes: Uint8Array,
  { type, offset, count }: Entry,
  tag: number,
  end: number,
): readonly string[] | RpmFault {
  if (!stringTypes.has(type)) return damagedTag(tag)
  const decoder = new TextDecoder()
  const area = bytes.subarray(0, end)
  const texts: string[] = []
  let start = offset
  for (let index = 0; index < count; index++) {
    const zero = area.indexOf(0, start)
    if (zero < 0) return damagedTag(tag)
    texts.push(decoder.decode(area.subarray(start, zero)))
    start = zero + 1
  }
  return texts
}

function damagedTag(tag: number): RpmFault {
  return rpmFault(`is damaged: the values of tag ${tag} are not what they should be`)
}

export function rpmFault(reason: string): RpmFault {
  return { kind: 'fault', reason }
}
