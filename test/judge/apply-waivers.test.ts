import { describe, expect, it } from 'vitest'
import { applyWaivers, waiverNotes } from '../../src/judge/apply-waivers.ts'
import { decide } from '../../src/judge/decide.ts'
import type { SymbolWaiver } from '../../src/judge/waiver.ts'
import { exported, promised, runCase, variantCase } from './cases.ts'

const today = '2026-12-01'

const waiver: SymbolWaiver = {
  symbol: 'a',
  kind: 'changed',
  variants: ['x86_64'],
  from: 0x11,
  to: 0x22,
  reason: 'only our own driver uses it',
  owner: 'Ada',
  expires: '2027-06-30',
  file: 'waivers.yml',
  line: 3,
}

/** A build in which `a` went from 0x11 to 0x22. */
const changed = variantCase([promised('a', { crc: 0x11 })], [exported('a', { crc: 0x22 })])

function decideWith(list: readonly SymbolWaiver[], rest = {}) {
  return decide(runCase([changed], { waivers: { list, today, complete: true }, ...rest }))
}

describe('a waiver', () => {
  it('makes a finding with exactly its checksums pass, and stays visible', () => {
    const verdict = decideWith([waiver])
    expect(verdict.result).toBe('pass')
    expect(verdict.findings).toMatchObject([{ symbol: 'a', kind: 'changed', severity: 'warn', waiver }])
    expect(verdict.variants[0]?.result).toBe('pass')
    expect(verdict.problems).toEqual([])
  })

  it.each([
    ['another symbol', { symbol: 'b' }],
    ['another kind', { kind: 'moved' }],
    ['another variant', { variants: ['s390x'] }],
    ['another baseline', { from: 0x12 }],
    ['another build', { to: 0x23 }],
    ['a removal', { to: 'removed' }],
    ['a removal of a changed symbol', { kind: 'removed', to: 'removed' }],
    ['a day that is over', { expires: '2026-11-30' }],
  ] as [string, Partial<SymbolWaiver>][])('for %s excuses nothing', (_, other) => {
    const verdict = decideWith([{ ...waiver, ...other }])
    expect(verdict.result).toBe('break')
    expect(verdict.findings[0]).not.toHaveProperty('waiver')
  })

  it('holds on its last day, and in all variants when it says so', () => {
    expect(decideWith([{ ...waiver, expires: today }]).result).toBe('pass')
    expect(decideWith([{ ...waiver, variants: 'all' }]).result).toBe('pass')
  })

  it('of a removed symbol is bound to the checksum that it had', () => {
    const gone = variantCase([promised('a', { crc: 0x11 })], [exported('b')])
    const removed: SymbolWaiver = { ...waiver, kind: 'removed', to: 'removed' }
    const results = [removed, { ...removed, from: 0x12 }, waiver].map(
      (one) => decide(runCase([gone], { waivers: { list: [one], today, complete: true } })).result,
    )
    expect(results).toEqual(['pass', 'break', 'break'])
  })

  it('excuses one kind only', () => {
    const both = variantCase(
      [promised('a', { crc: 0x11 })],
      [exported('a', { crc: 0x22, type: 'EXPORT_SYMBOL_GPL' })],
    )
    const waivers = { list: [waiver], today, complete: true }
    const verdict = decide(runCase([both], { waivers }))
    expect(verdict.result).toBe('break')
    expect(verdict.findings.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
      'export-type fail',
      'changed warn',
    ])
  })

  it('never excuses a checksum of zero', () => {
    const zero = variantCase(
      [promised('a', { crc: 0 }), promised('b')],
      [exported('a', { crc: 0 }), exported('b')],
    )
    const list = ['changed', 'removed', 'moved'].map(
      (kind) => ({ ...waiver, kind, from: 0, to: 0 }) as SymbolWaiver,
    )
    expect(decide(runCase([zero], { waivers: { list, today, complete: true } })).result).toBe('break')
  })

  it('is not given to what a rule ignores', () => {
    const ignored = { ...decideWith([]).findings[0], severity: 'ignore' } as never
    expect(applyWaivers([ignored], [waiver], today)).toEqual([ignored])
  })

  it('does not excuse an error', () => {
    const broken = { kind: 'build-failed', message: 'x' } as const
    expect(decideWith([waiver], { problems: [broken] }).result).toBe('error')
  })
})

describe('notes on waivers', () => {
  const notes = (list: readonly SymbolWaiver[], complete = true) =>
    waiverNotes({ list, today, complete }, []).map(
      ({ kind, place }) => `${kind} ${place?.file}:${place?.line}`,
    )

  it.each([
    ['expired', '2026-11-30', ['waiver-expired waivers.yml:3']],
    ['ending today', today, ['waiver-expires waivers.yml:3', 'waiver-unused waivers.yml:3']],
    ['ending in 30 days', '2026-12-31', ['waiver-expires waivers.yml:3', 'waiver-unused waivers.yml:3']],
    ['ending in 31 days', '2027-01-01', ['waiver-unused waivers.yml:3']],
  ])('tell of one that is %s', (_, expires, told) => {
    expect(notes([{ ...waiver, expires }])).toEqual(told)
  })

  it('call none unused that may have its finding elsewhere', () => {
    expect(notes([waiver], false)).toEqual([])
    const failed = decideWith([{ ...waiver, symbol: 'b' }], {
      problems: [{ kind: 'build-failed', message: 'x' }],
    })
    expect(failed.problems.map(({ kind }) => kind)).toEqual(['build-failed'])
  })
})
