import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { glob, globFault } from '../../src/judge/glob.ts'

describe('glob', () => {
  it.each([
    ['abc', 'abc', true],
    ['a****c', 'abc', true],
    ['a*b*c', 'a-b-c', true],
    ['*bc', 'abcd', false],
    ['*', '', true],
    ['?', '', false],
    ['a???c', 'abdec', true],
    ['drivers/*', 'drivers/a/b/c', true],
    ['a.c', 'abc', false],
    ['[a-cD-EF]x', 'Ex', true],
    ['[^abc]', 'd', true],
    ['[^abc]', 'a', false],
    ['[^abc]', '', false],
    ['[]]', ']', true],
    ['[^]-]', 'a', true],
    ['[^]-]', '-', false],
    ['[-a]', '-', true],
    ['[a-]', '-', true],
    ['[a-c-e]', 'd', true],
    ['[b-a]', 'a', false],
    ['[a\\]', '\\', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\', 'a', false],
    ['[ab', '[ab', true],
  ])('%s against %j: %s', (pattern, text, matched) => {
    expect(glob(pattern)(text)).toBe(matched)
  })

  it('agrees with a matcher that tries everything', () => {
    const some = (letters: string) =>
      fc.string({ unit: fc.constantFrom(...Array.from(letters)), maxLength: 12 })
    fc.assert(
      fc.property(some('ab*?'), some('ab'), (pattern, text) => {
        expect(glob(pattern)(text)).toBe(slow(pattern, text))
      }),
      { seed: 13, numRuns: 2000 },
    )
  })

  it.each([
    `${'*'.repeat(4000)}z`,
    '*a'.repeat(2000) + 'z',
    '*?'.repeat(2000) + 'z',
    '[a-z]*'.repeat(600) + '0',
  ])('matches a long text in no time, whatever the pattern', (pattern) => {
    const started = process.cpuUsage()
    expect(glob(pattern)('a'.repeat(10_000))).toBe(false)
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000)
  })
})

describe('globFault', () => {
  it.each([
    ['a[bc', 'has a [ without its ]'],
    ['a[]', 'has a [ without its ]'],
    ['a'.repeat(4097), 'is longer than 4096 characters'],
    ['a[bc]', undefined],
    ['a]', undefined],
  ])('%s', (pattern, fault) => {
    expect(globFault(pattern)).toBe(fault)
  })
})

function slow(pattern: string, text: string): boolean {
  const [first] = pattern
  if (first === undefined) return text === ''
  const rest = pattern.slice(1)
  if (first === '*') return slow(rest, text) || (text !== '' && slow(pattern, text.slice(1)))
  return text !== '' && (first === '?' || first === text[0]) && slow(rest, text.slice(1))
}
