import { typePool } from '../abi/types/type-pool.ts'
import type { UpdatePlan } from '../abi/plan-update.ts'
import type { Problem } from '../problem/problem.ts'
import { readStoredTypes } from '../baseline/read-stored-types.ts'
import { otherList } from '../baseline/inspect-whitelist.ts'
import { rowsDigest } from '../baseline/list-records.ts'
import type { OwnList } from './read-own-list.ts'

/** Symbols that the problem shows. */
const mostShown = 20

/**
 * The problems of a list that is not the one that was written with the files beside it: an update would make the rows that it
 * lost its new promise. An update that was interrupted leaves such a list, too; the same update once more comes to the rows
 * that are recorded already, and mends it.
 */
export async function lostRows(
  { path, whitelist, baseline }: OwnList,
  { rows }: Pick<UpdatePlan, 'rows'>,
  accepted: ReadonlySet<string>,
): Promise<readonly Problem[]> {
  const records = baseline?.baseline.records
  if (baseline && records) return records.list === rowsDigest(rows) ? [] : otherList(whitelist, baseline)
  const { value: types } = await readStoredTypes(path, typePool())
  const promised = new Set(rows.map(({ symbol }) => symbol))
  const lost = (types?.objects ?? [])
    .flatMap(({ exports }) => exports)
    .filter((symbol) => !promised.has(symbol) && !accepted.has(symbol))
  if (lost.length === 0) return []
  const more = lost.length - mostShown
  return [
    {
      kind: 'types-differ',
      message: `The list lacks ${lost.length} of the symbols that have types beside it.`,
      place: { file: path },
      excerpt: [...lost.slice(0, mostShown), ...(more > 0 ? [`and ${more} more`] : [])],
      advice: 'Restore the list as it was committed. To take rows out of it, name them with --accept-changes.',
    },
  ]
}
