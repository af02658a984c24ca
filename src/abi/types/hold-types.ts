import { formatCrc } from '../export.ts'
import type { Problem } from '../../problem/problem.ts'
import { shownOf } from '../shown-of.ts'
import type { Recomputed } from './recompute.ts'

/**
 * What there is to say of types that somebody named, held against the checksums that stand beside them. Types of which no
 * checksum comes out are those of another kernel, `other-types`. Where only some do not, they do not explain these:
 * `types-incomplete`, a note.
 * @param beside whose checksums these are: "of the whitelist"
 */
export function typesProblems(
  { proven, different, missing }: Omit<Recomputed, 'proven'> & { readonly proven: { readonly size: number } },
  checksums: ReadonlyMap<string, number>,
  { file, beside }: { readonly file: string; readonly beside: string },
): readonly Problem[] {
  const place = { file }
  const all = `${checksums.size} checksums ${beside}`
  const others = [...different].map(
    ([symbol, { crc }]) =>
      `${symbol}: ${formatCrc(checksums.get(symbol) ?? 0)} ${beside}, ${crc === undefined ? 'none' : formatCrc(crc)} from the types`,
  )
  if (proven.size === 0 && checksums.size > 0) {
    const excerpt = shownOf(others.length > 0 ? others : missing)
    return [{ kind: 'other-types', message: `None of the ${all} comes out of these types.`, place, excerpt }]
  }
  const problems: Problem[] = []
  if (others.length > 0) {
    const message = `Of the ${all}, ${others.length} do not come out of these types. A change of these symbols is not explained.`
    problems.push({ kind: 'types-incomplete', message, place, excerpt: shownOf(others) })
  }
  if (missing.length > 0) {
    const message = `Of the ${all}, ${missing.length} are of symbols without types here. A change of these is not explained.`
    problems.push({ kind: 'types-incomplete', message, place, excerpt: shownOf(missing) })
  }
  return problems
}
