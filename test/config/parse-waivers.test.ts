import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWaivers } from '../../src/config/parse-waivers.ts'
import { formatWaivers } from '../../src/judge/format-waivers.ts'
import { waivableKinds } from '../../src/judge/waiver.ts'
import { toldOf } from './told.ts'

const variants = ['x86_64', 's390x']

const complete: Readonly<Record<string, string>> = {
  symbol: 'kfree_skb',
  variants: '[x86_64]',
  from: '0x11111111',
  to: '0x22222222',
  reason: 'only our own driver uses it',
  owner: 'Ada',
  expires: '2027-01-31',
}

function fileWith(changes: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries({ ...complete, ...changes }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${value}`],
  )
  return `version: 1\nwaivers:\n  - ${lines.join('\n    ')}\n`
}

function told(text: string): string[] {
  const { value, problems } = parseWaivers(text, 'w.yml', variants)
  expect(value).toEqual([])
  return toldOf(problems, 'waivers', 'w.yml')
}

describe('a file of waivers', () => {
  it('is read, with the line of each', () => {
    expect(parseWaivers(fileWith({}), 'w.yml', variants)).toEqual({
      value: [
        {
          symbol: 'kfree_skb',
          kind: 'changed',
          variants: ['x86_64'],
          from: 0x11111111,
          to: 0x22222222,
          reason: 'only our own driver uses it',
          owner: 'Ada',
          expires: '2027-01-31',
          file: 'w.yml',
          line: 3,
        },
      ],
      problems: [],
    })
  })

  it('may be empty, and a removal needs no kind', () => {
    expect(parseWaivers('version: 1\nwaivers: []\n', 'w.yml', variants)).toEqual({ value: [], problems: [] })
    const { value } = parseWaivers(fileWith({ to: 'removed', variants: 'all' }), 'w.yml', variants)
    expect(value).toMatchObject([{ kind: 'removed', to: 'removed', variants: 'all' }])
  })

  it.each([
    [
      'a checksum of zero',
      { from: '0x0' },
      '5:11 [0x0] waivers[0].from: expected a checksum such as 0x1a2b3c4d, and not zero, found "0x0".',
    ],
    [
      'a decimal number',
      { to: '12' },
      '6:9 [12] waivers[0].to: expected a checksum such as 0x1a2b3c4d, and not zero, or removed, found the number 12.',
    ],
    [
      'a pattern of symbols',
      { symbol: '"kfree_*"' },
      '3:13 ["kfree_*"] waivers[0].symbol: expected the name of a symbol, found "kfree_*".',
    ],
    [
      'a reason of which less is seen',
      { reason: 'because\u200b\u200b\u200b' },
      expect.stringContaining('waivers[0].reason: expected a reason of at least ten characters, on one line'),
    ],
    [
      'an owner who is not seen',
      { owner: '\u3164\u2800' },
      expect.stringContaining('waivers[0].owner: expected who answers for it'),
    ],
    [
      'a short reason',
      { reason: 'because' },
      '7:13 [because] waivers[0].reason: expected a reason of at least ten characters, on one line, found "because".',
    ],
    ['no owner', { owner: undefined }, '3:5 [symbol: kfree_skb] waivers[0] has no owner.'],
    [
      'a day that is none',
      { expires: '2027-02-30' },
      '9:14 [2027-02-30] waivers[0].expires is no day of the calendar.',
    ],
    [
      'no end',
      { expires: 'never' },
      '9:14 [never] waivers[0].expires: expected a date such as 2027-01-31, found "never".',
    ],
    [
      'a variant that is not configured',
      { variants: '[x86-64]' },
      '4:16 [x86-64] waivers[0].variants[0] is no variant of the configuration; did you mean x86_64?',
    ],
    [
      'no variant',
      { variants: '[]' },
      '4:5 [variants] waivers[0].variants: expected a list of variants, or all, found an empty list.',
    ],
    [
      'a kind that cannot be waived',
      { kind: 'unversioned' },
      '10:11 [unversioned] waivers[0].kind: expected changed, removed, export-type, announced, namespace or moved, found "unversioned".',
    ],
    ['a removal with two checksums', { kind: 'removed' }, '10:5 [kind] waivers[0].kind does not go with to.'],
    ['a change of nothing', { to: '0x11111111' }, '6:5 [to] waivers[0].to is the same as from.'],
    ['an unknown key', { until: '2027-01-31' }, '10:5 [until] waivers[0].until is not a known key.'],
    [
      'a prototype',
      { __proto: 'x', constructor: 'y' },
      '10:5 [__proto] waivers[0].__proto is not a known key.',
    ],
  ])('with %s is refused at its place', (_, changes, message) => {
    expect(told(fileWith(changes))[0]).toEqual(message)
  })

  it('does not take the same waiver twice', () => {
    const one = fileWith({}).split('waivers:\n')[1] ?? ''
    expect(told(fileWith({}) + one)[0]).toContain('waivers[1] says what waivers[0] says already.')
  })

  it.each([
    'version: 1\nwaivers: &w [*w]\n',
    'version: 2\nwaivers: []\n',
    'version: 1\nwaivers: {}\n',
    '%YAML 1.1\n---\nversion: 1\nwaivers: []\n',
    'version: 1\nwaivers: !!js/function x\n',
    '[]',
    '',
    'version: 1\nwaivers: []\nwaivers: []\n',
    '\u0000',
  ])('that is hostile or broken gives a problem and no waiver: %j', (text) => {
    const { value, problems } = parseWaivers(text, 'w.yml', variants)
    expect(value).toEqual([])
    expect(problems.length).toBeGreaterThan(0)
  })
})

describe('waivers as YAML', () => {
  const text = fc.string({
    unit: fc.constantFrom(...Array.from('aZ9 #:"\'\\{}[]&*!|>%@`é-?,=~\u3042')),
    minLength: 10,
    maxLength: 40,
  })
  const line = text.filter((one) => one.trim().length >= 10 && one === one.trim())
  const waiver = fc.record(
    {
      symbol: fc.constantFrom('kfree', 'null', 'yes', '_x', 'true', '.L1', 'on'),
      variants: fc.oneof(
        fc.constant('all' as const),
        fc.constantFrom(['x86_64'], ['0'], ['null', 's390x'], ['1e3']),
      ),
      from: fc.integer({ min: 1, max: 0x7fffffff }),
      to: fc.integer({ min: 0x80000000, max: 0xffffffff }),
      kind: fc.constantFrom(...waivableKinds.filter((kind) => kind !== 'removed')),
      reason: line,
      owner: line,
      ticket: line,
      expires: fc.constantFrom('2027-01-31', '2028-02-29'),
    },
    { requiredKeys: ['symbol', 'variants', 'from', 'to', 'kind', 'reason', 'owner', 'expires'] },
  )

  it('are read as what was written', () => {
    fc.assert(
      fc.property(waiver, (one) => {
        const { value, problems } = parseWaivers(`version: 1\nwaivers:\n${formatWaivers([one])}`, 'w', [
          'x86_64',
          's390x',
          '0',
          'null',
          '1e3',
        ])
        expect(problems).toEqual([])
        expect(value).toEqual([{ ...one, file: 'w', line: 3 }])
      }),
    )
  })
})
