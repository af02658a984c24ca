import { describe, expect, it } from 'vitest'
import { annotations } from '../../src/report/annotations/annotations.ts'
import { renderAudit } from '../../src/report/audit.ts'
import { findingTexts } from '../../src/report/model/finding-texts.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { renderJunit } from '../../src/report/junit/render-junit.ts'
import { renderCodeQuality } from '../../src/report/gitlab/render-code-quality.ts'
import { renderJson } from '../../src/report/json/render-json.ts'
import { renderMarkdown } from '../../src/report/markdown/render-markdown.ts'
import { renderSarif } from '../../src/report/sarif/render-sarif.ts'
import { renderText } from '../../src/report/text/render-text.ts'
import { verdictOutputs } from '../../src/action/outputs.ts'
import { planComment } from '../../src/action/plan-comment.ts'
import type { Columns } from './cases.ts'
import { applyApproval } from '../../src/judge/apply-approval.ts'
import { decide, type Case } from '../../src/judge/decide.ts'
import type { LayoutDifference } from '../../src/abi/layouts/layout-change.ts'
import type { TypeLayout } from '../../src/abi/layouts/layout.ts'
import type { LocatedLayout } from '../../src/judge/layout-case.ts'
import type { VariantCase } from '../../src/judge/variant-case.ts'
import { exitCode } from '../../src/judge/exit-code.ts'
import { subjectOf, type FindingKind } from '../../src/judge/finding.ts'
import { presetPolicy, type Severity } from '../../src/judge/policy.ts'
import { exported, promised, runCase, variantCase } from './cases.ts'

const quiet = exported('quiet')

/** A case in which one symbol differs, or is new. */
function ofSymbol(before: Columns | undefined, after: Columns | undefined): Partial<Case> {
  const rows = [promised('quiet'), ...(before ? [promised('subject', before)] : [])]
  return { variants: [variantCase(rows, [quiet, ...(after ? [exported('subject', after)] : [])])] }
}

function withDriver(): VariantCase {
  const one = variantCase([promised('quiet')], [quiet, exported('private', { crc: 3 })])
  const driver = {
    ...{ file: 'drivers/subject.ko', name: 'subject', arch: 'x86_64' },
    imports: [{ symbol: 'private', crc: 2 }],
    exports: new Set<string>(),
    info: { license: 'GPL', vermagic: undefined, namespaces: [] },
  }
  if (one.guard.kind !== 'stable') throw new Error('promises nothing')
  return { ...one, guard: { ...one.guard, drivers: [driver] } }
}

/** A variant with a type that changed although no checksum did. */
function withLayout(what: LayoutDifference['class']): VariantCase {
  const one = variantCase([promised('quiet')], [quiet])
  if (one.guard.kind !== 'stable') throw new Error('promises nothing')
  const layout: TypeLayout = { kind: 'struct', size: 8, members: [] }
  const change: LocatedLayout = {
    name: 's#subject',
    layout: { before: layout, after: layout },
    differences: [{ class: what, member: 'a', before: '0', after: '8' }],
    embedding: [],
    digest: { before: '0'.repeat(16), after: '1'.repeat(16) },
    symbols: ['quiet'],
  }
  const layouts = { pointer: 8, objects: [], types: new Map(), symbols: new Map(), unknown: new Map() }
  const laidOut = { changed: [change], unknown: new Map() }
  return { ...one, guard: { ...one.guard, layouts, laidOut } }
}

const intact: Partial<Case> = { variants: [variantCase([promised('quiet')], [quiet])] }

/** A run with one finding of each kind, about something that is called `subject`. */
const cases: Readonly<Record<FindingKind, Partial<Case>>> = {
  removed: ofSymbol({}, undefined),
  changed: ofSymbol({}, { crc: 2 }),
  unversioned: ofSymbol({}, { crc: 0 }),
  'export-type': ofSymbol({}, { type: 'EXPORT_SYMBOL_GPL' }),
  announced: ofSymbol({}, { type: 'EXPORT_SYMBOL_GPL_FUTURE' }),
  namespace: ofSymbol({}, { namespace: 'PRIVATE' }),
  moved: ofSymbol({}, { module: 'drivers/x/x' }),
  added: ofSymbol(undefined, {}),
  hidden: {
    ...intact,
    hidden: [
      { how: 'genksyms-guard', file: 'subject.h', line: 3, kind: 'added', text: '#ifdef __GENKSYMS__' },
    ],
  },
  layout: { variants: [withLayout('moved')] },
  fits: { variants: [withLayout('in-hole')] },
  'whitelist-edit': {
    ...intact,
    edits: [{ kind: 'row-removed', subject: 'subject', variant: 'x86_64', file: 'kabi_whitelist' }],
  },
  driver: { variants: [withDriver()] },
}

const names = Object.keys(cases) as readonly FindingKind[]
/** Those that are about the patch, and not about a variant. */
const ofTheRun: readonly FindingKind[] = ['hidden']

