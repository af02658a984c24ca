import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TypeLayout } from '../../src/abi/layouts/layout.ts'
import { leavesOf } from '../../src/abi/layouts/leaves.ts'
import { parseLayouts } from '../../src/abi/layouts/parse-layouts.ts'
import { layoutPicture, pictureRows } from '../../src/report/model/layout-picture.ts'
import type { Picture, PictureGap, PictureRow } from '../../src/report/model/report-model.ts'
import { arbitraryLayouts } from '../abi/layouts/arbitrary-layouts.ts'

/** The type of some lines of a file with layouts, and how large what it holds is. */
function side(lines: readonly string[]) {
  const all = ['kabi-gate layouts, version 1', 'pointer 8', 'o a.o', ...lines]
  const { value, problems } = parseLayouts([...all, `end ${all.length}`, ''].join('\n'), 'layouts')
  const [first] = [...value.types.values()]
  if (problems.length > 0 || !first) throw new Error(JSON.stringify(problems))
  return first.value
}

const sizes = { pointer: 8, held: new Map([['s#inner', 8]]) }

function pictured(before: readonly string[], after: readonly string[]): Picture | undefined {
  return layoutPicture({
    name: 's#a',
    layout: { before: side(before), after: side(after) },
    sizes: { before: sizes, after: sizes },
  })
}

/** `8 -> 16 [8] n u64: moved +8`, with `-` where there is nothing. */
function shown(row: PictureRow | PictureGap): string {
  if (row.kind === 'gap') return `... ${row.count}${row.shift === 0 ? '' : ` moved ${row.shift / 8}`}`
  const both = (of: 'place' | 'size' | 'type') => {
    const values = [row.before?.[of] ?? '-', row.after?.[of] ?? '-']
    return values[0] === values[1] ? (values[0] ?? '') : values.join(' -> ')
  }
  const alone = (of: 'size' | 'type') =>
    row.before && row.after ? both(of) : (row.before?.[of] ?? row.after?.[of] ?? '-')
  const name = `${row.name || '()'}${row.inUnion ? ' |' : ''}`
  return `${both('place')} [${alone('size')}] ${name} ${alone('type')}: ${row.what.join(' ')}`
}

const released = ['s#a struct 24 8 0', ' c 0 u8', ' n 64 u64', ' last 128 u32']
const bits = ['s#a struct 4 4 0', ' f 0:3 u32', ' g 3:5 u32']
const union = ['s#a struct 16 8 0', ' - 0 {8} union', '  u1 0 u32', '  u2 0 u64', ' n 64 u64']
const long = (insert: number, shift = 0) => [
  `s#a struct ${80 + 8 * shift} 8 0`,
  ...Array.from({ length: 10 }, (_, at) => ` m${at} ${64 * (at + (at >= insert ? shift : 0))} u64`),
]

