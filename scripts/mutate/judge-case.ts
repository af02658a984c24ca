import type { Draft, Edit, ExpectedFinding, ExpectedLayout } from './draft.ts'
import type { Case } from './kinds.ts'
import type { Line, Place, Report, ReportedCause } from './product.ts'
import { predict } from './stored-types.ts'
import type { Workbench } from './workbench.ts'

/** What of a report was right; `null` where an edit has no such thing. */
export interface Right {
  readonly verdict: boolean
  readonly set: boolean
  readonly cause: boolean | null
  readonly class: boolean | null
  readonly line: boolean | null
}

export interface Judgement {
  readonly right: Right
  /** What was wrong, in words. */
  readonly wrong: readonly string[]
}

/** What a report on several edits in one tree has to say. */
export interface Joint {
  readonly results: readonly string[]
  readonly findings: ReadonlyMap<string, ExpectedFinding>
  readonly causes: ReadonlySet<string>
}

const key = ({ kind, symbol }: { kind: string; symbol: string }): string => `${kind} ${symbol}`

/** All edits together: each checksum is computed with all of them. */
export function jointly({ types, symbols }: Workbench, drafts: readonly Draft[]): Joint {
  const rewrites = new Map(drafts.flatMap((draft) => [...(draft.rewrites ?? [])]))
  const { changed } = predict(types, (symbol) => symbols.has(symbol), rewrites)
  const findings = drafts.flatMap(({ expected }) =>
    expected.findings.map((finding) => {
      const crc = finding.kind === 'changed' ? changed.get(finding.symbol) : undefined
      return crc === undefined ? finding : { ...finding, crc }
    }),
  )
  const broken = drafts.filter(({ expected }) => !expected.results.includes('pass'))
  const [only] = drafts
  return {
    results: drafts.length === 1 && only ? only.expected.results : [broken.length > 0 ? 'break' : 'pass'],
    findings: new Map(findings.map((finding) => [key(finding), finding])),
    causes: new Set(drafts.flatMap(({ expected }) => expected.causes)),
  }
}

/** Holds what a report says about one edit against what is true. */
export function judge(report: Report, { draft }: Case, joint: Joint): Judgement {
  const { expected } = draft
  const wrong: string[] = []
  const verdict = joint.results.includes(report.result)
  if (!verdict) wrong.push(`result ${report.result}: ${messages(report)}`)
  if (verdict && report.result === 'error')
    return { right: { verdict, set: true, cause: null, class: null, line: null }, wrong }
  const found = new Map(report.findings.map((finding) => [key(finding), finding]))
  const missed = expected.findings.filter((finding) => {
    const actual = found.get(key(finding))
    const crc = joint.findings.get(key(finding))?.crc
    return !actual || (crc !== undefined && Number(actual.current?.crc) !== crc)
  })
  const surplus = [...found.keys()].filter((name) => !joint.findings.has(name))
  if (missed.length > 0) wrong.push(`missed: ${missed.map(key).slice(0, 5).join(', ')}`)
  const untold = expected.layouts.flatMap((layout) => layoutWrong(report, layout))
  wrong.push(...untold)
  if (surplus.length > 0) wrong.push(`false: ${surplus.slice(0, 5).join(', ')}`)
  const causes = (report.explanation?.causes ?? []).filter(({ matters }) => matters)
  const right = {
    verdict,
    set: missed.length + surplus.length + untold.length === 0,
    cause: causesRight(causes, draft, joint, wrong),
    class: classRight(causes, draft, wrong),
    line: lineRight(report, causes, draft, wrong),
  }
  return { right, wrong }
}

/** What a report says of a type that is not so. */
function layoutWrong({ layouts }: Report, { name, does, member }: ExpectedLayout): readonly string[] {
  const told = layouts.find((one) => one.name === name)
  if (does === 'nothing') return told ? [`told of ${name}, which is as it was`] : []
  if (!told) return [`not told of ${name}`]
  const failing = told.severity === 'fail' && told.moves
  if (does === 'moves' ? !failing : told.moves || told.severity === 'fail')
    return [`${name}: ${told.severity}, moves: ${told.moves}`]
  const named = (found: string | null): boolean =>
    found === member || found?.startsWith(`${member}.`) === true
  return member === undefined || told.differences.some((one) => named(one.member))
    ? []
    : [`${name}: ${member} is not named`]
}

function messages({ problems }: Report): string {
  return problems
    .filter((problem) => problem.class !== 'note')
    .map(({ message }) => message.slice(0, 300))
    .slice(0, 2)
    .join(' | ')
}

function causesRight(
  causes: readonly ReportedCause[],
  { expected }: Draft,
  joint: Joint,
  wrong: string[],
): boolean | null {
  const names = new Set(causes.map(({ name }) => name))
  const missed = expected.causes.filter((name) => !names.has(name))
  const surplus = [...names].filter((name) => !joint.causes.has(name))
  if (missed.length > 0) wrong.push(`cause missed: ${missed.join(', ')}`)
  if (surplus.length > 0) wrong.push(`cause false: ${surplus.join(', ')}`)
  return expected.causes.length === 0 && surplus.length === 0 ? null : missed.length + surplus.length === 0
}

/** Every definition that the edit changed is of the one class. */
function classRight(causes: readonly ReportedCause[], { expected }: Draft, wrong: string[]): boolean | null {
  if (expected.classes.length === 0) return null
  const own = causes.filter(({ name }) => expected.causes.includes(name))
  const bad = own.filter(({ changes }) => !expected.classes.includes(changes[0]?.class ?? ''))
  for (const { name, changes } of bad)
    wrong.push(`class of ${name}: ${changes.map((change) => change.class).join(', ')}`)
  return own.length > 0 && bad.length === 0
}

/** Each cause and each finding of the edit names one of its lines first. */
function lineRight(
  report: Report,
  causes: readonly ReportedCause[],
  { expected, edits }: Draft,
  wrong: string[],
): boolean | null {
  if (expected.lines.length === 0) return null
  const isRight = (line: Line | undefined): boolean =>
    line !== undefined && expected.lines.some(({ file, text }) => file === line.file && text === line.text)
  if (!expected.seen) {
    const told = report.hidden.some(isRight)
    return expected.lines.some(({ text }) => edits.some(({ after }) => after.includes(text))) ? told : null
  }
  const own = causes.filter(({ name }) => expected.causes.includes(name))
  const symbols = new Set(expected.findings.filter(({ kind }) => kind !== 'changed').map(key))
  const findings = report.findings.filter((finding) => symbols.has(key(finding)))
  const told = [
    ...own.map(({ name, patch }) => ({ about: name, line: patch?.[0] })),
    ...findings.map((finding) => {
      // Nobody is to blame for what no checksum was computed of; where it stands is told.
      const place = finding.kind === 'unversioned' ? finding.current : finding.blame?.place
      const line = finding.blame?.patch[0]
      return { about: key(finding), line: line ?? textAt(edits, place) }
    }),
  ]
  const bad = told.filter(({ line }) => !isRight(line))
  for (const { about, line } of bad.slice(0, 3))
    wrong.push(`line of ${about}: ${line ? `${line.file}: "${line.text}"` : 'not told'}`)
  return told.length > 0 && bad.length === 0
}

/** The line of the edited file at a place. */
function textAt(edits: readonly Edit[], place: Place | null | undefined): Line | undefined {
  const edit = place && edits.find(({ file }) => file === place.file)
  const text = edit?.after.split('\n')[(place?.line ?? 0) - 1]
  return edit && text !== undefined ? { file: edit.file, text } : undefined
}
