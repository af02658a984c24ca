import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DifferenceKind } from '../../src/abi/compare.ts'
import type { LayoutDifference } from '../../src/abi/layouts/layout-change.ts'
import type { Layouts, TypeLayout } from '../../src/abi/layouts/layout.ts'
import { decide } from '../../src/judge/decide.ts'
import type { Finding, FindingKind, SymbolFinding } from '../../src/judge/finding.ts'
import {
  baseVariant,
  countOrigins,
  originOfCause,
  weightOfPreExisting,
  withOrigins,
  type BaseCase,
  type Origin,
} from '../../src/judge/origin.ts'
import { presetPolicy } from '../../src/judge/policy.ts'
import { refuseOverride } from '../../src/judge/refuse-override.ts'
import { evidence, exported, promised, runCase, variantCase, type Columns } from './cases.ts'

const commit = 'b'.repeat(40)
const quiet = exported('quiet')

/** What the base has of the symbol `subject`; `gone`: it is not exported. */
type Before = Columns | 'gone'

/** A kind, what the list and the head have of `subject`, and what a base may have that differs in the same kind, otherwise. */
interface Example {
  readonly promised: Columns | undefined
  readonly head: Before
  readonly other?: Columns
}

const examples: Readonly<Record<DifferenceKind, Example>> = {
  removed: { promised: {}, head: 'gone' },
  changed: { promised: {}, head: { crc: 2 }, other: { crc: 3 } },
  // A list with a zero cannot be compared, whatever the build has.
  unversioned: { promised: { crc: 0 }, head: { crc: 2 }, other: { crc: 3 } },
  'export-type': {
    promised: {},
    head: { type: 'EXPORT_SYMBOL_GPL' },
    other: { type: 'EXPORT_UNUSED_SYMBOL_GPL' },
  },
  announced: {
    promised: {},
    head: { type: 'EXPORT_SYMBOL_GPL_FUTURE' },
    other: { type: 'EXPORT_UNUSED_SYMBOL' },
  },
  namespace: { promised: {}, head: { namespace: 'A' }, other: { namespace: 'B' } },
  moved: { promised: {}, head: { module: 'drivers/a' }, other: { module: 'drivers/b' } },
  added: { promised: undefined, head: {}, other: { crc: 3 } },
}
const kinds = Object.keys(examples) as readonly DifferenceKind[]

const strict = presetPolicy('strict')
const failing = {
  ...strict,
  kinds: Object.fromEntries(Object.keys(strict.kinds).map((kind) => [kind, 'fail'])) as typeof strict.kinds,
}

function rowsOf({ promised: columns }: Example) {
  return [promised('quiet'), ...(columns ? [promised('subject', columns)] : [])]
}

function exportsOf(before: Before) {
  return [quiet, ...(before === 'gone' ? [] : [exported('subject', before)])]
}

/** What is known of a base that has this of `subject`. */
function baseOf(example: Example, before: Before | undefined, rest: Partial<BaseCase> = {}): BaseCase {
  const whitelist = { file: 'kabi_whitelist', dialect: 'canonical' as const, rows: rowsOf(example) }
  const base = before === undefined ? undefined : evidence('x86_64', exportsOf(before))
  const known = baseVariant(whitelist, new Set(['subject']), { base, head: undefined })
  const variants = new Map(known ? [['x86_64', known] as const] : [])
  return { commit, preExisting: 'fail', variants, startsPatch: false, counts: false, ...rest }
}

function judged(kind: DifferenceKind, before: Before | undefined, rest: Partial<BaseCase> = {}) {
  const example = examples[kind]
  return decide(
    runCase([variantCase(rowsOf(example), exportsOf(example.head))], {
      policy: failing,
      base: baseOf(example, before, rest),
    }),
  )
}

function originOf(kind: DifferenceKind, before: Before | undefined): Origin | undefined {
  const { findings, result } = judged(kind, before)
  expect([result, findings.length, findings[0]?.kind]).toEqual(['break', 1, kind])
  return findings[0]?.origin
}