describe('the picture of a type', () => {
  const table: [string, readonly string[], readonly string[], readonly string[]][] = [
    [
      'members behind a new one',
      released,
      ['s#a struct 32 8 0', ' c 0 u8', ' new 64 u64', ' n 128 u64', ' last 192 u32'],
      [
        '0 [1] c u8: same',
        '1 [7] () -: hole',
        '- -> 8 [8] new u64: new',
        '8 -> 16 [8] n u64: moved',
        '16 -> 24 [4] last u32: moved',
        '20 -> 28 [4] () -: padding',
      ],
    ],
    [
      'a hole that is filled in part, and padding that is filled',
      released,
      [
        's#a struct 24 8 0',
        ...[' c 0 u8', ' new 32 u32', ' n 64 u64', ' last 128 u32', ' more 160 s#opaque'],
      ],
      [
        '0 [1] c u8: same',
        '1 [7 -> 3] () -: hole',
        '- -> 4 [4] new u32: new',
        '8 [8] n u64: same',
        '16 [4] last u32: same',
        '20 -> - [4] () -: padding',
        '- -> 20 [-] more struct opaque: new',
      ],
    ],
    [
      'a member that is gone and leaves a hole',
      ['s#a struct 16 8 0', ' p 0 s#b *', ' c 64 u32', ' d 96 u32'],
      ['s#a struct 16 8 0', ' p 0 s#b *', ' d 96 u32'],
      ['0 [8] p struct b *: same', '8 -> - [4] c u32: gone', '- -> 8 [4] () -: hole', '12 [4] d u32: same'],
    ],
    [
      'bit-fields',
      bits,
      ['s#a struct 4 4 0', ' f 0:3 u32', ' h 3:1 u32', ' g 4:6 u32'],
      [
        '0:0 [3 bits] f u32: same',
        '- -> 0:3 [1 bit] h u32: new',
        '0:3 -> 0:4 [5 bits -> 6 bits] g u32: moved resized',
        '1 -> 1:2 [3 -> 22 bits] () -: padding',
      ],
    ],
    [
      'a union, of which a larger member changes nothing',
      union,
      ['s#a struct 16 8 0', ' - 0 {8} union', '  u1 0 u32', '  u2 0 u64', '  u3 0 u8[8]', ' n 64 u64'],
      ['0 [4] u1 | u32: same', '0 [8] u2 | u64: same', '- -> 0 [8] u3 | u8[8]: new', '8 [8] n u64: same'],
    ],
    [
      'a union as a whole',
      ['u#a union 8 8 0', ' x 0 u32', ' y 0 u64'],
      ['u#a union 16 8 0', ' x 0 u32', ' y 0 u64', ' z 0 u8[16]'],
      ['0 [4] x u32: same', '0 [8] y u64: same', '- -> 0 [16] z u8[16]: new'],
    ],
    [
      'a structure without a name, one with a name of a member, and an array of such',
      [
        's#a struct 32 8 0',
        ...[' - 0 {8} struct', '  x 0 u32', '  y 32 u32', ' in 64 {8} struct', '  x 64 u64'],
        ...[' list 128 {8} struct[2]', '  v 128 u64'],
      ],
      [
        's#a struct 32 8 0',
        ...[' - 0 {8} struct', '  y 0 u32', '  x 32 u32', ' in 64 {8} struct', '  x 64 s64'],
        ...[' list 128 {8} struct[2]', '  v 128 u64'],
      ],
      [
        '4 -> 0 [4] y u32: moved',
        '0 -> 4 [4] x u32: moved',
        '8 [8] in.x u64 -> s64: retyped',
        '16 [16] list struct[2]: same',
        '16 [8] list[].v u64: same',
      ],
    ],
    [
      'packed',
      ['s#a struct 16 8 0', ' c 0 u8', ' n 64 u64'],
      ['s#a struct 9 1 0', ' c 0 u8', ' n 8 u64'],
      ['0 [1] c u8: same', '1 -> - [7] () -: hole', '8 -> 1 [8] n u64: moved'],
    ],
    [
      'grown at the end',
      ['s#a struct 16 8 0', ' n 0 u64', ' last 64 s#inner'],
      ['s#a struct 24 8 0', ' n 0 u64', ' last 64 s#inner', ' new 128 u8'],
      [
        '0 [8] n u64: same',
        '8 [8] last struct inner: same',
        '- -> 16 [1] new u8: new',
        '- -> 17 [7] () -: padding',
      ],
    ],
    [
      'a member of a type that nobody knows: no hole is claimed behind it',
      ['s#a struct 24 8 0', ' x 0 s#opaque', ' n 128 u64'],
      ['s#a struct 24 8 0', ' x 0 s#opaque', ' n 128 s64'],
      ['0 [-] x struct opaque: same', '16 [8] n u64 -> s64: retyped'],
    ],
    [
      'a long one that lost a member: equal rows around it, the others counted',
      long(10),
      long(10).filter((line) => !line.startsWith(' m5')),
      [
        '... 3',
        '24 [8] m3 u64: same',
        '32 [8] m4 u64: same',
        '40 -> - [8] m5 u64: gone',
        '- -> 40 [8] () -: hole',
        '48 [8] m6 u64: same',
        '56 [8] m7 u64: same',
        '... 2',
      ],
    ],
    [
      'a long one, of which what moved alike is counted, too',
      long(10),
      [...long(4, 1).slice(0, 5), ' new 256 u64', ...long(4, 1).slice(5)],
      [
        '... 2',
        '16 [8] m2 u64: same',
        '24 [8] m3 u64: same',
        '- -> 32 [8] new u64: new',
        '32 -> 40 [8] m4 u64: moved',
        '40 -> 48 [8] m5 u64: moved',
        '... 4 moved 8',
      ],
    ],
    [
      'an enumeration',
      ['e#a enum 4 - 0', ' DEAD 0', ' ALIVE 1', ' GONE 2'],
      ['e#a enum 4 - 0', ' DEAD 0', ' ASLEEP 1', ' ALIVE 2'],
      [
        '0 [-] DEAD -: same',
        '- -> 1 [-] ASLEEP -: new',
        '1 -> 2 [-] ALIVE -: moved',
        '2 -> - [-] GONE -: gone',
      ],
    ],
  ]
  it.each(table)('%s', (_, before, after, rows) => {
    expect(pictured(before, after)?.rows.map(shown)).toEqual(rows)
  })

  it('tells sizes and alignment', () => {
    expect(pictured(['s#a struct 16 8 0', ' n 0 u64'], ['s#a struct 9 1 0', ' n 0 u64'])).toMatchObject({
      title: 'struct a',
      of: 'members',
      size: { before: 16, after: 9 },
      align: { before: 8, after: 1 },
      left: 0,
    })
  })

  it('has no more rows than a reader looks at, and counts the others', () => {
    const lines = (name: string) =>
      Array.from({ length: 400 }, (_, at) => ` ${at % 2 === 0 ? name : 'same'}${at} ${8 * at} u8`)
    const picture = pictured(['s#a struct 400 1 0', ...lines('old')], ['s#a struct 400 1 0', ...lines('new')])
    expect(picture?.rows).toHaveLength(80)
    // 200 that are gone, 200 that are new, 200 that are equal.
    expect(picture?.left).toBe(520)
  })

  it('is not made of a prototype, of what has no members, and of an enumeration that became something else', () => {
    const empty = { kind: 'struct', size: 8, members: [] } as const
    const one = side(released)
    const other = side(['e#a enum 4 - 0', ' A 0'])
    const of = (layout: Parameters<typeof layoutPicture>[0]['layout']) =>
      layoutPicture({ name: 's#a', layout })
    expect(of({ before: 'u32', after: 's32' })).toBeUndefined()
    expect(of({ before: empty, after: empty })).toBeUndefined()
    expect(of({ before: one, after: other })).toBeUndefined()
    expect(of({ before: one, after: empty })?.rows).toHaveLength(6)
  })

  it('does without sizes', () => {
    const rows = pictureRows({ before: side(union), after: side(['s#a struct 8 8 0', ' p 0 s#b *']) })
    expect(rows.map(shown)).toContain('- -> 0 [-] p struct b *: new')
  })
})

