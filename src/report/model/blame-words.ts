import type { Blame, OptionChange } from '../../abi/blame.ts'
import type { PatchLine, SourcePlace } from '../../abi/cause.ts'
import type { SymbolFinding } from '../../judge/finding.ts'
import { commitWords, patchText } from './explanation-words.ts'
import { counted } from '../words.ts'
import { join, say, text, type Words } from './span.ts'

/** Findings that come from the same lines. */
export interface BlamedFindings {
  /** Absent for those of which nothing is known. */
  readonly blame: Blame | undefined
  readonly findings: readonly SymbolFinding[]
}

/** Brings findings together that come from the same lines, in their order. */
export function byBlame(findings: readonly SymbolFinding[]): readonly BlamedFindings[] {
  const groups = new Map<string, { blame: Blame | undefined; findings: SymbolFinding[] }>()
  for (const finding of findings) {
    const { blame } = finding
    // Lines of the patch make one cause of all that they did, wherever each symbol is.
    const key = JSON.stringify(blame?.patch.length ? [blame.patch, blame.options] : blame)
    const group = groups.get(key)
    if (group) group.findings.push(finding)
    else groups.set(key, { blame, findings: [finding] })
  }
  return [...groups.values()]
}

/** The place to look at: the line of the patch that did it, else where the tree says it. */
export function blamePlace(blame: Blame | undefined): PatchLine | SourcePlace | undefined {
  return blame?.patch[0] ?? blame?.place
}

/** `drivers/net/Makefile:12`; empty where nothing is known. */
export function blamePlaceText(blame: Blame | undefined): string {
  const place = blamePlace(blame)
  return place ? `${place.file}:${place.line}` : ''
}

const mostLines = 3
const mostNames = 5

/** What made some findings, and which, in the texts of a report. */
export interface BlameItem {
  /** `drivers/net/Makefile:12`. */
  readonly place: string
  /** The line as a patch shows it; absent where only the place is known. */
  readonly line?: string
  /** Further lines and options, and the symbols. */
  readonly remark: Words
}

/** The lines that made findings, one item each set of lines; findings of which nothing is known are left out. */
export function blameItems(findings: readonly SymbolFinding[]): readonly BlameItem[] {
  return byBlame(findings).flatMap(({ blame, findings: some }): BlameItem[] => {
    const place = blamePlaceText(blame)
    if (!blame || place === '') return []
    const [first, ...others] = blame.patch
    const left = some.length - mostNames
    const names = join(
      some.slice(0, mostNames).map(({ symbol }) => text(symbol)),
      ', ',
    )
    const more = others
      .slice(0, mostLines)
      .map((line) => say`${text(`${line.file}:${line.line}`)} ${text(patchText(line))}`)
    const rest = others.length - more.length
    const commits = commitWords(blame.patch.slice(0, 1 + mostLines))
    const remark = join(
      [
        left > 0 ? say`${names} and ${left} more` : names,
        ...(blame.options ?? []).map(optionWords),
        more.length > 0 ? say`with ${join(more, ' and ')}` : '',
        rest > 0 ? `and ${counted(rest, 'more line')}` : '',
        commits.length > 0 ? say`commit ${commits}` : '',
      ],
      '; ',
    )
    return [{ place, ...(first ? { line: patchText(first) } : {}), remark }]
  })
}

/** `CONFIG_DUMMY: m → n`. */
function optionWords({ name, before, after }: OptionChange): Words {
  return say`${text(name)}: ${text(before)} → ${text(after)}`
}

/** The same in one sentence, for a report without room for a table. */
export function blameSentences(findings: readonly SymbolFinding[]): readonly Words[] {
  return blameItems(findings).map(({ place, line, remark }) =>
    line === undefined
      ? say`See ${text(place)}: ${remark}`
      : say`Because of ${text(place)}: ${text(line)} (${remark})`,
  )
}
