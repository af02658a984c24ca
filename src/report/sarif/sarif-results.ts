import { reasonsInWords } from '../model/driver-words.ts'
import {
  ofFamily,
  type DriverFinding,
  type EditFinding,
  type HiddenFinding,
  type SymbolFinding,
} from '../../judge/finding.ts'
import type { Severity } from '../../judge/policy.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { editChange, editTexts } from '../model/edit-texts.ts'
import { blamePlace, blameSentences } from '../model/blame-words.ts'
import { printable } from '../escape.ts'
import { explained, splitByCauses, type CauseView } from '../model/explained.ts'
import { chainTitles, changesInWords, patchText, reachWords, riskWords } from '../model/explanation-words.ts'
import { findingTexts } from '../model/finding-texts.ts'
import { groupFindings, type KindGroup, type VariantGroup } from '../model/group-findings.ts'
import { hiddenWords } from '../model/hidden-words.ts'
import type { SarifLocation, sarifLocations } from './sarif-location.ts'
import { sarifRules, type SarifRuleId } from './sarif-rules.ts'
import { promisingVariants, variantsInWords } from '../model/variant-words.ts'
import { plainText } from '../text/text-pen.ts'

/** One result of a SARIF run. */
export interface SarifResult {
  readonly ruleId: SarifRuleId
  readonly ruleIndex: number
  readonly level: 'error' | 'warning'
  readonly message: { readonly text: string }
  readonly locations: readonly SarifLocation[]
  readonly partialFingerprints: { readonly 'kabiGate/v1': string }
  readonly properties?: { readonly symbols: readonly string[]; readonly variants: readonly string[] }
}

type Locate = ReturnType<typeof sarifLocations>

const mostSymbols = 50
const escape = (text: string): string => printable(text, 200)

/**
 * The findings of a verdict as results, failing ones first: one for each cause, one for each symbol and set of variants
 * without one, one for each hiding line and each edit of the gate. The fingerprints do not depend on lines, numbers or other results.
 */
export function sarifResults(verdict: Verdict, at: Locate): readonly SarifResult[] {
  const all = promisingVariants(verdict.variants)
  const why = explained(verdict)
  const groups = groupFindings(verdict.findings).filter(({ severity }) => severity !== 'ignore')
  const unexplained = groups.flatMap((kind) => {
    const rows = why && kind.kind === 'changed' ? splitByCauses(kind, why).rest : kind.groups
    return rows.flatMap((group) =>
      group.findings.map((finding) => aboutFinding(kind, group, finding, all, at)),
    )
  })
  const results = [
    ...(why?.causes ?? []).flatMap((view) => aboutCause(view, ofFamily(verdict.findings, 'symbol'), all, at)),
    ...unexplained,
    ...ofFamily(verdict.findings, 'hidden')
      .filter(({ severity }) => severity !== 'ignore')
      .map((line) => aboutHidden(line, at)),
    ...ofFamily(verdict.findings, 'gate-edit')
      .filter(({ severity }) => severity !== 'ignore')
      .map((edit) => aboutEdit(edit, at)),
    ...ofFamily(verdict.findings, 'driver')
      .filter(({ severity }) => severity !== 'ignore')
      .map((driver) => {
        const list = verdict.variants.find(({ name }) => name === driver.variant)?.whitelist
        return aboutDriver(driver, list === undefined ? undefined : at(list))
      }),
  ]
  const fails = ({ level }: SarifResult): boolean => level === 'error'
  return [...results.filter(fails), ...results.filter((result) => !fails(result))]
}

function result(
  ruleId: SarifRuleId,
  severity: Severity,
  lines: readonly string[],
  location: SarifLocation | undefined,
  fingerprint: string,
): SarifResult {
  return {
    ruleId,
    ruleIndex: sarifRules.findIndex(({ id }) => id === ruleId),
    level: severity === 'fail' ? 'error' : 'warning',
    message: { text: lines.join('\n') },
    locations: location ? [location] : [],
    partialFingerprints: { 'kabiGate/v1': printable(fingerprint, 500) },
  }
}