const layouts: fc.Arbitrary<TypeLayout> = arbitraryLayouts
  .filter(({ types }) => types.size > 0)
  .map(({ types }) => [...types.values()][0]?.value ?? { kind: 'enum', size: 4, values: [] })

function isEmpty(layout: TypeLayout): boolean {
  return (layout.kind === 'enum' ? layout.values : layout.members).length === 0
}

function namesOf(layout: TypeLayout): readonly string[] {
  return layout.kind === 'enum'
    ? layout.values.map(({ name }) => name)
    : leavesOf(layout).map(({ path }) => path)
}

describe('whatever two layouts are', () => {
  it('no member of either is lost, and none stands there twice', () => {
    fc.assert(
      fc.property(layouts, layouts, fc.boolean(), (before, after, known) => {
        const picture = layoutPicture({
          name: 's#a',
          layout: { before, after },
          ...(known ? { sizes: { before: sizes, after: sizes } } : {}),
        })
        const alike = (before.kind === 'enum') === (after.kind === 'enum')
        if (!alike || (isEmpty(before) && isEmpty(after))) {
          expect(picture).toBeUndefined()
          return
        }
        const rows = pictureRows({ before, after }, known ? { before: sizes, after: sizes } : undefined)
        for (const [side, layout] of [
          ['before', before],
          ['after', after],
        ] as const) {
          const members = rows.filter((row) => row[side] && !/hole|padding/.test(row.what.join()))
          expect(members.map(({ name }) => name).sort()).toEqual([...namesOf(layout)].sort())
        }
        const counted = picture?.rows.reduce((sum, row) => sum + (row.kind === 'gap' ? row.count : 1), 0) ?? 0
        expect(counted + (picture?.left ?? 0)).toBe(rows.length)
      }),
    )
  })

  it('nothing changed of a type that is compared with itself', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        for (const row of pictureRows({ before: layout, after: layout }))
          expect(row.what.join()).toMatch(/^(same|hole|padding)$/)
      }),
    )
  })
})
