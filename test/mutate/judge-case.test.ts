import { describe, expect, it } from 'vitest'
import type { Draft } from '../../scripts/mutate/draft.ts'
import { judge, type Joint } from '../../scripts/mutate/judge-case.ts'
import { kinds, type Case } from '../../scripts/mutate/kinds.ts'
import type { Report } from '../../scripts/mutate/product.ts'
import { isRight, tableOf, type Row } from '../../scripts/mutate/results.ts'

const [kind] = kinds
if (!kind) throw new Error('there are kinds')

const line = { file: 'include/linux/a.h', text: '\tint kabi_mutation;' }
const draft: Draft = {
  what: 'struct a: a field',
  edits: [{ file: line.file, before: '', after: `${line.text}\n` }],
  expected: {
    results: ['break'],
    findings: [{ kind: 'changed', symbol: 'read_a', crc: 0x12 }],
    causes: ['s#a'],
    classes: ['field-added'],
    lines: [line],
    seen: true,
    layouts: [],
  },
}
const one: Case = { number: 0, kind, draft }
const joint: Joint = {
  results: ['break'],
  findings: new Map([['changed read_a', { kind: 'changed', symbol: 'read_a', crc: 0x12 }]]),
  causes: new Set(['s#a']),
}
const cause = { name: 's#a', matters: true, changes: [{ class: 'field-added' }], place: null, patch: [line] }
const place = { file: 'lib/a.c', line: 7 }
const finding = { kind: 'changed', symbol: 'read_a', current: { ...place, crc: '0x00000012' } }
const good: Report = {
  result: 'break',
  problems: [],
  findings: [finding],
  explanation: { causes: [cause] },
  hidden: [],
  layouts: [],
}

const wrongReports: Readonly<Record<string, [Partial<Report>, string]>> = {
  passes: [{ result: 'pass', findings: [], explanation: null }, 'verdict'],
  'misses a symbol': [{ findings: [] }, 'set'],
  'computed another checksum': [
    { findings: [{ ...finding, current: { ...place, crc: '0x00000013' } }] },
    'set',
  ],
  'names a symbol that did not change': [{ findings: [finding, { ...finding, symbol: 'read_b' }] }, 'set'],
  'blames another definition as well': [
    { explanation: { causes: [cause, { ...cause, name: 's#b' }] } },
    'cause',
  ],
  'blames nothing': [{ explanation: { causes: [] } }, 'cause'],
  'gives it another class': [
    { explanation: { causes: [{ ...cause, changes: [{ class: 'became-opaque' }] }] } },
    'class',
  ],
  'names another line': [
    { explanation: { causes: [{ ...cause, patch: [{ ...line, text: '}' }] }] } },
    'line',
  ],
  'names no line': [{ explanation: { causes: [{ ...cause, patch: null }] } }, 'line'],
}

describe('a mutation', () => {
  it('is right when everything is said', () => {
    expect(judge(good, one, joint)).toEqual({
      right: { verdict: true, set: true, cause: true, class: true, line: true },
      wrong: [],
    })
  })

  it.each(Object.entries(wrongReports))('is wrong when the report %s', (_, [changed, what]) => {
    const { right, wrong } = judge({ ...good, ...changed }, one, joint)
    expect(right).toMatchObject({ [what]: false })
    expect(wrong).not.toEqual([])
  })

  it('is counted in the table by what was right', () => {
    const row: Row = {
      ...{ variant: 'amd64', seed: '1', number: 0, kind: kind.name, what: '', together: 1, result: 'break' },
      ...{
        right: { verdict: true, set: true, cause: true, class: false, line: null },
        wrong: [],
        bundle: '',
      },
      ...{ seconds: 1, date: '', compiled: true },
    }
    expect(isRight(row)).toBe(false)
    expect(tableOf([row])).toContain(
      `| ${kind.name} | 1 | 1 of 1 | 1 of 1 | 1 of 1 | 0 of 1 |  | 1 of 1 |  |\n`,
    )
  })
})
