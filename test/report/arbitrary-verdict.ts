import type { Blame } from '../../src/abi/blame.ts'
import fc from 'fast-check'
import type { Problem } from '../../src/problem/problem.ts'
import { problemTexts } from '../../src/problem/problem.ts'
import type { DriverReason, DriverReport } from '../../src/judge/drivers.ts'
import type { GateEditKind } from '../../src/judge/gate-edit.ts'
import type { DriverFinding, EditFinding, SymbolFinding } from '../../src/judge/finding.ts'
import type { Rule } from '../../src/judge/policy.ts'
import { waivableKinds, type SymbolWaiver } from '../../src/judge/waiver.ts'
import type { Break } from '../../src/judge/break.ts'
import type { Series } from '../../src/judge/series.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import type { Change, PatchLine, SourcePlace, UnexplainedReason } from '../../src/abi/cause.ts'
import { editTexts } from '../../src/report/model/edit-texts.ts'
import { changeTexts } from '../../src/report/model/change-texts.ts'
import { unexplainedTexts } from '../../src/report/model/unexplained-texts.ts'
import { explainedVerdict } from './explained-verdicts.ts'
import { evilTexts } from './evil-verdict.ts'
import { arbitraryDifferences, arbitraryLayoutFinding, arbitraryProof } from './arbitrary-layouts.ts'
import { added, differs, edited, removed, stopped, verdictOf } from './samples.ts'

/** Any text, with a preference for what does harm. */
export const evilText: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 2, arbitrary: fc.constantFrom(...evilTexts) },
  {
    weight: 3,
    arbitrary: fc
      .array(
        fc.constantFrom(
          '::',
          ':',
          '##[',
          '#',
          '[',
          '@',
          '`',
          '|',
          '\n',
          '\u001b',
          '\u200b',
          '\ud800',
          ' ',
          'a',
          '\u001b[1m',
          '😀',
        ),
        { maxLength: 400 },
      )
      .map((parts) => parts.join('')),
  },
)

const rule: fc.Arbitrary<Rule> = fc.record(
  {
    match: fc.record({
      by: fc.constantFrom('symbol', 'module', 'namespace'),
      pattern: evilText,
    }),
    action: fc.constantFrom('pass', 'warn', 'fail'),
    reason: evilText,
    file: evilText,
    line: fc.nat(9999),
  },
  { requiredKeys: ['match', 'action', 'file', 'line'] },
)

const place = fc.record(
  { file: evilText, line: fc.nat(9999), column: fc.nat(99) },
  { requiredKeys: ['file'] },
)

const problem: fc.Arbitrary<Problem> = fc.record(
  {
    kind: fc.constantFrom(...(Object.keys(problemTexts) as Problem['kind'][])),
    message: evilText,
    place,
    variant: evilText,
    excerpt: fc.array(evilText, { maxLength: 5 }),
    advice: evilText,
  },
  { requiredKeys: ['kind', 'message'] },
)

const side = fc.record(
  {
    crc: fc.nat(0xffffffff),
    module: evilText,
    namespace: evilText,
    type: fc.constantFrom('EXPORT_SYMBOL', 'EXPORT_SYMBOL_GPL'),
  },
  { requiredKeys: [] },
)

const waiver: fc.Arbitrary<SymbolWaiver> = fc.record(
  {
    symbol: evilText,
    kind: fc.constantFrom(...waivableKinds),
    variants: fc.oneof(fc.constant('all' as const), fc.array(evilText, { maxLength: 3 })),
    from: fc.nat(0xffffffff),
    to: fc.oneof(fc.constant('removed' as const), fc.nat(0xffffffff)),
    reason: evilText,
    owner: evilText,
    ticket: evilText,
    expires: evilText,
    file: evilText,
    line: fc.nat(9999),
  },
  {
    requiredKeys: ['symbol', 'kind', 'variants', 'from', 'to', 'reason', 'owner', 'expires', 'file', 'line'],
  },
)

const severity = fc.constantFrom('fail', 'warn', 'ignore')

const edit: fc.Arbitrary<EditFinding> = fc
  .tuple(
    severity,
    fc.record(
      {
        kind: fc.constantFrom(...(Object.keys(editTexts) as GateEditKind[])),
        subject: evilText,
        variant: evilText,
        before: evilText,
        after: evilText,
        file: evilText,
        line: fc.nat(9999),
      },
      { requiredKeys: ['kind', 'subject', 'file'] },
    ),
  )
  .map(([weight, one]) => edited(weight, one))