describe.each(kinds)('a finding of kind %s', (kind) => {
  const { promised: row, head, other } = examples[kind]

  it('was there before where the base differs in the same way', () => {
    expect(originOf(kind, head)).toBe('pre-existing')
  })

  // Nothing is as promised by a list with a zero.
  it.runIf(kind !== 'unversioned')('is introduced where the base is as promised', () => {
    expect(originOf(kind, row ?? 'gone')).toBe('introduced')
  })

  it.runIf(other)('is introduced where the base differs in the same kind, otherwise', () => {
    expect(originOf(kind, other ?? {})).toBe('introduced')
  })

  it.runIf(kind !== 'removed')('is introduced where the base does not export the symbol', () => {
    expect(originOf(kind, 'gone')).toBe('introduced')
  })

  it('is of unknown origin where the base was not looked at', () => {
    expect(originOf(kind, undefined)).toBe('unknown')
  })
})

describe('what is known of a base', () => {
  const whitelist = { file: 'l', dialect: 'canonical' as const, rows: [promised('subject')] }
  const asked = new Set(['subject'])

  it('is nothing where it was not collected, or has no export at all', () => {
    const failure = { kind: 'failure', variant: 'x86_64', problems: [] } as const
    for (const base of [undefined, failure, evidence('x86_64', [])])
      expect(baseVariant(whitelist, asked, { base, head: undefined })).toBeUndefined()
  })

  it('is nothing of a symbol that nobody asked for, though the evidence has it', () => {
    const base = evidence('x86_64', exportsOf({ crc: 2 }))
    const known = baseVariant(whitelist, new Set(['quiet']), { base, head: undefined })
    const run = variantCase([promised('subject')], [exported('subject', { crc: 2 })])
    const held = { ...baseOf(examples.changed, {}), variants: new Map(known ? [['x86_64', known]] : []) }
    expect(decide(runCase([run], { base: held })).findings[0]?.origin).toBe('unknown')
  })

  it('tells nothing of another variant', () => {
    const run = variantCase(rowsOf(examples.changed), exportsOf({ crc: 2 }), 'i686')
    const verdict = decide(runCase([run], { base: baseOf(examples.changed, { crc: 2 }) }))
    expect(verdict.findings[0]?.origin).toBe('unknown')
  })
})

const old: TypeLayout = { kind: 'struct', size: 8, align: 8, members: [] }
const grown: TypeLayout = { ...old, size: 16 }
const packed: TypeLayout = { ...grown, align: 1 }

function layoutsOf(types: Readonly<Record<string, TypeLayout>>): Layouts {
  const known = Object.entries(types).map(([name, value]) => [name, { value, object: 0 }] as const)
  return { pointer: 8, objects: [], types: new Map(known), symbols: new Map(), unknown: new Map() }
}

describe('a layout', () => {
  const head = { 's#subject': grown, 's#holder': grown }
  const differences: readonly LayoutDifference[] = [{ class: 'size', before: '8', after: '16' }]
  const finding: Finding = {
    ...{ family: 'layout', kind: 'layout', severity: 'fail', variant: 'x86_64' },
    ...{ name: 's#subject', layout: { before: old, after: grown }, differences },
    embedding: [{ name: 's#holder', layout: { before: old, after: grown }, differences }],
    ...{ digest: { before: '', after: '' }, symbols: ['quiet'], untold: ['quiet'] },
  }

  it.each<[string, Readonly<Record<string, TypeLayout>> | undefined, Origin]>([
    ['the base has it in the same way', head, 'pre-existing'],
    ['it is as promised there', { ...head, 's#subject': old }, 'introduced'],
    ['it moved otherwise there', { ...head, 's#subject': { ...grown, size: 24 } }, 'introduced'],
    ['a type that holds it was another there', { ...head, 's#holder': packed }, 'introduced'],
    ['the base does not know it', { 's#holder': grown }, 'unknown'],
    ['the base does not know a type that holds it', { 's#subject': grown }, 'unknown'],
    ['it moved, and the base does not know a type that holds it', { 's#subject': old }, 'introduced'],
    ['the base has no layouts', undefined, 'unknown'],
  ])('where %s', (_, before, expected) => {
    const known = baseVariant({ file: 'l', dialect: 'canonical', rows: [] }, new Set(['quiet']), {
      base: { ...evidence('x86_64', [quiet]), ...(before ? { layouts: layoutsOf(before) } : {}) },
      head: { ...evidence('x86_64', [quiet]), layouts: layoutsOf(head) },
    })
    const base = { ...baseOf(examples.changed, {}), variants: new Map(known ? [['x86_64', known]] : []) }
    expect(withOrigins([finding], base).map(({ origin }) => origin)).toEqual([expected])
  })
})

