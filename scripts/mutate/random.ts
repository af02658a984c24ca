import { createHash } from 'node:crypto'

/** Choices that follow from a text alone: the same seed makes the same ones on every machine. */
export interface Random {
  /** A whole number from 0 to before `end`. */
  readonly below: (end: number) => number
  /** Throws for an empty list. */
  readonly pick: <T>(list: readonly T[]) => T
  readonly shuffled: <T>(list: readonly T[]) => readonly T[]
}

/** Random numbers after mulberry32, which starts from the SHA-256 of the seed. */
export function randomFrom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE()
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (end: number): number => Math.floor((next() / 2 ** 32) * end)
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new Error('nothing to pick from')
    return list[below(list.length)] as T
  }
  const shuffled = <T>(list: readonly T[]): readonly T[] => {
    const copy = [...list]
    for (let at = copy.length - 1; at > 0; at--) {
      const other = below(at + 1)
      const moved = copy[at] as T
      copy[at] = copy[other] as T
      copy[other] = moved
    }
    return copy
  }
  return { below, pick, shuffled }
}
