import { describe, expect, it } from 'vitest'
import { findHidden } from '../../src/abi/find-hidden.ts'
import { parsePatch } from '../../src/abi/parse-patch.ts'
import { parseSymvers } from '../../src/abi/parse-symvers.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { parseSeverities } from '../../src/judge/rules.ts'

/** What takes long when a pattern tries a text again from each of its places. */
const pieces = [
  '"\\',
  '\\"',
  '"',
  "'",
  "\\'",
  '_',
  '__KABI_',
  'A_',
  '/*',
  '/**/',
  '*/',
  ' ',
  '\t',
  'x ',
  '(',
  '[',
  '0x',
  '#',
]
const long = 40_000

function secondsOf(work: () => unknown): number {
  const started = process.cpuUsage()
  work()
  return process.cpuUsage(started).user / 1e6
}

describe('a line of 40 KB is read in no time', () => {
  it.each(pieces)('%j again and again', (piece) => {
    const line = piece.repeat(long / piece.length)
    const patch = `--- a/x.c\n+++ b/x.c\n@@ -0,0 +1,2 @@\n+${line}\n+"${line}KABI_ z\n`
    expect(
      secondsOf(() => {
        findHidden(parsePatch(patch, 'p.patch').value)
        parseSymvers(`${line}\n${line}z\n`, 's')
        parseWhitelist(`kfree\n${line}z\n`, 'w')
        parseWhitelist(`kernel(kfree) = 0x1\nkernel${line}z\n`, 'w')
        parseSeverities(`${line}z PASS\n`, 'r')
      }),
    ).toBeLessThan(1)
  })
})