function verdictOf(kind: FindingKind, severity: Severity, rest: Partial<Case> = {}) {
  const strict = presetPolicy('strict')
  const policy = { ...strict, kinds: { ...strict.kinds, [kind]: severity } }
  return decide(runCase([], { ...cases[kind], policy, ...rest }))
}

/** A base of which nothing is known. */
const base: Case['base'] = {
  ...{ commit: 'b'.repeat(40), preExisting: 'warn', variants: new Map() },
  ...{ startsPatch: false, counts: false },
}

const override = { by: 'mia', reason: 'wanted' }
const run = { actor: 'mia', url: '', repository: 'o/r', commit: 'a'.repeat(40), at: '2026-11-29T00:00:00Z' }

describe.each(names)('a finding of kind %s', (kind) => {
  const failing = verdictOf(kind, 'fail')

  it('breaks the run, and its variant in the table', () => {
    expect([failing.result, exitCode(failing)]).toEqual(['break', 1])
    expect(failing.findings).toMatchObject([{ kind, severity: 'fail' }])
    expect(failing.findings.map(subjectOf).join()).toContain('subject')
    const [variant] = failing.variants
    const bound = !ofTheRun.includes(kind)
    expect([variant?.result, variant?.findings.fail]).toEqual(bound ? ['break', 1] : ['pass', 0])
  })

  it('is the reason of the verdict, also when a label is refused', () => {
    const reason = { weight: 'fail', about: { finding: kind }, count: 1 }
    expect(failing.reasons).toMatchObject([reason])
    const refused = applyApproval(failing, { kind: 'refused', why: 'x' }, 'kabi')
    expect(refused.reasons[0]).toMatchObject(reason)
  })

  it('is counted by the outputs and by the audit line of the override', () => {
    expect(verdictOutputs(failing)).toMatchObject({ verdict: 'break', breaking: true })
    const line = JSON.parse(renderAudit(verdictOf(kind, 'fail', { override }), run)) as unknown
    expect(line).toMatchObject({ failing: 1, kinds: { [kind]: 1 } })
  })

  it.each<[string, (verdict: typeof failing) => string]>([
    ['text', (verdict) => renderText(verdict, { color: false })],
    ['Markdown', (verdict) => renderMarkdown(verdict, { maxBytes: 60_000 })],
    ['HTML', renderHtml],
    ['SARIF', (verdict) => renderSarif(verdict, { roots: [] })],
    ['JSON', (verdict) => renderJson(verdict)],
    ['annotations', (verdict) => JSON.stringify(annotations(verdict))],
  ])('is named in %s', (_format, render) => {
    expect(render(failing)).toContain('subject')
  })

  it.each<[string, (verdict: typeof failing) => string, string]>([
    ['text', (verdict) => renderText(verdict, { color: false }), 'of unknown origin'],
    ['Markdown', (verdict) => renderMarkdown(verdict, { maxBytes: 60_000 }), 'of unknown origin'],
    ['HTML', renderHtml, 'of unknown origin'],
    ['SARIF', (verdict) => renderSarif(verdict, { roots: [] }), '"origin": "unknown"'],
    ['JSON', (verdict) => renderJson(verdict), '"origin": "unknown"'],
    ['annotations', (verdict) => JSON.stringify(annotations(verdict)), 'Of unknown origin'],
    ['JUnit', renderJunit, 'Of unknown origin'],
    ['GitLab', (verdict) => renderCodeQuality(verdict, { roots: [] }), 'Of unknown origin'],
    [
      'the audit line',
      (verdict) => renderAudit({ ...verdict, result: 'overridden', override }, run),
      '"introduced":0,"preExisting":0,"unknown":1',
    ],
  ])('says in %s where it comes from, if somebody asked, and fails all the same', (_format, render, said) => {
    const asked = verdictOf(kind, 'fail', { base })
    expect([asked.result, exitCode(asked)]).toEqual(['break', 1])
    expect(render(asked)).toContain(said)
    expect(render(failing)).not.toMatch(/unknown origin|"origin": "|"unknown":/i)
  })

  it('is in the least that Markdown says, with its title, unless it is ignored', () => {
    // Nothing longer than the counts fits in here.
    const short = (severity: Severity) => renderMarkdown(verdictOf(kind, severity), { maxBytes: 100 })
    expect(short('fail')).toContain(findingTexts[kind].title)
    expect(short('ignore')).not.toContain(findingTexts[kind].title)
  })

  it('that only warns asks for a comment and is no break', () => {
    const warning = verdictOf(kind, 'warn')
    expect([warning.result, exitCode(warning)]).toEqual(['pass', 0])
    expect(verdictOutputs(warning)).toMatchObject({ breaking: false })
    const plan = planComment(undefined, { body: 'b', mode: 'on-change', verdict: warning })
    expect(plan.kind).toBe('create')
  })
})
