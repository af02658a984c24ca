import { describe, expect, it } from 'vitest'
import type { SymbolFinding } from '../../src/judge/finding.ts'
import type { Rule } from '../../src/judge/policy.ts'
import { groupFindings, ignoredByRules } from '../../src/report/model/group-findings.ts'
import { changed, differs, manyChanged, removed } from './samples.ts'

function shape(findings: Parameters<typeof groupFindings>[0]) {
  return groupFindings(findings).map(({ severity, kind, symbols, groups }) => ({
    what: `${severity} ${kind} ${symbols}`,
    groups: groups.map((group) => [
      group.variants.join(' '),
      group.findings.map(({ symbol }) => symbol).join(' '),
    ]),
  }))
}

describe('groupFindings', () => {
  it('brings a symbol with equal values in several variants together', () => {
    expect(
      shape([changed('a', 'i686'), changed('b', 'i686'), changed('a', 'ia64'), changed('b', 'ia64')]),
    ).toEqual([{ what: 'fail changed 2', groups: [['i686 ia64', 'a b']] }])
  })

  it('keeps apart what differs from variant to variant, and counts the symbol once', () => {
    expect(shape([changed('a', 'i686', 'one'), changed('a', 'ia64', 'two')])).toEqual([
      {
        what: 'fail changed 1',
        groups: [
          ['i686', 'a'],
          ['ia64', 'a'],
        ],
      },
    ])
  })

  it.each([
    ['crc', { crc: 1 }],
    ['module', { module: 'lib/a' }],
    ['type', { type: 'EXPORT_SYMBOL_GPL' as const }],
    ['namespace', { namespace: 'A' }],
  ])('takes a different %s on either side for a difference', (_, side) => {
    const one = { symbol: 'a', variant: 'i686', severity: 'fail' } as const
    const two = { ...one, variant: 'ia64' }
    const kind = 'changed'
    const before = groupFindings([differs(kind, one, {}, {}), differs(kind, two, side, {})])
    const after = groupFindings([differs(kind, one, {}, {}), differs(kind, two, {}, side)])
    expect(before[0]?.groups).toHaveLength(2)
    expect(after[0]?.groups).toHaveLength(2)
  })

  it('keeps findings apart that different rules decided', () => {
    const rule = {
      match: { by: 'symbol', pattern: 'a' },
      action: 'fail',
      file: 'severities',
      line: 3,
    } as const
    const decided = (variant: string, by: Rule): SymbolFinding => ({ ...changed('a', variant), rule: by })
    expect(groupFindings([decided('i686', rule), decided('ia64', rule)])[0]?.groups).toHaveLength(1)
    for (const other of [
      { ...rule, line: 4 },
      { ...rule, file: 'others' },
    ]) {
      expect(groupFindings([decided('i686', rule), decided('ia64', other)])[0]?.groups).toHaveLength(2)
    }
  })

  it('puts the sets of most variants first and keeps severities and kinds apart, in their order', () => {
    const warning = { ...changed('d', 'i686'), severity: 'warn' as const }
    const gone = removed({ symbol: 'c', variant: 'i686', severity: 'fail' })
    expect(shape([gone, changed('a', 'i686'), changed('b', 'i686'), changed('b', 'ia64'), warning])).toEqual([
      { what: 'fail removed 1', groups: [['i686', 'c']] },
      {
        what: 'fail changed 2',
        groups: [
          ['i686 ia64', 'b'],
          ['i686', 'a'],
        ],
      },
      { what: 'warn changed 1', groups: [['i686', 'd']] },
    ])
  })

  it('loses no finding', () => {
    const findings = ['i686', 'ia64', 's390x'].flatMap((variant, index) => manyChanged(40 + index, variant))
    const total = groupFindings(findings)
      .flatMap(({ groups }) => groups)
      .reduce((sum, group) => sum + group.variants.length * group.findings.length, 0)
    expect(total).toBe(findings.length)
  })
})

describe('ignoredByRules', () => {
  it('counts what each rule made to be ignored, and nothing else', () => {
    const rule = {
      match: { by: 'symbol', pattern: 'a*' },
      action: 'pass',
      file: 'severities',
      line: 3,
    } as const
    const same = { ...rule, match: { ...rule.match } }
    const other = { ...rule, line: 4 }
    const finding = changed('a', 'i686')
    expect(
      ignoredByRules([
        { ...finding, severity: 'ignore', rule },
        { ...finding, severity: 'ignore', rule: other },
        { ...finding, severity: 'ignore', rule: same },
        { ...finding, severity: 'fail', rule },
        { ...finding, severity: 'ignore' },
      ]),
    ).toEqual([
      { rule, findings: 2 },
      { rule: other, findings: 1 },
    ])
  })
})
