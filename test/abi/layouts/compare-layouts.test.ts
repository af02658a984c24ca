import { describe, expect, it } from 'vitest'
import { compareLayouts } from '../../../src/abi/layouts/compare-layouts.ts'
import { breaksModules, type LayoutDifference } from '../../../src/abi/layouts/layout-change.ts'
import { parseLayouts } from '../../../src/abi/layouts/parse-layouts.ts'
import type { Layouts } from '../../../src/abi/layouts/layout.ts'

function layouts(lines: readonly string[]): Layouts {
  const all = ['kabi-gate layouts, version 1', 'pointer 8', 'o a.o', ...lines]
  const { value, problems } = parseLayouts([...all, `end ${all.length}`, ''].join('\n'), 'layouts')
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  return value
}

const others = ['s#inner struct 8 8 0', ' x 0 u64']

/** The differences of the first type of either side; `!` stands before what breaks modules. */
function differences(before: readonly string[], after: readonly string[], now = others): readonly string[] {
  const [name = ''] = (before[0] ?? '').split(' ')
  const sides = [layouts([...before, ...others]), layouts([...after, ...now])] as const
  const [old, current] = sides.map(({ types }) => types.get(name)?.value)
  if (!old || !current) throw new Error(`no ${name}`)
  const [known, knownNow] = sides.map(({ types }) => ({
    pointer: 8,
    layoutOf: (one: string) => types.get(one)?.value,
  }))
  if (!known || !knownNow) throw new Error('unreachable')
  return compareLayouts({ before: old, after: current }, { before: known, after: knownNow }).map(shown)
}

function shown(one: LayoutDifference): string {
  const sides = [one.before, one.after].filter((side) => side !== undefined).join(' -> ')
  return `${breaksModules(one) ? '!' : ''}${one.class}${one.member === undefined ? '' : ` ${one.member}`}: ${sides}`
}

const released = ['s#a struct 24 8 0', ' c 0 u8', ' n 64 u64', ' last 128 u32']
const reserved = ['s#a struct 24 8 0', ' n 0 u64', ' reserved1 64 u64', ' p 128 s#a *']
const bits = ['s#a struct 4 4 0', ' f 0:3 u32', ' g 3:5 u32']
const union = ['s#a struct 16 8 0', ' - 0 {8} union', '  u1 0 u32', '  u2 0 u64', ' n 64 u64']
const enumeration = ['e#a enum 4 - 0', ' A 0', ' B 1']

