import { definitionTitle } from '../abi/explain/definition-title.ts'
import type { Cause } from '../abi/cause.ts'
import { ofFamily, type SymbolFinding } from '../judge/finding.ts'
import type { Verdict } from '../judge/verdict.ts'
import { markdownCode, markdownText } from './escape.ts'
import { classWords, commitWords } from './model/explanation-words.ts'
import { findingTexts } from './model/finding-texts.ts'
import { plainText } from './text/text-pen.ts'
import { counted, uncapital } from './words.ts'

/** More causes of one symbol are counted. */
const mostCauses = 3

const headings = { added: 'Added', removed: 'Removed', changed: 'Changed' } as const

type Part = keyof typeof headings

/** One symbol in one part of the change log. */
interface Entry {
  readonly symbol: string
  readonly part: Part
  /** Of all variants; at least one. */
  readonly findings: SymbolFinding[]
}

/**
 * The change log of the exported symbols, for release notes, in Markdown: by subsystem, which is the folder of the object that
 * exports a symbol, what is new, what is gone and what changed, with the reasons. Ends in a newline.
 *
 * Of a run that ended in an error it says that, and nothing else: a part would read as the whole.
 */
export function renderChangelog(verdict: Verdict): string {
  const lines = ['# Exported symbols', '', ...summary(verdict)]
  if (verdict.result !== 'error') {
    lines.push(...causesOf(verdict))
    const titles = new Map((verdict.explanation?.causes ?? []).map((cause) => [cause.id, titleOf(cause)]))
    for (const [subsystem, entries] of bySubsystem(verdict)) {
      lines.push('', `## ${markdownText(subsystem)}`)
      for (const part of Object.keys(headings) as Part[]) {
        const some = entries.filter((entry) => entry.part === part)
        if (some.length === 0) continue
        lines.push('', `### ${headings[part]}`, '', ...some.map((entry) => itemOf(entry, verdict, titles)))
      }
    }
  }
  return `${lines.join('\n')}\n`
}

function summary(verdict: Verdict): readonly string[] {
  if (verdict.result === 'error') {
    return [
      'The run ended in an error, so nothing can be said:',
      '',
      ...verdict.problems.map(({ message }) => `* ${markdownText(message)}`),
    ]
  }
  const rows = verdict.variants.map((variant) => {
    const { name, whitelist = '', kernel, tree, compared } = variant
    const entries = ofFamily(verdict.findings, 'symbol').filter((one) => one.variant === name)
    const count = (part: Part) =>
      new Set(entries.flatMap((one) => (partOf(one) === part ? [one.symbol] : []))).size
    const now = [tree && 'commit' in tree ? tree.commit.slice(0, 12) : '', kernel ?? '']
      .filter(Boolean)
      .join(', ')
    const cells = [
      markdownText(name),
      markdownText(whitelist),
      markdownText(now),
      compared,
      count('added'),
      count('removed'),
      count('changed'),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| variant | before | now | compared | added | removed | changed |',
    '|---|---|---|--:|--:|--:|--:|',
    ...rows,
  ]
}

function causesOf({ explanation }: Verdict): readonly string[] {
  const causes = (explanation?.causes ?? []).filter(({ matters }) => matters)
  if (causes.length === 0) return []
  return [
    '',
    '## Why checksums changed',
    '',
    ...causes.map(
      (cause) =>
        `* ${titleOf(cause)}: ${markdownText(classWords(cause))}${placeOf(cause)}, ${counted(cause.symbols, 'symbol')}${commitOf(cause)}`,
    ),
  ]
}

function titleOf({ name }: Cause): string {
  return markdownCode(definitionTitle(name))
}

function placeOf({ place }: Cause): string {
  return place ? ` (${markdownText(`${place.file}:${place.line}`)})` : ''
}

function commitOf({ patch: [first] = [] }: Cause): string {
  const words = plainText(commitWords(first ? [first] : []))
  return words === '' ? '' : `, commit ${markdownText(words)}`
}

/** What is neither new nor gone is changed: its checksum, type, namespace or module. */
function partOf({ kind }: SymbolFinding): Part {
  return kind === 'added' || kind === 'removed' ? kind : 'changed'
}

function bySubsystem(verdict: Verdict): readonly (readonly [string, readonly Entry[]])[] {
  const subsystems = new Map<string, Map<string, Entry>>()
  for (const finding of ofFamily(verdict.findings, 'symbol')) {
    const subsystem = subsystemOf(finding)
    const entries = subsystems.get(subsystem) ?? new Map<string, Entry>()
    subsystems.set(subsystem, entries)
    const part = partOf(finding)
    const key = `${finding.symbol}\0${part}`
    const entry = entries.get(key) ?? { symbol: finding.symbol, part, findings: [] }
    entry.findings.push(finding)
    entries.set(key, entry)
  }
  return [...subsystems]
    .map(
      ([name, entries]) => [name, [...entries.values()].sort((a, b) => order(a.symbol, b.symbol))] as const,
    )
    .sort(([a], [b]) => order(a, b))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The first two folders of the object that exports it; of its module where the object is not known. */
function subsystemOf({ object, baseline, current }: SymbolFinding): string {
  const path = object ?? current?.module ?? baseline?.module ?? ''
  const folders = path.split('/').slice(0, -1)
  return folders.length === 0 ? path || 'unknown' : folders.slice(0, 2).join('/')
}

function itemOf(
  { symbol, part, findings }: Entry,
  verdict: Verdict,
  titles: ReadonlyMap<string, string>,
): string {
  const all = verdict.variants.map(({ name }) => name)
  const some = new Set(findings.map(({ variant }) => variant))
  const only = some.size === all.length ? '' : `, ${markdownText([...some].join(', '))}`
  const reasons = new Set(findings.map((one) => because(one, titles)).filter((one) => one !== ''))
  const changed = reasons.size === 0 ? '' : `: ${[...reasons].join('; ')}`
  const what = part === 'changed' ? changed : whereOf(findings)
  return `* ${markdownCode(symbol)}${what}${only}`
}

function whereOf([finding]: readonly SymbolFinding[]): string {
  const row = finding?.current ?? finding?.baseline
  const namespace = row?.namespace ? `namespace ${row.namespace}` : ''
  return ` (${markdownText([row?.type, namespace, row?.module].filter(Boolean).join(', '))})`
}

/** @param titles of the causes, by their ids */
function because({ kind, causes = [] }: SymbolFinding, titles: ReadonlyMap<string, string>): string {
  const title = findingTexts[kind].title
  if (kind !== 'changed') return markdownText(uncapital(title))
  const known = causes.flatMap((id) => titles.get(id) ?? [])
  if (known.length === 0) return ''
  const left = known.length - mostCauses
  return `${known.slice(0, mostCauses).join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}
