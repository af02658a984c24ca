import { describe, expect, it } from 'vitest'
import type { HiddenChange } from '../../src/abi/cause.ts'
import type { LayoutDifference } from '../../src/abi/layouts/layout-change.ts'
import type { Layouts, TypeLayout } from '../../src/abi/layouts/layout.ts'
import { decide, type Case } from '../../src/judge/decide.ts'
import { ofFamily, type HiddenProof } from '../../src/judge/finding.ts'
import type { LocatedLayout } from '../../src/judge/layout-case.ts'
import { presetPolicy, type Policy, type Rule } from '../../src/judge/policy.ts'
import type { VariantCase } from '../../src/judge/variant-case.ts'
import type { LayoutWaiver } from '../../src/judge/waiver.ts'
import { exported, promised, runCase, variantCase } from './cases.ts'

const type: TypeLayout = { kind: 'struct', size: 8, members: [] }
const released: Layouts = {
  ...{ pointer: 8, objects: ['a.o'], symbols: new Map(), unknown: new Map() },
  types: new Map([['s#x', { value: type, object: 0 }]]),
}

function changed(what: LayoutDifference['class'], rest: Partial<LocatedLayout> = {}): LocatedLayout {
  return {
    name: 's#x',
    layout: { before: type, after: type },
    differences: [{ class: what, member: 'a', before: '0', after: '8' }],
    embedding: [],
    digest: { before: '0'.repeat(16), after: '1'.repeat(16) },
    symbols: ['f', 'g'],
    place: { file: 'include/x.h', line: 10, endLine: 20 },
    ...rest,
  }
}

interface Known {
  readonly changes?: readonly LocatedLayout[]
  readonly unknown?: ReadonlyMap<string, string>
  /** What the release does not know either. */
  readonly lost?: ReadonlyMap<string, string>
  /** Symbols whose checksum is another. */
  readonly told?: readonly string[]
  readonly layouts?: 'both' | 'of the release' | 'none'
}

function variant({
  changes = [],
  unknown = new Map(),
  lost = new Map(),
  told = [],
  layouts = 'both',
}: Known): VariantCase {
  const symbols = ['f', 'g']
  const one = variantCase(
    symbols.map((symbol) => promised(symbol)),
    symbols.map((symbol) => exported(symbol, told.includes(symbol) ? { crc: 77 } : {})),
  )
  if (one.guard.kind !== 'stable') throw new Error('promises nothing')
  return {
    ...one,
    guard: {
      ...one.guard,
      ...(layouts === 'none' ? {} : { layouts: { ...released, unknown: lost } }),
      ...(layouts === 'both' ? { laidOut: { changed: changes, unknown } } : {}),
    },
  }
}

function judged(known: Known, rest: Partial<Case> = {}, policy: Partial<Policy> = {}) {
  const strict = presetPolicy('strict')
  const verdict = decide(
    runCase([], { variants: [variant(known)], ...rest, policy: { ...strict, ...policy } }),
  )
  return {
    result: verdict.result,
    layouts: ofFamily(verdict.findings, 'layout').map(({ kind, severity }) => `${kind} ${severity}`),
    untold: ofFamily(verdict.findings, 'layout').flatMap(({ untold }) => untold),
    proofs: ofFamily(verdict.findings, 'hidden').map(({ proof }) => proof),
    hidden: ofFamily(verdict.findings, 'hidden').map(({ severity }) => severity),
    problems: verdict.problems.map(({ kind }) => kind),
    notes: verdict.problems.map(({ message }) => message),
  }
}

const rule = (action: Rule['action'], pattern = '*'): Rule => ({
  ...{ match: { by: 'symbol', pattern }, action },
  ...{ file: 'kabi.yml', line: 9 },
})

const line = (number: number): HiddenChange => ({
  ...{ file: 'include/x.h', line: number, kind: 'added' },
  ...{ text: '#ifndef __GENKSYMS__', how: 'genksyms-guard' },
})

