import { expect, test } from 'vitest'
import { problemList } from '../../src/problem/problem-list.ts'
import type { Problem } from '../../src/problem/problem.ts'

function malformed(line: number): Problem {
  return { kind: 'malformed-line', message: `line ${line}`, place: { file: 'f', line } }
}

test('twenty problems are told one by one, the rest are counted in one more of the same class', () => {
  const problems = problemList()
  for (let line = 1; line <= 123; line++) problems.error(() => malformed(line))
  const all = problems.all()
  expect(all.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, index) => malformed(index + 1)))
  expect(all.slice(20)).toEqual([
    {
      kind: 'malformed-line',
      message: '103 more problems in this file are not shown.',
      place: { file: 'f', line: 21 },
    },
  ])
})

test('exactly twenty problems need no summary', () => {
  const problems = problemList()
  for (let line = 1; line <= 20; line++) problems.error(() => malformed(line))
  expect(problems.all()).toHaveLength(20)
})

test('any number of notes leaves room for the errors, which come first', () => {
  const problems = problemList()
  for (let line = 1; line <= 500; line++) problems.note(() => ({ kind: 'duplicate-row', message: `${line}` }))
  problems.error(() => malformed(501))
  expect(problems.all()[0]).toEqual(malformed(501))
  expect(problems.all()).toHaveLength(22)
})

test('problems that will not be shown are not made', () => {
  const problems = problemList()
  let made = 0
  for (let line = 1; line <= 1000; line++) {
    problems.error(() => {
      made++
      return malformed(line)
    })
  }
  expect(made).toBe(21)
})