describe('lines of the patch and edits of the gate', () => {
  const line = { how: 'genksyms-guard', file: 'a.h', line: 1, kind: 'added', text: '#ifdef' } as const
  const hidden: Finding = {
    ...{ family: 'hidden', kind: 'hidden', severity: 'fail', line },
    proof: { kind: 'off' },
  }
  const edit: Finding = {
    ...{ family: 'gate-edit', kind: 'whitelist-edit', severity: 'fail' },
    edit: { kind: 'row-removed', subject: 'kfree', file: 'l' },
  }

  it.each<[string, Partial<BaseCase>, readonly Origin[]]>([
    ['elsewhere', {}, ['unknown', 'unknown']],
    ['at the base', { startsPatch: true }, ['introduced', 'unknown']],
    ['at the base that counts', { startsPatch: true, counts: true }, ['introduced', 'introduced']],
  ])('of a patch that starts %s', (_, rest, expected) => {
    const base = baseOf(examples.changed, {}, rest)
    expect(withOrigins([hidden, edit], base).map(({ origin }) => origin)).toEqual(expected)
  })
})

describe('a driver', () => {
  const symbol = (name: string, crc: number): Finding => ({
    ...{ family: 'symbol', kind: 'changed', symbol: name, variant: 'x86_64', severity: 'fail' },
    ...{ baseline: promised(name), current: exported(name, { crc }) },
  })
  const reason = (name: string) =>
    ({ kind: 'checksum', symbol: name, expected: 2, built: 1 }) as unknown as never
  const driver = (...names: readonly string[]): Finding => ({
    ...{ family: 'driver', kind: 'driver', severity: 'fail', variant: 'x86_64' },
    ...{ name: 'card', file: 'card.ko', reasons: names.map(reason), causes: [] },
  })
  const whitelist = { file: 'l', dialect: 'canonical' as const, rows: [promised('a'), promised('b')] }
  const known = baseVariant(whitelist, new Set(['a', 'b']), {
    base: evidence('x86_64', [exported('a', { crc: 2 }), exported('b')]),
    head: undefined,
  })
  const base = { ...baseOf(examples.changed, {}), variants: new Map(known ? [['x86_64', known]] : []) }

  it.each<[readonly string[], Origin]>([
    [['a'], 'pre-existing'],
    [['a', 'b'], 'introduced'],
    [['a', 'nobody'], 'unknown'],
    [['nobody'], 'unknown'],
    [['b', 'nobody'], 'introduced'],
    [[], 'unknown'],
  ])('that stops for %j', (names, expected) => {
    const findings = withOrigins([symbol('a', 2), symbol('b', 2), driver(...names)], base)
    expect(findings.map(({ origin }) => origin)).toEqual(['pre-existing', 'introduced', expected])
  })

  it('that something else of the same symbol stops is of unknown origin', () => {
    const other = { ...driver(), reasons: [{ kind: 'gpl-only', symbol: 'a' }] } as unknown as Finding
    expect(withOrigins([symbol('a', 2), other], base)[1]?.origin).toBe('unknown')
  })
})

describe('a definition that changed checksums', () => {
  it.each<[readonly string[], Origin | undefined]>([
    [['x86_64 introduced'], 'introduced'],
    [['x86_64 introduced', 'x86_64 unknown'], 'introduced'],
    [['x86_64 unknown'], 'unknown'],
    // What has the checksum of the base is made of the same: the other symbol has another cause, too.
    [['x86_64 introduced', 'x86_64 pre-existing'], 'pre-existing'],
    [['x86_64 pre-existing', 'i686 introduced'], 'introduced'],
    [['x86_64 pre-existing', 'i686 unknown'], 'unknown'],
    [['x86_64 pre-existing', 'i686 pre-existing'], 'pre-existing'],
    [['x86_64'], undefined],
    [[], undefined],
  ])('that %j need back', (needing, expected) => {
    const findings = needing.map((one) => {
      const [variant = '', origin] = one.split(' ')
      return {
        family: 'symbol',
        kind: 'changed',
        variant,
        ...(origin ? { origin } : {}),
      } as unknown as SymbolFinding
    })
    expect(originOfCause(findings)).toBe(expected)
  })
})

