/** Texts of bytes, each kept once and numbered from 0. */
interface TextTable {
  readonly count: () => number
  /**
   * The number of a text that is a range of `bytes`; a new one is one more than the highest so far.
   * @param hash any number that equal texts share
   */
  readonly add: (bytes: Uint8Array, start: number, end: number, hash: number) => number
  readonly bytesOf: (text: number) => Uint8Array
}

/** Makes an empty table. It copies what it keeps, so the bytes may be anybody's afterwards. */
export function textTable(): TextTable {
  let arena = new Uint8Array(1 << 16)
  let used = 0
  let starts = new Int32Array(1 << 10)
  let hashes = new Int32Array(1 << 10)
  let slots = new Int32Array(1 << 11).fill(-1)
  let count = 0

  const holds = (text: number, bytes: Uint8Array, start: number, end: number, hash: number): boolean => {
    if (hashes[text] !== hash) return false
    const from = starts[text] ?? 0
    const length = end - start
    if ((starts[text + 1] ?? 0) - from !== length) return false
    for (let at = 0; at < length; at++) if (arena[from + at] !== bytes[start + at]) return false
    return true
  }
  const grow = (): void => {
    starts = resized(starts, starts.length * 2)
    hashes = resized(hashes, hashes.length * 2)
    slots = new Int32Array(slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let text = 0; text < count; text++) {
      let slot = spread(hashes[text] ?? 0) & mask
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask
      slots[slot] = text
    }
  }
  return {
    count: () => count,
    add: (bytes, start, end, hash) => {
      const wanted = hash | 0
      const mask = slots.length - 1
      let slot = spread(wanted) & mask
      for (let text = slots[slot] ?? -1; text >= 0; text = slots[slot] ?? -1) {
        if (holds(text, bytes, start, end, wanted)) return text
        slot = (slot + 1) & mask
      }
      if (used + end - start > arena.length) {
        const larger = new Uint8Array(Math.max(arena.length * 2, used + end - start))
        larger.set(arena)
        arena = larger
      }
      arena.set(bytes.subarray(start, end), used)
      slots[slot] = count
      hashes[count] = wanted
      starts[count] = used
      used += end - start
      starts[++count] = used
      if (count + 1 >= hashes.length) grow()
      return count - 1
    },
    bytesOf: (text) => arena.subarray(starts[text] ?? 0, starts[text + 1] ?? 0),
  }
}

/** A copy of the array in another size. */
export function resized(array: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const other = new Int32Array(size)
  other.set(array.length > size ? array.subarray(0, size) : array)
  return other
}

/** Lets all bits of a hash count in its lowest ones. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return mixed ^ (mixed >>> 15)
}
