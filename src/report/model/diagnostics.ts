import type { ChangeClass, PatchLine } from '../../abi/cause.ts'
import { definitionTitle } from '../../abi/explain/definition-title.ts'
import {
  fails,
  ofFamily,
  type DriverFinding,
  type EditFinding,
  type Families,
  type Family,
  type Finding,
  type FindingKind,
  type HiddenFinding,
  type LayoutFinding,
  type SymbolFinding,
} from '../../judge/finding.ts'
import type { Origin } from '../../judge/origin.ts'
import type { Severity } from '../../judge/policy.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { adviceFor, isError, problemTexts, type ProblemKind } from '../../problem/problem.ts'
import { printable } from '../escape.ts'
import { plainText } from '../text/text-pen.ts'
import { blamePlace, blameSentences, byBlame } from './blame-words.ts'
import { adviceWords } from './docs-link.ts'
import { reasonsInWords } from './driver-words.ts'
import { editChange, editTexts } from './edit-texts.ts'
import { explained, splitByCauses, type CauseView, type Explained } from './explained.ts'
import {
  chainTitles,
  changesInWords,
  classWords,
  commitWords,
  patchText,
  reachWords,
  reservedWords,
  riskWords,
  roomFacts,
} from './explanation-words.ts'
import { findingTexts, hiddenWords } from './finding-texts.ts'
import { groupFindings } from './group-findings.ts'
import { layoutWords, proofWords, reachWords as layoutReach } from './layout-words.ts'
import { originOfDefinition, originWords } from './origin-words.ts'
import { mergeProblems } from './merge-problems.ts'
import { promisingVariants, variantsInWords } from './variant-words.ts'
import { capital } from '../words.ts'

/** What a diagnostic is an example of: a kind of finding, a class of changes behind a changed checksum, a kind of problem. */
export type DiagnosticRule = FindingKind | `changed/${ChangeClass}` | ProblemKind

/**
 * One thing that a report says of a place, for the formats that show such things beside the code: annotations, SARIF and the like.
 * Every text is plain, on one line, short, and safe in a log; a format escapes it in its own way.
 */
export interface Diagnostic<Rule extends DiagnosticRule = DiagnosticRule> {
  readonly level: 'error' | 'warning' | 'note'
  readonly rule: Rule
  /** `Symbol removed`. */
  readonly title: string
  /** What it is about: a symbol, a definition in C, a line of the patch, a driver; empty for a problem. */
  readonly subject: string
  /** What several of them are: `protected symbol`. */
  readonly noun: string
  /** What is known of this one, a sentence each. */
  readonly facts: readonly string[]
  /** What it means; empty for a problem. */
  readonly explanation: string
  readonly advice: string
  /** Absent: it is about no file. */
  readonly place?: DiagnosticPlace
  /** The protected symbols that it is about. */
  readonly symbols: readonly string[]
  readonly variants: readonly string[]
  /** Where it comes from; absent where nobody asked. */
  readonly origin?: Origin
  /** The same in every run for the same thing, whatever else there is, and wherever its line has moved to. */
  readonly fingerprint: string
  /** Those of one key can be told of as one, where there is no room for each. */
  readonly together: string
}

/** Where to look: as the verdict names the file, or within `tree`, the kernel tree, where that is given. */
export interface DiagnosticPlace {
  readonly file: string
  readonly line?: number
  readonly endLine?: number
  readonly tree?: string
}

/**
 * The path of a place's file: relative to the repository where the file lies in it, else as the verdict names it.
 * @param roots absolute folders that hold the repository
 */
export function pathIn({ file, tree }: DiagnosticPlace, roots: readonly string[]): string {
  const whole = tree !== undefined && !file.startsWith('/') ? `${tree}/${file}` : file
  const root = roots.find((folder) => whole.startsWith(`${folder}/`))
  return root === undefined ? whole : whole.slice(root.length + 1)
}

export type FindingDiagnostic = Diagnostic<Exclude<DiagnosticRule, ProblemKind>>

/** What has to be known beside the findings. */
interface Run {
  readonly verdict: Verdict
  /** The variants that promise something. */
  readonly all: readonly string[]
  /** The kernel tree, where it is known. */
  readonly tree: { readonly tree?: string }
  readonly why: Explained | undefined
}

/** Every family's way to become diagnostics; what a rule of the policy made to be ignored is not asked for. */
const families: {
  readonly [F in Family]: (findings: readonly Families[F][], run: Run) => readonly FindingDiagnostic[]
} = {
  symbol: (findings, run) => [
    ...(run.why?.causes ?? []).flatMap((view) => aboutCause(view, findings, run)),
    ...aboutSymbols(findings, run),
  ],
  layout: (findings, run) => findings.map((finding) => aboutLayout(finding, run)),
  hidden: (findings, run) => findings.map((finding) => aboutHidden(finding, run)),
  'gate-edit': (findings, run) => findings.map((finding) => aboutEdit(finding, run)),
  driver: (findings, run) => findings.map((finding) => aboutDriver(finding, run)),
}

