import { expect, it } from 'vitest'
import { formatPlace, mergeProblems } from '../../src/report/model/merge-problems.ts'

const note = { kind: 'duplicate-row', message: 'twice' } as const
const error = { kind: 'missing-variant', message: 'no evidence' } as const

it('brings equal problems of several variants together, errors first', () => {
  const merged = mergeProblems([
    { ...note, variant: 'i686' },
    { ...error, variant: 'i686' },
    { ...error, variant: 'ia64' },
    { ...error, message: 'late', variant: 'ia64' },
    { ...note, variant: 'i686' },
  ])
  expect(merged.map(({ problem, variants }) => [problem.message, variants])).toEqual([
    ['no evidence', ['i686', 'ia64']],
    ['late', ['ia64']],
    ['twice', ['i686']],
  ])
})

it('keeps problems apart that are in different places', () => {
  const places = [{ file: 'a', line: 1 }, { file: 'a', line: 2 }, { file: 'b', line: 1 }, { file: 'a' }]
  expect(mergeProblems(places.map((place) => ({ ...error, place })))).toHaveLength(4)
})

it.each([
  [{ file: 'kabi.yml' }, 'kabi.yml'],
  [{ file: 'kabi.yml', line: 3 }, 'kabi.yml:3'],
  [{ file: 'kabi.yml', line: 3, column: 7 }, 'kabi.yml:3:7'],
])('writes the place %j as %s', (place, expected) => {
  expect(formatPlace(place)).toBe(expected)
})
