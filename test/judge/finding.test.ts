import { expect, it } from 'vitest'
import { byWeight, subjectOf, type Finding } from '../../src/judge/finding.ts'
import { changed, edited, removed, stopped } from '../report/samples.ts'

const place = { kind: 'row-removed', file: 'kabi_whitelist' } as const
const why = { file: 'b.ko', reasons: [{ kind: 'gpl-only', symbol: 'kfree' }], causes: [] } as const

it('findings of all families have one order: severity, kind, variant, then symbols by name', () => {
  const unsorted: readonly Finding[] = [
    edited('fail', { ...place, subject: 'setting' }),
    stopped({ ...why, severity: 'warn', variant: 'x86_64', name: 'b' }),
    edited('fail', { ...place, subject: 'row', variant: 's390x' }),
    changed('vfree', 's390x'),
    changed('kfree', 's390x'),
    changed('vmalloc', 'x86_64'),
    removed({ symbol: 'gone', variant: 's390x', severity: 'fail' }),
    stopped({ ...why, severity: 'fail', variant: 'x86_64', name: 'a' }),
    removed({ symbol: 'away', variant: 'x86_64', severity: 'warn' }),
  ]
  const sorted = [...unsorted].sort(byWeight(['x86_64', 's390x']))
  expect(sorted.map(subjectOf)).toEqual(
    ['gone', 'vmalloc', 'kfree', 'vfree', 'row', 'setting', 'a'].concat(['away', 'b']),
  )
})