describe('the policy of what was there before', () => {
  it('makes it a warning that says why, and passes where nothing else fails', () => {
    const verdict = judged('changed', { crc: 2 }, { preExisting: 'warn' })
    expect(verdict.findings).toMatchObject([{ severity: 'warn', origin: 'pre-existing', excused: true }])
    expect(verdict).toMatchObject({ result: 'pass', origins: { base: commit, preExisting: 'warn' } })
    expect(verdict.variants[0]).toMatchObject({ result: 'pass', findings: { fail: 0, warn: 1 } })
    expect(countOrigins(verdict.findings)).toEqual({ introduced: 0, 'pre-existing': 1, unknown: 0 })
  })

  it('does not touch what only warns, nor what is ignored', () => {
    const [finding] = judged('changed', { crc: 2 }).findings
    const base = baseOf(examples.changed, { crc: 2 }, { preExisting: 'warn' })
    const given = (['warn', 'ignore'] as const).flatMap((severity) =>
      finding ? [{ ...finding, severity, origin: undefined } as unknown as Finding] : [],
    )
    const [warning, ignored] = withOrigins(given, base)
    expect(warning).toMatchObject({ severity: 'warn', origin: 'pre-existing' })
    expect(warning?.excused).toBeUndefined()
    expect(ignored).toEqual(given[1])
  })

  it('excuses no error', () => {
    const example = examples.changed
    const verdict = decide(
      runCase([variantCase(rowsOf(example), exportsOf({ crc: 2 }))], {
        base: baseOf(example, { crc: 2 }, { preExisting: 'warn' }),
        problems: [{ kind: 'build-failed', message: 'no' }],
      }),
    )
    expect(verdict.result).toBe('error')
  })

  const beforeOf = fc.constantFrom<Before | undefined>(
    ...([undefined, 'gone', {}, { crc: 2 }, { crc: 3 }, { crc: 0 }] as const),
    { type: 'EXPORT_SYMBOL_GPL' },
    { namespace: 'A' },
    { module: 'drivers/a' },
  )
  it('lets pass only what the base has in the same way', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        beforeOf,
        fc.constantFrom('fail', 'warn'),
        (kind, before, preExisting) => {
          const verdict = judged(kind, before, { preExisting })
          const same = JSON.stringify(before) === JSON.stringify(examples[kind].head)
          if (verdict.result === 'pass') expect([same, preExisting]).toEqual([true, 'warn'])
          for (const { severity, origin } of verdict.findings)
            expect(severity).toBe(origin === 'pre-existing' && preExisting === 'warn' ? 'warn' : 'fail')
        },
      ),
    )
  })
})

describe('where what was there before may only warn', () => {
  const trusted = { commit, trusted: commit }

  it.each<[string, string | undefined, 'fail' | 'warn']>([
    ['a pull request', 'pull_request', 'warn'],
    ['a pull request of a fork', 'pull_request_target', 'warn'],
    ['a merge queue', 'merge_group', 'fail'],
    ['a push', 'push', 'fail'],
    ['a run by hand', 'workflow_dispatch', 'fail'],
    ['a run by the clock', 'schedule', 'fail'],
    ['an event of another name', 'pull_request_review', 'fail'],
    ['a run of which nothing is known', '', 'fail'],
    ['a run at a terminal', undefined, 'fail'],
  ])('%s', (_, event, expected) => {
    const origin = event === undefined ? undefined : { event, branch: 'main' }
    expect(weightOfPreExisting({ preExisting: 'warn' }, origin, trusted)).toBe(expected)
    expect(weightOfPreExisting({ preExisting: 'fail' }, origin, trusted)).toBe('fail')
  })

  it.each([undefined, 'c'.repeat(40)])('not against a commit that does not count: %s', (other) => {
    const origin = { event: 'pull_request', branch: 'main' }
    expect(weightOfPreExisting({ preExisting: 'warn' }, origin, { commit, trusted: other })).toBe('fail')
  })

  it('is never where the disable flag would be accepted', () => {
    for (const event of ['pull_request', 'pull_request_target'])
      expect(refuseOverride({ event, branch: 'topic' }, [])).toBeDefined()
  })
})

it('says nothing of origins where nobody asked', () => {
  const verdict = decide(runCase([variantCase(rowsOf(examples.changed), exportsOf({ crc: 2 }))]))
  expect(verdict.origins).toBeUndefined()
  expect(verdict.findings[0]).not.toHaveProperty('origin')
})

/** So that a kind that is new is asked for its examples here. */
it('has an example for each kind of a symbol', () => {
  const others: readonly FindingKind[] = ['hidden', 'layout', 'fits', 'whitelist-edit', 'driver']
  expect([...kinds, ...others].sort()).toEqual(Object.keys(strict.kinds).sort())
})
