import fc from 'fast-check'
import { issuePattern, reviewerPattern, type Baseline } from '../../src/abi/baseline.ts'
import { visibleLength } from '../../src/judge/visible-text.ts'

const absent = { nil: undefined } as const

/** Text on one line, with what YAML would read as something else among it. */
const line = fc
  .oneof(
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
  .filter((text) => visibleLength(text) > 0)
const digest = fc.stringMatching(/^[0-9a-f]{64}$/)
const commit = fc.stringMatching(/^[0-9a-f]{40}$/)
const value = fc.oneof(
  fc.constantFrom('y', 'm', 'n', '', '64', '0x1000', '"text"', 'true', 'null', '~', '<<', '\t', '\n'),
  fc.string(),
)

const builtAs: fc.Arbitrary<Baseline> = fc.record({
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
  unseenBodies: fc.option(fc.array(fc.stringMatching(/^[sue]#\w{1,12}$/), { maxLength: 5 }), absent),
})

const records = fc.record({
  rows: fc.integer({ min: 1, max: 30_000 }),
  list: digest,
  types: fc.option(digest, absent),
  untyped: fc.array(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.$]{0,8}$/), { maxLength: 3 }),
})

const issue = fc.stringMatching(issuePattern)
const granted = fc
  .tuple(
    fc.record({
      date: fc.stringMatching(/^\d{4}-\d\d-\d\d$/),
      reviewer: fc.oneof(
        line.filter((text) => reviewerPattern.test(text)),
        fc.constant('Jörg "J" Müller 🐧'),
      ),
      symbols: fc.array(fc.stringMatching(/^[A-Za-z_.$][A-Za-z0-9_.$]{0,8}$/), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    fc.option(issue, absent),
  )
  .map(([one, known]) => (known === undefined ? one : { ...one, issue: known }))

/** Baselines that `makeBaseline` could have made, with and without records of the files beside them. */
export const arbitraryBaseline: fc.Arbitrary<Baseline> = fc.oneof(
  builtAs,
  fc.tuple(builtAs, records).map(([built, recorded]) => ({ ...built, records: recorded })),
  fc
    .tuple(builtAs, records, fc.array(granted, { minLength: 1, maxLength: 3 }))
    .map(([built, recorded, history]) => ({ ...built, records: recorded, history })),
)