describe('a type that lies in memory otherwise', () => {
  it('breaks the run although no checksum changed, and says which symbols do not tell', () => {
    expect(judged({ changes: [changed('moved')], told: ['g'] })).toMatchObject({
      ...{ result: 'break', layouts: ['layout fail'], untold: ['f'] },
    })
  })

  it('breaks it as well where all checksums tell', () => {
    expect(judged({ changes: [changed('grown')], told: ['f', 'g'] }).layouts).toEqual(['layout fail'])
  })

  it('only warns where nothing moved and a checksum does not tell', () => {
    expect(judged({ changes: [changed('in-hole')] })).toMatchObject({
      result: 'pass',
      layouts: ['fits warn'],
    })
  })

  it('is no finding where nothing moved and the checksums tell', () => {
    expect(judged({ changes: [changed('in-hole')], told: ['f', 'g'] }).layouts).toEqual([])
  })

  it('moves what holds it', () => {
    const held = changed('in-padding', {
      embedding: [
        {
          name: 's#y',
          layout: { before: type, after: type },
          differences: [{ class: 'size', before: '8', after: '16' }],
        },
      ],
    })
    expect(judged({ changes: [held] }).layouts).toEqual(['layout fail'])
  })

  it.each<[what: string, rules: readonly Rule[], expected: readonly string[]]>([
    ['is ignored where a rule lets every symbol pass', [rule('pass')], ['layout ignore']],
    ['warns where a rule warns of one of them', [rule('warn', 'f'), rule('pass')], ['layout warn']],
    ['fails where one symbol has no rule', [rule('pass', 'f')], ['layout fail']],
    ['fails where a rule fails one of them', [rule('fail', 'g'), rule('pass')], ['layout fail']],
  ])('%s', (_, rules, expected) => {
    expect(judged({ changes: [changed('moved')] }, {}, { rules }).layouts).toEqual(expected)
  })

  it('weighs what the policy says', () => {
    const { kinds } = presetPolicy('strict')
    expect(
      judged({ changes: [changed('moved')] }, {}, { kinds: { ...kinds, layout: 'ignore' } }).result,
    ).toBe('pass')
    expect(
      judged({ changes: [changed('moved')] }, {}, { kinds: { ...kinds, layout: 'warn' } }).layouts,
    ).toEqual(['layout warn'])
  })
})

describe('a waiver of a layout', () => {
  const waiver = (changes: Partial<LayoutWaiver> = {}): LayoutWaiver => ({
    ...{ kind: 'layout', name: 's#x', variants: 'all', from: '0'.repeat(16), to: '1'.repeat(16) },
    ...{ reason: 'meant like this', owner: 'mia', expires: '2027-01-31', file: 'w.yml', line: 3 },
    ...changes,
  })
  const withWaiver = (one: LayoutWaiver, policy: Partial<Policy> = {}) =>
    judged(
      { changes: [changed('moved')] },
      { waivers: { list: [one], today: '2026-11-29', complete: true }, hidden: [line(12)] },
      policy,
    )

  it('excuses exactly the layout that it names', () => {
    expect(withWaiver(waiver())).toMatchObject({ result: 'pass', layouts: ['layout warn'], problems: [] })
  })

  it('excuses the lines that hide it, where these fail', () => {
    const kinds = { ...presetPolicy('strict').kinds, hidden: 'fail' as const }
    expect(withWaiver(waiver(), { kinds })).toMatchObject({ result: 'pass', hidden: ['warn'] })
    expect(withWaiver(waiver({ to: '2'.repeat(16) }), { kinds }).hidden).toEqual(['fail'])
  })

  it.each<[string, Partial<LayoutWaiver>]>([
    ['another layout now', { to: '2'.repeat(16) }],
    ['another layout in the release', { from: '2'.repeat(16) }],
    ['another type', { name: 's#y' }],
    ['another variant', { variants: ['elsewhere'] }],
    ['a day that is over', { expires: '2026-11-28' }],
  ])('does not excuse with %s, and is told of', (_, changes) => {
    const { result, problems } = withWaiver(waiver(changes))
    expect(result).toBe('break')
    expect(problems).toContain('expires' in changes ? 'waiver-expired' : 'waiver-unused')
  })
})

