import type { Problem } from '../problem/problem.ts'
import type { SelectedRows } from '../abi/select-rows.ts'
import type { Whitelist } from '../abi/whitelist.ts'

/** Names on one line of an excerpt, and lines of it. */
const namesPerLine = 4
const mostLines = 25

/** What the variants of a run have of the symbols wanted. */
type Selection = Pick<SelectedRows, 'absent' | 'unversioned'>

/**
 * The problems of symbols that shall be protected and cannot be: names that no variant exports, unless absent ones are
 * allowed, and names that a variant exports without a checksum. Of a run that protects every export, those without a
 * checksum are left out: a note.
 * @param names the list that was given; absent: every export is wanted
 */
export function namesProblems(
  names: Whitelist | undefined,
  selections: readonly Selection[],
  { allowAbsent }: { readonly allowAbsent: boolean },
): readonly Problem[] {
  const [first, ...others] = selections.map(({ absent }) => absent)
  const elsewhere = others.map((absent) => new Set(absent))
  const nowhere = first?.filter((symbol) => elsewhere.every((absent) => absent.has(symbol))) ?? []
  const unversioned = [...new Set(selections.flatMap((selection) => selection.unversioned))]
  const place = names && { place: { file: names.file } }
  const problems: Problem[] = []
  if (nowhere.length > 0) {
    const who = selections.length === 1 ? 'The build does not export' : 'No variant of this run exports'
    const message = `${who} ${nowhere.length} of the names.`
    problems.push({
      ...(allowAbsent ? { kind: 'left-out' } : { kind: 'no-checksum', advice: absentAdvice }),
      message,
      excerpt: inLines(nowhere),
      ...place,
    })
  }
  if (unversioned.length > 0) {
    problems.push({
      ...(names ? { kind: 'no-checksum', advice: unversionedAdvice } : { kind: 'left-out' }),
      message: `The build has no checksum, only zero, for ${unversioned.length} of the symbols.`,
      excerpt: inLines(unversioned),
      ...place,
    })
  }
  return problems
}

const absentAdvice =
  'Correct or remove these names: a promise that no kernel keeps would fail every check. --allow-absent leaves them out.'
const unversionedAdvice =
  'Declare these symbols where genksyms finds them (asm-prototypes.h), or remove the names: they cannot be guarded.'

function inLines(symbols: readonly string[]): readonly string[] {
  const lines: string[] = []
  for (let at = 0; at < symbols.length && lines.length < mostLines; at += namesPerLine) {
    lines.push(symbols.slice(at, at + namesPerLine).join(' '))
  }
  const rest = symbols.length - lines.length * namesPerLine
  return rest > 0 ? [...lines, `and ${rest} more`] : lines
}
