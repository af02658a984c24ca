/** The names of one text, each once and numbered from 0, so that names are compared as numbers afterwards. */
export interface NameTable {
  readonly count: () => number
  /** Where each name begins, and the byte after it. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Adds a name and gives its number; -1 less the number of the equal name when there is one already. */
  readonly add: (start: number, end: number, hash: number, tag: boolean) => number
  /** The number of a name, or -1. */
  readonly find: (start: number, end: number, hash: number, tag: boolean) => number
}

/**
 * Makes an empty table for names that are ranges of `bytes`; no string is made of any of them. With each goes a `hash`
 * that depends on its bytes alone, and whether it is a tag: a tag and another name of equal bytes are two names.
 * @param capacity the most names that will be added
 */
export function nameTable(bytes: Uint8Array, capacity: number): NameTable {
  const starts = new Int32Array(capacity)
  const ends = new Int32Array(capacity)
  const hashes = new Int32Array(capacity)
  const tags = new Uint8Array(capacity)
  const slots = new Int32Array(2 << Math.ceil(Math.log2(capacity + 1))).fill(-1)
  const mask = slots.length - 1
  let count = 0

  const holds = (name: number, start: number, end: number, hash: number, tag: boolean): boolean => {
    if (hashes[name] !== hash || tags[name] !== Number(tag)) return false
    const nameStart = starts[name] ?? 0
    const length = end - start
    if ((ends[name] ?? 0) - nameStart !== length) return false
    for (let at = 0; at < length; at++) if (bytes[nameStart + at] !== bytes[start + at]) return false
    return true
  }

  /** The slot with the name, or the free one where it belongs. */
  const slotOf = (start: number, end: number, hash: number, tag: boolean): number => {
    let slot = (tag ? ~hash : hash) & mask
    for (;;) {
      const name = slots[slot] ?? -1
      if (name < 0 || holds(name, start, end, hash, tag)) return slot
      slot = (slot + 1) & mask
    }
  }

  return {
    count: () => count,
    starts,
    ends,
    add: (start, end, hash, tag) => {
      const slot = slotOf(start, end, hash, tag)
      const earlier = slots[slot] ?? -1
      if (earlier >= 0) return -1 - earlier
      slots[slot] = count
      starts[count] = start
      ends[count] = end
      hashes[count] = hash
      tags[count] = Number(tag)
      return count++
    },
    find: (start, end, hash, tag) => slots[slotOf(start, end, hash, tag)] ?? -1,
  }
}