const sourcePlace: fc.Arbitrary<SourcePlace> = fc.record({
  file: evilText,
  line: fc.nat(9999),
  endLine: fc.nat(9999),
})

const patchLine: fc.Arbitrary<PatchLine> = fc.record(
  {
    file: evilText,
    line: fc.nat(9999),
    kind: fc.constantFrom('added', 'removed'),
    text: evilText,
    commit: fc.record({ hash: evilText, subject: evilText, date: evilText }),
  },
  { requiredKeys: ['file', 'line', 'kind', 'text'] },
)

const blame: fc.Arbitrary<Blame> = fc.record(
  {
    patch: fc.array(patchLine, { maxLength: 6 }),
    options: fc.array(fc.record({ name: evilText, before: evilText, after: evilText }), { maxLength: 2 }),
    place: sourcePlace,
  },
  { requiredKeys: ['patch'] },
)

const common = fc.record(
  {
    symbol: evilText,
    variant: evilText,
    severity,
    rule,
    waiver,
    blame,
  },
  { requiredKeys: ['symbol', 'variant', 'severity'] },
)

const finding: fc.Arbitrary<SymbolFinding> = fc.oneof(
  fc.tuple(common, side).map(([one, before]) => removed(one, before)),
  fc.tuple(common, side).map(([one, after]) => added(one, after)),
  fc
    .tuple(fc.constantFrom('changed', 'unversioned', 'export-type', 'namespace', 'moved'), common, side, side)
    .map(([kind, one, before, after]) => differs(kind, one, before, after)),
)

const definitionName = fc
  .tuple(fc.constantFrom('s#', 'u#', 'e#', 't#', 'E#', ''), evilText)
  .map(([prefix, name]) => prefix + name)

const change: fc.Arbitrary<Change> = fc.record(
  {
    class: fc.constantFrom(...(Object.keys(changeTexts) as Change['class'][])),
    subject: evilText,
    before: evilText,
    after: evilText,
  },
  { requiredKeys: ['class'] },
)

const causeSketch = fc.record(
  {
    name: definitionName,
    before: evilText,
    after: evilText,
    changes: fc.array(change, { minLength: 1, maxLength: 6 }),
    chain: fc.array(definitionName, { maxLength: 4 }),
    place: sourcePlace,
    patch: fc.array(patchLine, { maxLength: 5 }),
    reserved: fc.record({ macro: evilText, left: fc.nat(9), place: sourcePlace }),
    layout: fc.record({
      sizeBefore: fc.nat(9999),
      sizeAfter: fc.nat(9999),
      differences: arbitraryDifferences(evilText),
    }),
    needs: fc.tuple(fc.nat(8), fc.nat(20)),
    some: fc.nat(3),
  },
  { requiredKeys: ['name', 'before', 'after', 'changes', 'chain', 'needs', 'some'] },
)

