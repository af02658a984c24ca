import type { How } from './evidence.ts'
import type { Export, Symvers } from './export.ts'

/** What a strategy computed, held against what a real build recorded. */
export interface Verification {
  readonly variant: string
  readonly against: string
  readonly how: How
  /** Symbols asked for. */
  readonly asked: number
  /** Symbols of which checksum, module, export type and namespace are the same on both sides. */
  readonly equal: number
  /** In the real build, not among the computed exports. */
  readonly missing: readonly Export[]
  /** Computed, not in the real build. */
  readonly surplus: readonly Export[]
  /** Asked for by name and exported by neither side. */
  readonly unknown: readonly string[]
  readonly different: readonly { readonly computed: Export; readonly recorded: Export }[]
}

/** True when everything that was asked for is there and the same. */
export function isExact({ asked, equal, surplus }: Verification): boolean {
  return asked > 0 && equal === asked && surplus.length === 0
}

/** Compares both sides symbol by symbol; a column that one side does not have is not compared. */
export function holdAgainst(
  recorded: Symvers,
  computed: Symvers,
  wanted: 'all' | ReadonlySet<string>,
): Omit<Verification, 'variant' | 'how'> {
  const asked = ({ symbol }: Export): boolean => wanted === 'all' || wanted.has(symbol)
  const ours = new Map(computed.exports.filter(asked).map((row) => [row.symbol, row]))
  const theirs = new Map(recorded.exports.filter(asked).map((row) => [row.symbol, row]))
  const names = wanted === 'all' ? new Set([...ours.keys(), ...theirs.keys()]) : wanted
  const missing: Export[] = []
  const surplus: Export[] = []
  const unknown: string[] = []
  const different: { computed: Export; recorded: Export }[] = []
  for (const name of [...names].sort()) {
    const our = ours.get(name)
    const their = theirs.get(name)
    if (our && their) {
      if (!same(our, their)) different.push({ computed: our, recorded: their })
    } else if (their) missing.push(their)
    else if (our) surplus.push(our)
    else unknown.push(name)
  }
  const equal = names.size - missing.length - surplus.length - unknown.length - different.length
  return { against: recorded.file, asked: names.size, equal, missing, surplus, unknown, different }
}

function same(a: Export, b: Export): boolean {
  const equal = <T>(left: T | undefined, right: T | undefined): boolean =>
    left === undefined || right === undefined || left === right
  return a.crc === b.crc && a.module === b.module && equal(a.type, b.type) && equal(a.namespace, b.namespace)
}
