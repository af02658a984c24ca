import { fails, subjectOf, type Finding, type SymbolFinding } from '../../judge/finding.ts'
import { heaviestOrigin, originOfCause, type Origin } from '../../judge/origin.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { andMore, counted } from '../words.ts'
import { docsLink } from './docs-link.ts'
import { emptySection, type Column, type Section, type Table } from './report-model.ts'
import { code, join, say, text, type Words } from './span.ts'

/** What a report says of where a finding comes from. */
interface OriginText {
  /** In a table, as a whole. */
  readonly title: string
  /** Behind one, and behind several: `2 were there before`. */
  readonly one: string
  readonly many: string
  readonly meaning: string
}

/** The heaviest first: what is of several origins in several variants counts as that. */
const originTexts: Readonly<Record<Origin, OriginText>> = {
  introduced: {
    title: 'introduced by this patch',
    one: 'was introduced by this patch',
    many: 'were introduced by this patch',
    meaning: 'The base does not have it, or has it in another way.',
  },
  unknown: {
    title: 'of unknown origin',
    one: 'is of unknown origin',
    many: 'are of unknown origin',
    meaning: 'The base was not looked at, or does not tell. It counts as if the patch had done it.',
  },
  'pre-existing': {
    title: 'was there before',
    one: 'was there before',
    many: 'were there before',
    meaning: 'The base has it in exactly the same way.',
  },
}

const heaviestFirst = Object.keys(originTexts) as readonly Origin[]

/** Where a finding comes from, to stand in a table; empty where nobody asked. */
export function originWords({ origin, excused }: Pick<Finding, 'origin' | 'excused'>): Words {
  if (!origin) return []
  return [`${originTexts[origin].title}${excused ? ', so it only warns' : ''}`]
}

/** Where a definition that changed checksums comes from, by the findings that need it back. */
export function originOfDefinition(needing: readonly SymbolFinding[]): Pick<Finding, 'origin' | 'excused'> {
  const origin = originOfCause(needing)
  if (!origin) return {}
  return needing.every(({ excused }) => excused) ? { origin, excused: true } : { origin }
}

/** A table with the origin of what each row is about, where somebody asked. */
export function withOrigin(table: Table, rows: readonly Pick<Finding, 'origin' | 'excused'>[]): Table {
  if (rows.every(({ origin }) => !origin)) return table
  const column: Column = { head: 'Origin' }
  return {
    ...table,
    columns: [...table.columns, column],
    rows: table.rows.map((cells, index) => [...cells, originWords(rows[index] ?? {})]),
  }
}

/** Findings about the same in several variants, of the heaviest origin that they have. */
interface Traced {
  readonly origin: Origin
  readonly subject: string
}

function traced(findings: readonly Finding[]): readonly Traced[] {
  const all = new Map<string, Traced>()
  for (const finding of findings) {
    const { kind, origin } = finding
    if (!origin) continue
    const subject = subjectOf(finding)
    const key = `${kind} ${subject}`
    all.set(key, { origin: heaviestOrigin([origin, all.get(key)?.origin]) ?? origin, subject })
  }
  return [...all.values()]
}

function isBreak(finding: Finding): boolean {
  return fails(finding) || finding.excused === true
}

/** `3 breaks: 1 was introduced by this patch, 2 were there before`; empty where nothing breaks, or nobody asked. */
export function originsInWords({ findings }: Verdict): Words {
  const breaks = traced(findings.filter(isBreak))
  const parts = heaviestFirst.flatMap((origin) => {
    const count = breaks.filter((one) => one.origin === origin).length
    return count === 0 ? [] : [{ origin, count }]
  })
  const [first] = parts
  if (!first) return []
  const { one, many } = originTexts[first.origin]
  if (parts.length === 1)
    return [breaks.length === 1 ? `the break ${one}` : `all ${breaks.length} breaks ${many}`]
  const words = parts.map(
    ({ origin, count }) => `${count} ${originTexts[origin][count === 1 ? 'one' : 'many']}`,
  )
  return [`${counted(breaks.length, 'break')}: ${words.join(', ')}`]
}

/** Whether all that fails was there before the patch. */
export function isAllFromBefore({ findings }: Verdict): boolean {
  return findings.filter(fails).every(({ origin }) => origin === 'pre-existing')
}

/** The commit that findings are held against, as a report names it. */
export function baseName({ origins }: Verdict): Words {
  return origins ? [code(origins.base.slice(0, 12))] : []
}

const mostNames = 5

/** Where the findings come from, by what the base has; nothing where nobody asked, or nothing was found. */
export function originSection(verdict: Verdict): readonly Section[] {
  const { findings, origins, docs } = verdict
  const all = traced(findings)
  if (!origins || all.length === 0) return []
  const rows = heaviestFirst.flatMap((origin) => {
    const own = all.filter((one) => one.origin === origin)
    if (own.length === 0) return []
    const subjects = [...new Set(own.map(({ subject }) => subject))]
    const names = join(subjects.slice(0, mostNames).map(code), ', ')
    return [
      [
        [originTexts[origin].title],
        [String(own.length)],
        say`${names}${andMore(subjects.length - mostNames)}`,
        [originTexts[origin].meaning],
      ],
    ]
  })
  const excused = findings.some((one) => one.excused)
  const remark = {
    label: 'Excused',
    words: say`the policy lets pass on a pull request what was there before (${docsLink(docs, 'policy.md')}). It stays a break, and fails on every other run.`,
  }
  return [
    {
      ...emptySection(
        'origins',
        say`Where findings come from, held against commit ${text(origins.base.slice(0, 12))}`,
      ),
      blocks: [
        {
          kind: 'table',
          list: 'origins',
          caption: 'Origins',
          columns: [
            { head: 'Origin', key: true },
            { head: 'Findings', number: true, lead: 'findings' },
            { head: 'Of' },
            { head: 'Meaning' },
          ],
          rows,
          figures: true,
        },
      ],
      remarks: excused ? [remark] : [],
    },
  ]
}
