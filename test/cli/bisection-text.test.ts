import { expect, it } from 'vitest'
import { renderBisection } from '../../src/cli/bisection-text.ts'

const commit = (digit: string, subject: string) => ({ hash: digit.repeat(40), subject, date: '2026-11-30' })
const gone = { kind: 'symbol', finding: 'removed', name: 'kfree', symbols: ['kfree'], lines: [] } as const

it('names all commits that it may have been, and why those before cannot be looked at', () => {
  const commits = [commit('3', 'drop \u001b[31mkfree'), commit('2', 'rework')]
  const skipped = [{ commit: '2'.repeat(40), why: 'it does not compile' }]
  expect(renderBisection({ breaks: [{ broken: gone, commits }], looked: 4, skipped })).toBe(
    `One of 2 commits, as those before it cannot be looked at:
  333333333333 drop kfree (2026-11-30)
  222222222222 rework (2026-11-30)
  kfree: symbol removed

skipped 222222222222: it does not compile

4 commits looked at.
`,
  )
})

it('says that nothing is broken', () => {
  expect(renderBisection({ breaks: [], looked: 1, skipped: [] })).toBe(
    'Nothing that was asked for is broken.\n',
  )
})
