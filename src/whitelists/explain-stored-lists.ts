import type { VariantExplanation } from '../abi/explain/explainer.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { findStoredTypes } from '../baseline/find-stored-types.ts'
import { readBaselineOf } from '../baseline/read-baseline.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { explainLists } from '../explain/explain-variant.ts'
import type { Problem, Read } from '../problem/problem.ts'

/** A whitelist with its checksums, and where it was read. */
export interface SourcedList {
  readonly whitelist: Whitelist
  readonly source: WhitelistSource
}

/**
 * Explains the changed checksums between two whitelists from the types that are stored beside them; the value is undefined where neither
 * has any. Problems: `not-explained`, a note, where only one has, and for types that cannot be read.
 */
export async function explainStoredLists(
  variant: string,
  before: SourcedList,
  after: SourcedList,
): Promise<Read<VariantExplanation | undefined>> {
  const [typesBefore, typesAfter] = await Promise.all(
    [before, after].map(({ whitelist }) => findStoredTypes(whitelist.file)),
  )
  if (!typesBefore && !typesAfter) return { value: undefined, problems: [] }
  if (!typesBefore || !typesAfter) {
    const [which, { whitelist }] = typesBefore ? (['newer', after] as const) : (['older', before] as const)
    return { value: undefined, problems: [noTypes(variant, which, whitelist.file)] }
  }
  const [one, other] = [await readBaselineOf(before.source), await readBaselineOf(after.source)]
  return explainLists(
    variant,
    { whitelist: before.whitelist, unseen: one.value?.baseline.unseenBodies },
    { whitelist: after.whitelist, unseen: other.value?.baseline.unseenBodies },
  )
}

function noTypes(variant: string, which: 'older' | 'newer', file: string): Problem {
  return {
    kind: 'not-explained',
    variant,
    message: `Why the checksums changed is not told: no types are stored beside the ${which} list.`,
    place: { file },
    advice: 'Take them from the released commit with `kabi-gate whitelist enrich`.',
  }
}
