import type { Cause, Change, FixEdit, PatchLine, ReservedFields } from '../../abi/cause.ts'
import { reservedAndUsed, reservedBytes } from '../../abi/kabi-macros.ts'
import { definitionTitle } from '../../abi/explain/definition-title.ts'
import { movesNothing } from '../../judge/severity-of-changed.ts'
import { unexplainedSymbols, type CauseView, type Explained, type Risk } from './explained.ts'
import { changeTexts } from './change-texts.ts'
import { counted, partOfVariants } from '../words.ts'
import { code, join, say, text, type Words } from './span.ts'
import { variantsInWords } from './variant-words.ts'

/** What a change means for drivers, in a few words. */
export const riskWords: Readonly<Record<Risk, string>> = {
  breaks: 'breaks drivers',
  'may-break': 'may break drivers',
  'usually-harmless': 'usually harmless',
}

/**
 * How many symbols changed because of how many definitions, and what reverting these repairs: the sentence that stands
 * above all causes, without its full stop. In a report about some types, what these have to do with it.
 */
export function causesSentence(explained: Explained): Words {
  const { explanation, causes } = explained
  const { changed, repair, asked } = explanation
  if (asked) return askedSentence(explained, asked)
  if (causes.length === 0) {
    return [
      `${counted(changed, 'protected symbol')} changed, and no definition was found that explains ${changed === 1 ? 'it' : 'them'}`,
    ]
  }
  const restored = repair.at(-1)?.restored ?? 0
  const because = `because of ${counted(causes.length, 'definition')}${movingWords(causes)}`
  const what =
    restored < changed
      ? `${counted(changed, 'protected symbol')} changed, ${restored} of them ${because}`
      : `${counted(changed, 'protected symbol')} changed ${because}`
  return say`${what}${repairWords(explained)}`
}

/** `, 33 of which move memory`; empty where the layout of none is known. */
function movingWords(causes: readonly CauseView[]): string {
  const known = causes.filter(({ cause }) => cause.layout !== undefined)
  const moving = known.filter(({ cause }) => !movesNothing(cause)).length
  if (known.length === 0) return ''
  if (causes.length === 1) return moving === 1 ? ', which moves memory' : ', which moves nothing in memory'
  return `, ${moving === 0 ? 'none' : moving} of which ${moving === 1 ? 'moves' : 'move'} memory`
}

function repairWords(explained: Explained): Words {
  const { repair } = explained.explanation
  const [first] = repair
  if (!first) return []
  const titles = first.causes.flatMap((id) => explained.byId.get(id)?.title ?? [])
  const names = titles.length > 3 ? say`${titles.length} of them` : join(titles.map(text), ' and ')
  if (repair.length === 1)
    return say`; reverting ${titles.length > 3 ? 'them' : names} fixes ${allOf(explained)}`
  return say`; reverting ${names}${titles.length === 1 ? ' alone' : ''} fixes ${first.restored}, ${allWords(explained)}`
}

/** What reverting everything that matters repairs. */
function allWords(explained: Explained): string {
  const { repair } = explained.explanation
  const all = new Set(repair.flatMap(({ causes }) => causes)).size
  return `reverting all ${all} fixes ${allOf(explained)}`
}

function allOf({ explanation: { repair, changed } }: Explained): string {
  const restored = repair.at(-1)?.restored ?? 0
  if (restored < changed) return `these ${restored}`
  return changed === 1 ? 'it' : `all ${changed}`
}

function askedSentence({ explanation, causes, ...rest }: Explained, asked: readonly string[]): Words {
  const { changed, groups, repair } = explanation
  const names = join(
    asked.map((name) => text(definitionTitle(name))),
    ' and ',
  )
  const reached = groups.reduce((sum, group) => sum + group.symbols.length, 0)
  const what = say`${names} ${asked.length === 1 ? 'is' : 'are'} behind ${reached} of ${counted(changed, 'changed protected symbol')}`
  const [only, ...others] = causes
  const all = new Set(repair.flatMap((step) => step.causes))
  const alone = only && others.length === 0 ? `; reverting it alone fixes ${only.cause.alone}` : ''
  if (!only || all.size === causes.length) return say`${what}${alone}`
  const everything = allWords({ explanation, causes, ...rest })
  return alone === '' ? say`${what}; ${everything}` : say`${what}${alone}, ${everything}`
}

/** How far the explanation is proven, as whole sentences. */
export function proofSentence(explained: Explained): string {
  const { changed, proven } = explained.explanation
  const open = unexplainedSymbols(explained)
  const proof =
    proven === 0
      ? 'None of this is proven.'
      : proven === changed
        ? 'Proven by recomputing the checksums with the released definitions.'
        : `Proven for ${proven} of ${changed} by recomputing the checksums with the released definitions.`
  return open === 0 ? proof : `${proof} ${counted(open, 'symbol')} could not be explained.`
}

/** A change with what it is about: `Field added: u64 cookie`. */
export function changeWords(change: Change): Words {
  const { subject, before, after } = change
  const values =
    before !== undefined && after !== undefined
      ? say`${code(before)} → ${code(after)}`
      : [before, after].flatMap((value) => (value === undefined ? [] : [code(value)]))
  const about = join([subject === undefined ? '' : code(subject), values], ', ')
  const { title } = changeTexts[change.class]
  return about.length === 0 ? [title] : say`${title}: ${about}`
}

const mostChanges = 3

/** The gravest changes of a cause, one text each; the last one may be a count of the rest. */
export function changesInWords({ changes }: Cause): readonly Words[] {
  const shown = changes.length > mostChanges + 1 ? changes.slice(0, mostChanges) : changes
  const left = changes.length - shown.length
  return [...shown.map(changeWords), ...(left > 0 ? [[`and ${counted(left, 'more change')}`]] : [])]
}

