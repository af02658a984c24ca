import type { Evidence } from '../abi/evidence.ts'
import type { Problem } from '../problem/problem.ts'
import type { SelectedRows } from '../abi/select-rows.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { nearest } from '../config/nearest.ts'
import type { VariantPlan } from '../config/plan.ts'
import type { CollectOptions } from '../kernel/collect.ts'
import { lookUpNames, unknownNameText } from './names/look-up-names.ts'

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
 * @param exported what the variants export, of which a mistyped name may be meant to be one
 */
export function namesProblems(
  names: Whitelist | undefined,
  selections: readonly Selection[],
  { allowAbsent }: { readonly allowAbsent: boolean },
  exported: readonly string[] = [],
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
      ...(allowAbsent ? { kind: 'left-out' } : { kind: 'not-exported', advice: absentAdvice }),
      message,
      excerpt: withNearest(nowhere, exported),
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

/**
 * The names that cannot be protected, told from the kernel's text before anything is built: an error, or nothing.
 * @param known names that are on a list already: whether they are still exported is for the comparison to say
 */
export async function unknownNames(
  names: Whitelist | undefined,
  known: ReadonlySet<string>,
  variants: readonly VariantPlan[],
  request: CollectOptions & { readonly source: string; readonly allowAbsent: boolean },
): Promise<readonly Problem[]> {
  const asked = new Set(names?.rows.map(({ symbol }) => symbol).filter((symbol) => !known.has(symbol)))
  if (!names || asked.size === 0 || request.allowAbsent) return []
  const unknown = [...(await lookUpNames(asked, variants, request))]
  if (unknown.length === 0) return []
  const rest = unknown.length - mostLines
  const count = unknown.length
  return [
    {
      kind: 'not-exported',
      message: `${count} of the names ${count === 1 ? 'is' : 'are'} not exported. This comes from the text of the sources; nothing was built.`,
      excerpt: [
        ...unknown.slice(0, mostLines).map(([name, why]) => unknownNameText(name, why)),
        ...(rest > 0 ? [`and ${rest} more`] : []),
      ],
      place: { file: names.file },
      advice: absentAdvice,
    },
  ]
}

const absentAdvice =
  'Correct or remove these names: a promise that no kernel keeps would fail every check. What another driver exports stands in the Module.symvers of that driver, not in the kernel’s. --allow-absent leaves them out.'
const unversionedAdvice =
  'Declare these symbols where genksyms finds them (asm-prototypes.h), or remove the names: they cannot be guarded.'

/** What some variants export. */
export function exportedBy(drafts: readonly { readonly evidence: Evidence }[]): readonly string[] {
  return [...new Set(drafts.flatMap(({ evidence }) => evidence.symvers.exports.map(({ symbol }) => symbol)))]
}

/** Lines of names, with those that were probably meant. */
export function withNearest(symbols: readonly string[], exported: readonly string[]): readonly string[] {
  const lines = symbols.slice(0, mostLines).map((symbol) => {
    const near = nearest(symbol, exported)
    return { text: near === undefined ? symbol : `${symbol}: did you mean ${near}?`, near }
  })
  if (lines.every(({ near }) => near === undefined)) return inLines(symbols)
  const rest = symbols.length - lines.length
  return [...lines.map(({ text }) => text), ...(rest > 0 ? [`and ${rest} more`] : [])]
}

function inLines(symbols: readonly string[]): readonly string[] {
  const lines: string[] = []
  for (let at = 0; at < symbols.length && lines.length < mostLines; at += namesPerLine) {
    lines.push(symbols.slice(at, at + namesPerLine).join(' '))
  }
  const rest = symbols.length - lines.length * namesPerLine
  return rest > 0 ? [...lines, `and ${rest} more`] : lines
}