/**
 * The findings of a verdict as diagnostics, those that fail first: one for each cause, one for each symbol and set of variants without
 * one, one for each hiding line, edit of the gate and driver. Each stands on the line that made it, and where nothing is known
 * of that, on the whitelist's.
 */
export function findingDiagnostics(verdict: Verdict): readonly FindingDiagnostic[] {
  const source = verdict.variants.flatMap(({ how }) => how?.source ?? [])[0]
  const run: Run = {
    verdict,
    all: promisingVariants(verdict.variants),
    tree: source === undefined ? {} : { tree: source },
    why: explained(verdict),
  }
  const told = verdict.findings.filter(({ severity }) => severity !== 'ignore')
  const of = <F extends Family>(family: F, some: readonly Families[F][]) => families[family](some, run)
  const list = (Object.keys(families) as Family[]).flatMap((family) => of(family, ofFamily(told, family)))
  return [...list.filter(isFailing), ...list.filter((one) => !isFailing(one))]
}

function isFailing({ level }: FindingDiagnostic): boolean {
  return level === 'error'
}

/** The problems of a verdict as diagnostics, errors before notes. */
export function problemDiagnostics(verdict: Verdict): readonly Diagnostic<ProblemKind>[] {
  return mergeProblems(verdict.problems).map(({ problem, variants }) => {
    const { kind, message, place } = problem
    const where = variants.length > 0 ? [`In ${plainText(variantsInWords(variants, []))}.`] : []
    const fingerprint = printable([kind, message, place?.file ?? ''].join(' '), 500)
    return {
      level: isError(problem) ? 'error' : 'note',
      rule: kind,
      title: problemTexts[kind].title,
      subject: '',
      noun: 'problem',
      facts: [printable(message, 1000), ...where],
      explanation: '',
      advice: printable(adviceFor(problem), 1000),
      ...(place ? { place } : {}),
      symbols: [],
      variants,
      fingerprint,
      together: fingerprint,
    }
  })
}

type Told = Pick<FindingDiagnostic, 'subject' | 'facts' | 'fingerprint'> &
  Partial<Pick<FindingDiagnostic, 'title' | 'place' | 'symbols' | 'variants' | 'together'>> & {
    /** Where it comes from. */
    readonly traced: Pick<Finding, 'origin' | 'excused'>
  }

interface Text {
  readonly title: string
  readonly explanation: string
  readonly advice: string
  readonly anchor: string
}

function diagnostic(
  rule: FindingDiagnostic['rule'],
  severity: Severity,
  { title, explanation, advice, anchor }: Text,
  { verdict: { docs } }: Run,
  { traced, ...told }: Told,
): FindingDiagnostic {
  const where = plainText(originWords(traced))
  const fingerprint = printable(told.fingerprint, 500)
  return {
    level: severity === 'fail' ? 'error' : 'warning',
    rule,
    title,
    noun: rule in findingTexts ? findingTexts[rule as FindingKind].counted.noun : 'cause',
    explanation,
    advice: plainText(adviceWords(docs, advice, anchor)),
    symbols: [],
    variants: [],
    together: fingerprint,
    ...told,
    fingerprint,
    ...(traced.origin ? { origin: traced.origin } : {}),
    facts: [...told.facts, where === '' ? '' : `${capital(where)}.`].filter((fact) => fact !== ''),
  }
}

const name = (untrusted: string): string => printable(untrusted, 200)

const mostLinks = 8

/** Nothing for a cause that only ignored findings need. */
function aboutCause(
  { cause, number, title, risk, text }: CauseView,
  findings: readonly SymbolFinding[],
  run: Run,
): readonly FindingDiagnostic[] {
  const needing = findings.filter(({ causes = [] }) => causes.includes(cause.id))
  const [first] = needing
  if (!first) return []
  const chain = chainTitles(cause)
  const here = cause.patch?.[0] ?? cause.place
  const place = here ? { ...inTree(here, run) } : first.baseline
  const links = chain.length > 1 ? chain.slice(0, mostLinks).map((link) => printable(link, 100)) : []
  const severity = needing.some(fails) ? 'fail' : 'warn'
  return [
    diagnostic(`changed/${cause.changes[0]?.class ?? 'other'}`, severity, text, run, {
      title: `${classWords(cause)} (${riskWords[risk]})`,
      subject: name(title),
      facts: [
        `Cause ${number} of changed checksums: ${plainText(reachWords(cause, run.all))}.`,
        ...changesInWords(cause).map(plainText),
        links.length > 0 ? `For example ${links.join(' → ')}` : '',
        ...roomFacts(cause).map((words) => `Room: ${plainText(words)}.`),
        cause.reserved ? `Reserved fields: ${plainText(reservedWords(cause.reserved))}` : '',
        commitFact(cause.patch),
      ],
      ...(place ? { place: placeOf(place) } : {}),
      symbols: [...new Set(needing.map(({ symbol }) => name(symbol)))],
      variants: cause.reach.map(({ variant }) => name(variant)),
      fingerprint: cause.id,
      traced: originOfDefinition(needing),
    }),
  ]
}

