import fc from 'fast-check'
import type { Baseline } from '../../src/abi/baseline.ts'

const absent = { nil: undefined } as const

/** Text on one line, with what YAML would read as something else among it. */
const line = fc.oneof(
  fc.stringMatching(/^[ -~\u0080-\uffff]{1,40}$/),
  fc.constantFrom(
    '6.1',
    '6.1.170',
    'null',
    '~',
    'yes',
    '- a',
    'a: b',
    'a # b',
    '"',
    "'",
    '\\',
    ' x ',
    '\u2028',
    '🐧',
  ),
)
const digest = fc.stringMatching(/^[0-9a-f]{64}$/)
const commit = fc.stringMatching(/^[0-9a-f]{40}$/)
const value = fc.oneof(
  fc.constantFrom('y', 'm', 'n', '', '64', '0x1000', '"text"', 'true', 'null', '~', '<<', '\t', '\n'),
  fc.string(),
)

/** Baselines that `makeBaseline` could have made. */
export const arbitraryBaseline: fc.Arbitrary<Baseline> = fc.record({
  variant: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,12}$/),
  arch: fc.option(fc.stringMatching(/^[a-z0-9_]{1,8}$/), absent),
  kernel: fc.option(line, absent),
  source: fc.option(
    fc.oneof(
      commit.map((commit) => ({ commit })),
      digest.map((digest) => ({ digest })),
    ),
    absent,
  ),
  compiler: fc.option(line, absent),
  genksyms: fc.option(digest, absent),
  configDigest: fc.option(digest, absent),
  options: fc.option(
    fc
      .array(fc.tuple(fc.stringMatching(/^CONFIG_\w{1,12}$/), value), { maxLength: 20 })
      .map((entries) => new Map(entries)),
    absent,
  ),
})
