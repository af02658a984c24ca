import type { Cause, CauseLayout } from '../abi/cause.ts'
import type { Evidence } from '../abi/evidence.ts'
import { breaksModules } from '../abi/layouts/layout-change.ts'
import type { StableGuard } from '../judge/variant-case.ts'
import { roomFor } from './room-for.ts'

/** A variant whose types lie in memory in a known way, in the release and now. */
type LaidOut = Pick<StableGuard, 'layouts' | 'laidOut'>

/**
 * Makes a function that tells how the definition of a cause lies in memory, in the first of its variants where that is known. A
 * typedef and an enumerator have no layout of their own.
 */
export function causeLayouts(
  known: readonly { readonly guard: LaidOut; readonly evidence: Evidence }[],
): (cause: Pick<Cause, 'name' | 'reach'>) => CauseLayout | undefined {
  const byVariant = new Map(known.map((one) => [one.evidence.variant, one]))
  return ({ name, reach }) => {
    // One that plays no part once others are reverted has no variants of its own.
    const variants = reach.length > 0 ? reach.map(({ variant }) => variant) : byVariant.keys()
    for (const variant of variants) {
      const one = byVariant.get(variant)
      const layout = one && layoutOf(name, one.guard, one.evidence)
      if (layout) return layout
    }
    return undefined
  }
}

function layoutOf(name: string, { layouts, laidOut }: LaidOut, evidence: Evidence): CauseLayout | undefined {
  const now = evidence.layouts
  if (!layouts || !laidOut || !now || laidOut.unknown.has(name)) return undefined
  const all = laidOut.changed.flatMap((one) => [one, ...one.embedding])
  const differences = all.find((one) => one.name === name)?.differences ?? []
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