function region(
  { physicalLocation }: SarifLocation,
  startLine: number,
  endLine: number = startLine,
): SarifLocation {
  return { physicalLocation: { ...physicalLocation, region: { startLine, endLine } } }
}

/** Nothing for a cause that only ignored findings need. */
function aboutCause(
  { cause, title, risk }: CauseView,
  findings: readonly SymbolFinding[],
  all: readonly string[],
  at: Locate,
): SarifResult[] {
  const needing = findings.filter(
    ({ severity, causes = [] }) => severity !== 'ignore' && causes.includes(cause.id),
  )
  const [first] = needing
  if (!first) return []
  const chain = chainTitles(cause)
  const line = cause.patch?.[0]
  const row = first.baseline
  const location = line
    ? region(at(line.file, true), line.line)
    : cause.place
      ? region(at(cause.place.file, true), cause.place.line, cause.place.endLine)
      : row && region(at(row.file), row.line)
  const changeClass = cause.changes[0]?.class ?? 'other'
  const severity = needing.some((finding) => finding.severity === 'fail') ? 'fail' : 'warn'
  const lines = [
    `${escape(title)} (${riskWords[risk]}): ${plainText(reachWords(cause, all))}.`,
    ...changesInWords(cause).map(plainText),
    ...(chain.length > 1 ? [`For example ${chain.slice(0, 8).map(escape).join(' → ')}`] : []),
  ]
  return [
    {
      ...result(`changed/${changeClass}`, severity, lines, location, cause.id),
      properties: {
        symbols: [...new Set(needing.map(({ symbol }) => escape(symbol)))].slice(0, mostSymbols),
        variants: cause.reach.map(({ variant }) => escape(variant)),
      },
    },
  ]
}

function aboutFinding(
  { kind, severity }: KindGroup,
  { variants }: VariantGroup,
  finding: SymbolFinding,
  all: readonly string[],
  at: Locate,
): SarifResult {
  const { symbol, baseline, current, blame } = finding
  const row = baseline ?? current
  const place = blamePlace(blame)
  return result(
    kind,
    severity,
    [
      `${findingTexts[kind].title}: ${escape(symbol)}, in ${plainText(variantsInWords(variants, all))}.`,
      ...blameSentences([finding]).map(plainText),
    ],
    place ? region(at(place.file, true), place.line) : region(at(row.file), row.line),
    [kind, symbol, variants[0]].join(' '),
  )
}

function aboutEdit({ edit, severity }: EditFinding, at: Locate): SarifResult {
  const { title, meaning } = editTexts[edit.kind]
  const place = at(edit.file, false)
  return result(
    'whitelist-edit',
    severity,
    [`${title}: ${escape(edit.subject)} ${plainText(editChange(edit))}`.trim(), meaning],
    edit.line === undefined ? place : region(place, edit.line),
    ['whitelist-edit', edit.kind, edit.subject, edit.variant ?? ''].join(' '),
  )
}

/** A driver has no line of its own: it stands with the whitelist of its variant. */
function aboutDriver(driver: DriverFinding, location: SarifLocation | undefined): SarifResult {
  const { name, variant, severity } = driver
  return result(
    'driver',
    severity,
    [
      `${findingTexts.driver.title}: ${escape(name)}, in ${escape(variant)}.`,
      plainText(reasonsInWords(driver)),
    ],
    location,
    ['driver', name, variant].join(' '),
  )
}

function aboutHidden({ line, severity }: HiddenFinding, at: Locate): SarifResult {
  return result(
    'hidden',
    severity,
    [`${findingTexts.hidden.title}: ${hiddenWords[line.how]}`, printable(patchText(line), 200)],
    region(at(line.file, true), line.line),
    ['hidden', line.how, line.file, line.text.trim()].join(' '),
  )
}
