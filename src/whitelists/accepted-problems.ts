import type { UpdatePlan } from '../abi/plan-update.ts'
import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import type { Whitelist } from '../abi/whitelist.ts'

/** One variant's list before an update, and what the update does. */
interface PlannedUpdate {
  readonly list: { readonly whitelist: Whitelist }
  readonly plan: UpdatePlan
}

/**
 * The problems of the symbols whose changes were accepted: a name that stands on no list, such as a misspelt one or a
 * pattern, is `usage`; a symbol that nothing happened to is a note.
 */
export function acceptedProblems(
  accepted: ReadonlySet<string>,
  updates: readonly PlannedUpdate[],
): readonly Problem[] {
  const listed = new Set(updates.flatMap(({ list }) => list.whitelist.rows.map(({ symbol }) => symbol)))
  const touched = new Set(
    updates.flatMap(({ plan: { changed, removed, refused } }) =>
      [...changed, ...removed, ...refused].map(({ symbol }) => symbol),
    ),
  )
  return [...accepted].flatMap((symbol): readonly Problem[] => {
    if (!listed.has(symbol)) return [notListed(symbol)]
    if (touched.has(symbol)) return []
    const message = `${quote(symbol)} is the same as in the list, in every variant of this run.`
    return [{ kind: 'nothing-accepted', message }]
  })
}

function notListed(symbol: string): Problem {
  return {
    kind: 'usage',
    message: `--accept-changes ${quote(symbol)}: no whitelist of this run protects such a symbol.`,
    advice: 'Name each symbol as it stands in the list. There are no patterns, and no word for all of them.',
  }
}