/** Verdicts with an explanation and hidden lines, every text of which may be anything. */
const explainedVerdicts: fc.Arbitrary<Verdict> = fc
  .record({
    variants: fc.uniqueArray(evilText, { minLength: 1, maxLength: 4 }),
    symbols: fc.uniqueArray(evilText, { maxLength: 20 }),
    causes: fc.array(causeSketch, { maxLength: 4 }),
    unexplained: fc.array(
      fc.record({
        variant: evilText,
        why: fc.constantFrom(...(Object.keys(unexplainedTexts) as UnexplainedReason[])),
        symbols: fc.array(evilText, { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
    hidden: fc.array(
      fc.tuple(
        patchLine,
        fc.constantFrom('genksyms-guard', 'kabi-macro', 'override', 'kabi-rule'),
        severity,
        arbitraryProof(evilText),
      ),
      { maxLength: 3 },
    ),
  })
  .map(({ variants, symbols, causes, unexplained, hidden }) =>
    explainedVerdict({
      variants,
      symbols,
      causes: causes.map(({ some, ...cause }) => ({ ...cause, variants: variants.slice(0, some) })),
      unexplained: unexplained.map((one, index) => ({ ...one, variant: variants[index] ?? one.variant })),
      hidden: hidden.map(([line, how, severity, proof]) => ({
        family: 'hidden',
        kind: 'hidden',
        severity,
        line: { ...line, how },
        proof,
      })),
    }),
  )

const driverReason: fc.Arbitrary<DriverReason> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('checksum', 'module-layout'),
    symbol: evilText,
    built: fc.nat(),
    expected: fc.nat(),
    by: fc.constantFrom('whitelist', 'kernel'),
  }),
  fc.record({ kind: fc.constant('no-checksum'), symbol: evilText, expected: fc.nat() }),
  fc.record({ kind: fc.constantFrom('not-exported', 'gpl-only'), symbol: evilText }),
  fc.record({ kind: fc.constant('namespace'), symbol: evilText, namespace: evilText }),
)

const driver: fc.Arbitrary<DriverFinding> = fc
  .record({
    variant: evilText,
    severity,
    name: evilText,
    file: evilText,
    reasons: fc.array(driverReason, { minLength: 1, maxLength: 3 }),
    causes: fc.array(evilText, { maxLength: 2 }),
  })
  .map(stopped)

const driverReport: fc.Arbitrary<DriverReport> = fc.record({
  sets: fc.array(
    fc.record({
      variant: evilText,
      drivers: fc.nat(99),
      broken: fc.nat(99),
      foreign: fc.array(evilText, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
  ranks: fc.array(
    fc.record({
      about: fc.oneof(fc.record({ cause: evilText }), fc.record({ symbol: evilText })),
      drivers: fc.nat(99),
    }),
    { maxLength: 4 },
  ),
})

const lineCommit = fc.record({ hash: evilText, subject: evilText, date: evilText })

const broken: fc.Arbitrary<Break> = fc.oneof(
  fc.record({
    kind: fc.constant('type' as const),
    name: evilText,
    change: fc.option(fc.record({ class: fc.constant('other' as const), subject: evilText }), {
      nil: undefined,
    }),
    after: evilText,
    symbols: fc.array(evilText, { maxLength: 3 }),
    lines: fc.array(
      fc.record({ file: evilText, line: fc.nat(9999), kind: fc.constant('added' as const), text: evilText }),
      { maxLength: 2 },
    ),
  }),
  fc.record({
    kind: fc.constant('symbol' as const),
    finding: fc.constant('removed' as const),
    name: evilText,
    symbols: fc.array(evilText, { maxLength: 1 }),
    lines: fc.constant([]),
  }),
)
const breaks = fc.array(broken, { maxLength: 2 })

const series: fc.Arbitrary<Series> = fc.record({
  base: lineCommit,
  before: breaks,
  commits: fc.array(
    fc.record(
      {
        commit: lineCommit,
        skipped: evilText,
        doubtful: fc.array(lineCommit, { maxLength: 2 }),
        introduced: breaks,
        changed: breaks,
        repaired: breaks,
      },
      { requiredKeys: ['commit', 'doubtful', 'introduced', 'changed', 'repaired'] },
    ),
    { maxLength: 4 },
  ),
})

/** Every origin in turn. */
function originAt(index: number) {
  const all = [
    { origin: 'introduced' },
    { origin: 'unknown' },
    { origin: 'pre-existing' },
    { origin: 'pre-existing', severity: 'warn', excused: true },
  ] as const
  return all[index % all.length]
}

/** Verdicts in which every text that somebody else writes may be anything. */
export const evilVerdicts: fc.Arbitrary<Verdict> = fc.oneof(plainVerdicts(), explainedVerdicts)

function plainVerdicts(): fc.Arbitrary<Verdict> {
  return fc
    .record(
      {
        variants: fc.array(evilText, { maxLength: 12 }),
        silent: fc.dictionary(evilText, evilText, { maxKeys: 2 }),
        findings: fc.array(finding, { maxLength: 30 }),
        problems: fc.array(problem, { maxLength: 6 }),
        override: fc.record({ by: evilText, reason: evilText }),
        policy: evilText,
        configuration: fc.record({
          kind: fc.constant('commit' as const),
          name: evilText,
          commit: evilText,
          branch: evilText,
        }),
        unusedRules: fc.array(rule, { maxLength: 3 }),
        edits: fc.array(edit, { maxLength: 3 }),
        stops: fc.array(driver, { maxLength: 4 }),
        layouts: fc.array(arbitraryLayoutFinding(evilText, severity), { maxLength: 4 }),
        drivers: driverReport,
        series,
        origins: fc.record({ base: evilText, preExisting: fc.constantFrom('fail', 'warn') }),
      },
      { requiredKeys: [] },
    )
    .chain((parts) =>
      evilText.map((version): Verdict => {
        const { findings = [], edits = [], stops = [], layouts = [] } = parts
        const all = [...findings, ...layouts, ...edits, ...stops]
        const found = parts.origins ? all.map((one, at) => ({ ...one, ...originAt(at) })) : all
        const verdict = verdictOf({ ...parts, findings: found })
        return { ...verdict, tool: { name: 'kabi-gate', version } }
      }),
    )
}