/** Those that no cause explains. */
function aboutSymbols(findings: readonly SymbolFinding[], run: Run): readonly FindingDiagnostic[] {
  const { why, all } = run
  return groupFindings(findings).flatMap((group) => {
    const { kind, severity, groups } = group
    const rows = why && kind === 'changed' ? splitByCauses(group, why).rest : groups
    return rows.flatMap(({ variants, findings: some }) =>
      byBlame(some).flatMap(({ blame, findings: alike }) => {
        const where = `In ${plainText(variantsInWords(variants, all))}.`
        const because = blameSentences(alike).map(plainText)
        const [sameLine] = alike
        return alike.map((finding) => {
          const { symbol, baseline, current, origin } = finding
          const place = blamePlace(blame)
          return diagnostic(kind, severity, findingTexts[kind], run, {
            subject: name(symbol),
            facts: [where, ...because],
            place: placeOf(place ? inTree(place, run) : (baseline ?? current)),
            symbols: [name(symbol)],
            variants: variants.map(name),
            fingerprint: [kind, symbol, variants[0]].join(' '),
            together: [kind, severity, sameLine?.symbol, ...variants, ...(origin ? [origin] : [])].join(' '),
            traced: finding,
          })
        })
      }),
    )
  })
}

/** Which commit made the line that a finding stands at; empty where that is not known. */
function commitFact([line]: readonly PatchLine[] = []): string {
  const words = line ? plainText(commitWords([line])) : ''
  return words === '' ? '' : `Commit ${words}.`
}

function aboutLayout(finding: LayoutFinding, run: Run): FindingDiagnostic {
  const { name: type, kind, severity, variant, symbols, patch = [], place, digest } = finding
  const here = patch[0] ?? place
  const file = run.verdict.variants.find((one) => one.name === variant)?.whitelist
  return diagnostic(kind, severity, findingTexts[kind], run, {
    subject: name(definitionTitle(type)),
    facts: [
      `In ${name(variant)}.`,
      printable(plainText(layoutWords(finding)), 500),
      `Reached by ${plainText(layoutReach(finding))}.`,
      commitFact(patch),
    ],
    ...(here ? { place: placeOf(inTree(here, run)) } : file === undefined ? {} : { place: { file } }),
    symbols: symbols.map(name),
    variants: [name(variant)],
    fingerprint: [kind, type, digest.after, variant].join(' '),
    traced: finding,
  })
}

function aboutHidden(finding: HiddenFinding, run: Run): FindingDiagnostic {
  const { line, severity, proof } = finding
  const text = findingTexts.hidden
  return diagnostic('hidden', severity, text, run, {
    title: `${text.title} (${hiddenWords[line.how]})`,
    subject: name(patchText(line)),
    facts: [`In memory: ${printable(plainText(proofWords(proof)), 500)}.`, commitFact([line])],
    place: placeOf(inTree(line, run)),
    fingerprint: ['hidden', line.how, line.file, line.text.trim()].join(' '),
    traced: finding,
  })
}

function aboutEdit(finding: EditFinding, run: Run): FindingDiagnostic {
  const { edit, severity } = finding
  const { title, meaning } = editTexts[edit.kind]
  const text = findingTexts['whitelist-edit']
  const { variant } = edit
  return diagnostic('whitelist-edit', severity, text, run, {
    title: `${text.title} (${title})`,
    subject: name(edit.subject),
    facts: [
      printable(plainText(editChange(edit)), 500),
      variant === undefined ? '' : `In ${name(variant)}.`,
      meaning,
    ],
    place: placeOf(edit),
    variants: variant === undefined ? [] : [name(variant)],
    fingerprint: ['whitelist-edit', edit.kind, edit.subject, variant ?? ''].join(' '),
    traced: finding,
  })
}

/** A driver has no line of its own: it stands with the whitelist of its variant. */
function aboutDriver(driver: DriverFinding, run: Run): FindingDiagnostic {
  const { variant, severity } = driver
  const file = run.verdict.variants.find((one) => one.name === variant)?.whitelist
  return diagnostic('driver', severity, findingTexts.driver, run, {
    subject: name(driver.name),
    facts: [`In ${name(variant)}.`, plainText(reasonsInWords(driver))],
    ...(file === undefined ? {} : { place: { file } }),
    variants: [name(variant)],
    fingerprint: ['driver', driver.name, variant].join(' '),
    together: ['driver', severity, variant].join(' '),
    traced: driver,
  })
}

function inTree(place: DiagnosticPlace, { tree }: Run): DiagnosticPlace {
  return { ...place, ...tree }
}

function placeOf({ file, line, endLine, tree }: DiagnosticPlace): DiagnosticPlace {
  return {
    file,
    ...(line === undefined ? {} : { line }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(tree === undefined ? {} : { tree }),
  }
}
