import type { Cause, CauseLayout } from '../abi/cause.ts'
import type { Evidence } from '../abi/evidence.ts'
import { breaksModules, type LayoutDifference } from '../abi/layouts/layout-change.ts'
import type { StableGuard } from '../judge/variant-case.ts'
import { roomFor } from './room-for.ts'

/** A variant whose types lie in memory in a known way, in the release and now. */
type LaidOut = Pick<StableGuard, 'layouts' | 'laidOut'>

/**
 * Makes a function that tells how the definition of a cause lies in memory, in the first of its variants where a module is wrong
 * about it, else in the first where that is known. A typedef and an enumerator have no layout of their own.
 */
export function causeLayouts(
  known: readonly { readonly guard: LaidOut; readonly evidence: Evidence }[],
): (cause: Pick<Cause, 'name' | 'reach'>) => CauseLayout | undefined {
  const byVariant = new Map(
    known.map(({ guard, evidence }) => {
      const changed = (guard.laidOut?.changed ?? []).flatMap((one) => [one, ...one.embedding])
      const differences = new Map(changed.map((one) => [one.name, one.differences]))
      return [evidence.variant, { guard, evidence, differences }]
    }),
  )
  return ({ name, reach }) => {
    // One that plays no part once others are reverted has no variants of its own.
    const variants = reach.length > 0 ? reach.map(({ variant }) => variant) : byVariant.keys()
    let first: CauseLayout | undefined
    for (const variant of variants) {
      const one = byVariant.get(variant)
      const layout = one && layoutOf(name, one)
      if (layout?.differences.some(breaksModules)) return layout
      first ??= layout
    }
    return first
  }
}

interface Compared {
  readonly guard: LaidOut
  readonly evidence: Evidence
  /** By name, of what changed. */
  readonly differences: ReadonlyMap<string, readonly LayoutDifference[]>
}

function layoutOf(name: string, { guard, evidence, differences: all }: Compared): CauseLayout | undefined {
  const { layouts, laidOut } = guard
  const now = evidence.layouts
  if (!layouts || !laidOut || !now || laidOut.unknown.has(name)) return undefined
  const differences = all.get(name) ?? []
  if (layouts.symbols.has(name) && now.symbols.has(name)) return { differences }
  const [before, after] = [layouts.types.get(name)?.value, now.types.get(name)?.value]
  if (!before || !after) return undefined
  const isMoving = differences.some(breaksModules)
  const room =
    isMoving && before.kind === 'struct' && after.kind === 'struct'
      ? roomFor({ before, after }, { before: layouts, after: now })
      : undefined
  return { sizeBefore: before.size, sizeAfter: after.size, differences, ...(room ? { room } : {}) }
}