/** The gravest class of a cause in words, and how many other classes there are. */
export function classWords({ changes }: Cause): string {
  const titles = [...new Set(changes.map((change) => changeTexts[change.class].title))]
  const [first = changeTexts.other.title] = titles
  return titles.length > 1 ? `${first} and ${titles.length - 1} more` : first
}

/** True for a cause of at most half of the variants: it wants a look at what these have of their own. */
export function isVariantOnly({ reach }: Cause, all: readonly string[]): boolean {
  return reach.length > 0 && reach.length * 2 <= all.length
}

/** `only in s390x`, `in 8 of 10 variants (not ia64, ia64xen)`; empty when there is but one variant. */
export function variantsWords(cause: Cause, all: readonly string[]): Words {
  if (all.length < 2 || cause.reach.length === 0) return []
  const some = cause.reach.map(({ variant }) => variant)
  if (isVariantOnly(cause, all)) return say`only in ${variantsInWords(some, all)}`
  const missing = all.filter((name) => !some.includes(name))
  const part = `in ${partOfVariants(some.length, all.length)}`
  return missing.length === 0 ? [part] : say`${part} (not ${variantsInWords(missing, [])})`
}

/** `700 symbols in 8 of 10 variants (not ia64, ia64xen); reverting it alone fixes 640`. */
export function reachWords(cause: Cause, all: readonly string[]): Words {
  const where = variantsWords(cause, all)
  const symbols = counted(cause.symbols, 'symbol')
  const separator = isVariantOnly(cause, all) ? ', ' : ' '
  return say`${join([symbols, where], separator)}; ${aloneWords(cause)}`
}

/** What one cause repairs without any other. */
export function aloneWords({ alone }: Cause): string {
  return `reverting it alone fixes ${alone === 0 ? 'none' : alone}`
}

/** How an example symbol comes to a definition: symbol and definitions in C. Shorter than two: nothing to show. */
export function chainTitles({ chain }: Cause): readonly string[] {
  return chain.map((name, index) => (index === 0 && !name.includes('#') ? name : definitionTitle(name)))
}

/** True for what has a size and members. */
export function hasLayout({ name }: Cause): boolean {
  return name.startsWith('s#') || name.startsWith('u#')
}

export function reservedWords({ macro, left, place }: ReservedFields): Words {
  return say`${left === 0 ? 'no' : left} ${code(macro)} left, see ${code(`${place.file}:${place.line}`)}`
}

/**
 * Where the new member of a cause moves nothing: where it is, with the lines that hide it, or in a hole of the release, and in a
 * reserved field as the line to write.
 */
export function roomFacts({
  layout,
  reserved,
  changes,
  fix,
  patch: [changed] = [],
}: Pick<Cause, 'layout' | 'reserved' | 'changes' | 'fix' | 'patch'>): readonly Words[] {
  if (fix?.how === 'hide') return fix.edits.map((edit) => hidingWords(edit, fix.file))
  const room = layout?.room
  if (!room) return []
  const { member, bytes, place } = room
  const hole = place
    ? [
        say`${place.last ? 'the padding' : `a ${place.bytes}-byte hole`} behind ${code(place.behind)} takes ${code(member)} (${counted(bytes, 'byte')})`,
      ]
    : []
  const [declaration] = changes.flatMap(({ class: what, subject }) =>
    what.startsWith('field-added') && subject !== undefined ? [subject] : [],
  )
  const first = reserved?.first
  if (!reserved || !first || declaration === undefined || bytes > reservedBytes) return hole
  const { reserved: from, used: to } = reservedAndUsed(reserved.macro, first.argument, declaration)
  const gone = fix ? say`, and remove ${patchPlace(changed)}` : []
  return [
    ...hole,
    say`replace ${code(from)} at ${code(`${reserved.place.file}:${first.line}`)} by ${code(to)}${gone}`,
  ]
}

/** A line that is to go, with its place. */
function patchPlace(line: PatchLine | undefined): Words {
  return line ? say`${code(oneLine(line.text))} at ${code(`${line.file}:${line.line}`)}` : []
}

function hidingWords({ line, removed, added }: FixEdit, file: string): Words {
  const lines = join(
    added.map((text) => code(oneLine(text))),
    ', ',
  )
  const [old = ''] = removed
  return say`nothing moves where it is: replace ${code(oneLine(old))} at ${code(`${file}:${line}`)} by the lines ${lines}`
}

/** The place to look at first: the patch's own line where it is known, else the definition. */
export function firstPlace({ patch, place }: Cause): string | undefined {
  const best = patch?.[0] ?? place
  return best && `${best.file}:${best.line}`
}

/** A line of a patch as a patch shows it, without its alignment. */
export function patchText({ kind, text }: PatchLine): string {
  return `${kind === 'added' ? '+' : '-'} ${oneLine(text)}`
}

/** The commits that made some lines, each once, as kernel developers quote them: `1a2b3c4d5e6f ("mm: add a field", 2026-11-30)`. */
export function commitWords(lines: readonly PatchLine[]): Words {
  const commits = new Map(lines.flatMap(({ commit }) => (commit ? [[commit.hash, commit] as const] : [])))
  return join(
    [...commits.values()].map(
      ({ hash, subject, date }) => say`${text(hash.slice(0, 12))} ("${text(subject)}", ${text(date)})`,
    ),
    ', ',
  )
}

/** A line of source without its indentation and columns. */
function oneLine(line: string): string {
  return line.trim().replace(/\s+/g, ' ')
}