describe('a line that hides a change', () => {
  it('is at the type that it overrides', () => {
    const override = (name: string): HiddenChange => ({
      ...{ file: 'lib/x.symref', line: 1, kind: 'added', how: 'override' },
      text: ` override ${name} struct x { int a ; }`,
    })
    const { proofs } = judged({ changes: [changed('moved')] }, { hidden: ['s#x', 's#y'].map(override) })
    expect(proofs).toEqual([
      { kind: 'moves', types: ['s#x'] },
      { kind: 'harmless', types: [] },
    ])
  })

  it('is at all that it decides about', () => {
    const hidden = (endLine: number) => [{ ...line(5), endLine }]
    const proofs = (change: LocatedLayout, endLine: number) =>
      judged({ changes: [change] }, { hidden: hidden(endLine) }).proofs
    expect(proofs(changed('moved'), 12)).toEqual([{ kind: 'moves', types: ['s#x'] }])
    expect(proofs(changed('moved'), 9)).toEqual([{ kind: 'harmless', types: [] }])
    const patch = [{ file: 'include/x.h', line: 7, kind: 'added', text: '#define A int a;' } as const]
    expect(proofs({ ...changed('moved'), patch }, 9)).toEqual([{ kind: 'moves', types: ['s#x'] }])
  })

  const proof = (known: Known, at = 12, policy: Partial<Policy> = {}): HiddenProof | undefined =>
    judged(known, { hidden: [line(at)] }, policy).proofs[0]

  it.each<[what: string, known: Known, at: number, expected: HiddenProof]>([
    [
      'moves the type that it stands in',
      { changes: [changed('moved')] },
      12,
      { kind: 'moves', types: ['s#x'] },
    ],
    [
      'is harmless where it stands in another one, which the change is found in',
      { changes: [changed('moved')] },
      30,
      { kind: 'harmless', types: [] },
    ],
    [
      'may have moved a type whose place was not found',
      { changes: [{ ...changed('moved'), place: undefined } as unknown as LocatedLayout] },
      30,
      { kind: 'moves', types: ['s#x'] },
    ],
    ['fits', { changes: [changed('replaced')] }, 20, { kind: 'harmless', types: ['s#x'] }],
    ['is harmless where nothing changed', {}, 12, { kind: 'harmless', types: [] }],
    [
      'is not known where the release lacks some types, and the line is at none that changed',
      { changes: [changed('moved')], lost: new Map([['s#y', 'lib/y.o could not be compiled']]) },
      40,
      { kind: 'no-baseline', variants: ['x86_64'] },
    ],
    [
      'is known at a type that moved, whatever else the release lacks',
      { changes: [changed('moved')], lost: new Map([['s#y', 'lib/y.o could not be compiled']]) },
      12,
      { kind: 'moves', types: ['s#x'] },
    ],
    [
      'is not known without layouts of the release',
      { layouts: 'none' },
      12,
      { kind: 'no-baseline', variants: ['x86_64'] },
    ],
  ])('%s', (_, known, at, expected) => {
    expect(proof(known, at)).toEqual(expected)
  })

  it('is not looked at where the policy has layouts off', () => {
    expect(proof({ layouts: 'none' }, 12, { layouts: 'off' })).toEqual({ kind: 'off' })
  })

  it('is an error where the release has layouts and the build has none', () => {
    const { result, problems, proofs } = judged({ layouts: 'of the release' }, { hidden: [line(12)] })
    expect([result, problems]).toEqual(['error', ['hidden-not-judged']])
    expect(proofs).toEqual([{ kind: 'no-build', variants: ['x86_64'] }])
  })

  it('is an error where a type is no longer known, which is a note without such a line', () => {
    const unknown = new Map([['s#x', 'a.o could not be compiled']])
    expect(judged({ unknown }, { hidden: [line(12)] })).toMatchObject({
      ...{ result: 'error', problems: ['hidden-not-judged'] },
    })
    const note = judged({ unknown })
    expect([note.result, note.problems]).toEqual(['pass', ['layouts-not-known']])
    expect(note.notes[0]).toContain('was not compared: a.o could not be compiled.')
  })
})