describe('two layouts of a type', () => {
  const table: [string, readonly string[], readonly string[], readonly string[]][] = [
    ['that are equal', released, released, []],
    [
      'a field in the middle',
      released,
      ['s#a struct 32 8 0', ' c 0 u8', ' new 64 u64', ' n 128 u64', ' last 192 u32'],
      ['!size: 24 -> 32', '!moved n: 8 -> 16', '!moved last: 16 -> 24', 'added new: 8 u64'],
    ],
    [
      'a field at the end',
      released,
      ['s#a struct 32 8 0', ' c 0 u8', ' n 64 u64', ' last 128 u32', ' new 192 u64'],
      ['!grown: 24 -> 32', 'added new: 24 u64'],
    ],
    [
      'a field in a hole',
      released,
      ['s#a struct 24 8 0', ' c 0 u8', ' new 32 u32', ' n 64 u64', ' last 128 u32'],
      ['in-hole new: 4 u32'],
    ],
    ['a field in the padding', released, [...released, ' new 160 u32'], ['in-padding new: 20 u32']],
    [
      'two fields swapped',
      released,
      ['s#a struct 24 8 0', ' n 0 u64', ' c 64 u8', ' last 128 u32'],
      ['!moved c: 0 -> 8', '!moved n: 8 -> 0'],
    ],
    [
      'a field that is gone',
      released,
      ['s#a struct 24 8 0', ' n 64 u64', ' last 128 u32'],
      ['!removed c: 0'],
    ],
    [
      'a field of another sign',
      released,
      ['s#a struct 24 8 0', ' c 0 s8', ' n 64 u64', ' last 128 u32'],
      ['!retyped c: u8 -> s8'],
    ],
    [
      'a field that points to something else',
      reserved,
      ['s#a struct 24 8 0', ' n 0 u64', ' reserved1 64 u64', ' p 128 s#b *'],
      ['!retyped p: s#a * -> s#b *'],
    ],
    [
      'reserved space that is used in place',
      reserved,
      ['s#a struct 24 8 0', ' n 0 u64', ' serial 64 u64', ' p 128 s#a *'],
      ['replaced reserved1: u64 -> serial u64'],
    ],
    [
      'reserved space that is used by a macro which keeps the old member beside it',
      reserved,
      [
        's#a struct 24 8 0',
        ' n 0 u64',
        ' - 64 {8} union',
        '  serial 64 u64',
        '  __UNIQUE_ID_rh_kabi_hide17 64 {8} struct',
        '   reserved1 64 u64',
        '  - 64 {0} union',
        ' p 128 s#a *',
      ],
      ['in-union serial: 8 u64'],
    ],
    [
      'a member that a macro replaces by one of its name, and keeps beside it',
      reserved,
      [
        's#a struct 24 8 0',
        ' n 0 u64',
        ' - 64 {8} union',
        '  reserved1 64 s64',
        '  __UNIQUE_ID_rh_kabi_hide17 64 {8} struct',
        '   reserved1 64 u64',
        '  - 64 {0} union',
        ' p 128 s#a *',
      ],
      ['in-union reserved1: 8 s64'],
    ],
    [
      'a member that gives its place to two others, one beside the other',
      reserved,
      [
        's#a struct 24 8 0',
        ' n 0 u64',
        ' - 64 {8} union',
        '  eth 64 {8} struct',
        '   dev 64 s#b *',
        '  ib 64 {8} struct',
        '   dev 64 s#c *',
        ' p 128 s#a *',
      ],
      ['replaced reserved1: u64 -> eth.dev s#b *', 'in-union ib.dev: 8 s#c *'],
    ],
    [
      'reserved space that is too small',
      reserved,
      [
        's#a struct 48 8 0',
        ' n 0 u64',
        ' - 64 {32} union',
        '  big 64 u64[4]',
        '  kabi_hidden 64 {8} struct',
        '   reserved1 64 u64',
        ' p 320 s#a *',
      ],
      ['!size: 24 -> 48', '!moved p: 16 -> 40', 'added big: 8 u64[4]'],
    ],
    [
      'a width of a bit-field',
      bits,
      ['s#a struct 4 4 0', ' f 0:4 u32', ' g 4:5 u32'],
      ['!bit-field f: 0:0+3 -> 0:0+4', '!bit-field g: 0:3+5 -> 0:4+5'],
    ],
    ['a new bit-field behind the others', bits, [...bits, ' h 8:2 u32'], ['in-padding h: 1:0+2 u32']],
    [
      'a member that is kept under another name, of a type that is not known',
      ['s#a struct 24 8 0', ' busy 0 t#atomic_t', ' n 64 u64', ' last 128 u32'],
      ['s#a struct 24 8 0', ' rh_reserved_busy 0 t#atomic_t', ' n 64 u64', ' last 128 u32'],
      ['replaced busy: t#atomic_t -> rh_reserved_busy t#atomic_t'],
    ],
    [
      'a member of a union that fits',
      union,
      ['s#a struct 16 8 0', ' - 0 {8} union', '  u1 0 u32', '  u2 0 u64', '  u3 0 u8[8]', ' n 64 u64'],
      ['in-union u3: 0 u8[8]'],
    ],
    [
      'a member of a union that does not fit',
      union,
      ['s#a struct 24 8 0', ' - 0 {16} union', '  u1 0 u32', '  u2 0 u64', '  u3 0 u64[2]', ' n 128 u64'],
      ['!size: 16 -> 24', '!moved n: 8 -> 16', 'added u3: 0 u64[2]'],
    ],
    [
      'packed',
      released,
      ['s#a struct 13 1 0', ' c 0 u8', ' n 8 u64', ' last 72 u32'],
      ['!size: 24 -> 13', '!alignment: 8 -> 1', '!moved n: 8 -> 1', '!moved last: 16 -> 9'],
    ],
    [
      'aligned otherwise',
      released,
      ['s#a struct 24 4 0', ' c 0 u8', ' n 64 u64', ' last 128 u32'],
      ['!alignment: 8 -> 4'],
    ],
    [
      'an enumerator in the middle',
      enumeration,
      ['e#a enum 4 - 0', ' A 0', ' NEW 1', ' B 2'],
      ['!enumerator B: 1 -> 2', 'new-enumerator NEW: 1'],
    ],
    ['an enumerator at the end', enumeration, [...enumeration, ' C 2'], ['new-enumerator C: 2']],
    ['an enumerator that is gone', enumeration, ['e#a enum 4 - 0', ' A 0'], ['!enumerator B: 1']],
    [
      'a union in place of a struct',
      ['s#a struct 8 8 0', ' x 0 u64'],
      ['s#a union 8 8 0', ' x 0 u64'],
      ['!retyped: struct -> union'],
    ],
  ]
  it.each(table)('tell of %s', (_, before, after, expected) => {
    expect(differences(before, after)).toEqual(expected)
  })

  it('do not tell a member where an embedded type has become smaller from one beside others of a union', () => {
    const before = ['s#a struct 16 8 0', ' in 0 s#inner', ' n 64 u64']
    const after = ['s#a struct 16 8 0', ' in 0 s#inner', ' new 32 u32', ' n 64 u64']
    const smaller = ['s#inner struct 4 4 0', ' x 0 u32']
    expect(differences(before, after, smaller)).toEqual(['added new: 4 u32'])
  })

  it('do not tell of another type that is embedded and grew, but of what it moved', () => {
    const before = ['s#a struct 16 8 0', ' in 0 s#inner', ' n 64 u64']
    const after = ['s#a struct 24 8 0', ' in 0 s#inner', ' n 128 u64']
    expect(differences(before, after, ['s#inner struct 16 8 0', ' x 0 u64', ' y 64 u64'])).toEqual([
      '!size: 16 -> 24',
      '!moved n: 8 -> 16',
    ])
  })
})
