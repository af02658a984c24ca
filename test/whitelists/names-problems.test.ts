import { describe, expect, it } from 'vitest'
import { namesProblems } from '../../src/whitelists/names-problems.ts'
import { namesOf } from './fake-kernel-tree.ts'

const names = namesOf('a b')
const strict = { allowAbsent: false }
const none = { absent: [], unversioned: [] }

describe('namesProblems', () => {
  it('finds nothing wrong with a name that one variant exports', () => {
    expect(namesProblems(names, [{ ...none, absent: ['a'] }, { ...none, absent: ['b'] }], strict)).toEqual([])
    expect(namesProblems(names, [], strict)).toEqual([])
  })

  it('refuses names that no variant exports', () => {
    const both = { ...none, absent: ['a', 'b'] }
    expect(namesProblems(names, [both, { ...none, absent: ['b'] }], strict)).toMatchObject([
      {
        kind: 'not-exported',
        message: 'No variant of this run exports 1 of the names.',
        place: { file: 'names' },
        excerpt: ['b'],
      },
    ])
    expect(namesProblems(names, [both], strict)).toMatchObject([
      { message: 'The build does not export 2 of the names.', excerpt: ['a b'] },
    ])
    expect(namesProblems(names, [both], { allowAbsent: true })).toMatchObject([{ kind: 'left-out' }])
  })

  it('refuses a name without a checksum even where absent ones are allowed, and of all exports only notes it', () => {
    const zero = { ...none, unversioned: ['a'] }
    expect(namesProblems(names, [zero, none], { allowAbsent: true })).toMatchObject([{ kind: 'no-checksum' }])
    expect(namesProblems(undefined, [zero, zero], strict)).toMatchObject([{ kind: 'left-out', excerpt: ['a'] }])
  })

  it('shows a hundred names and counts the rest', () => {
    const absent = Array.from({ length: 103 }, (_, index) => `s${index}`)
    const [problem] = namesProblems(names, [{ ...none, absent }], strict)
    expect(problem?.excerpt).toHaveLength(26)
    expect(problem?.excerpt?.[0]).toBe('s0 s1 s2 s3')
    expect(problem?.excerpt?.at(-1)).toBe('and 3 more')
  })
})
