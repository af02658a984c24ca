import { describe, expect, it } from 'vitest'
import type { AggregateLayout, Layouts, MemberLayout } from '../../src/abi/layouts/layout.ts'
import { roomFor } from '../../src/explain/room-for.ts'

const member = (
  name: string,
  offset: number,
  type: string,
  rest: Partial<MemberLayout> = {},
): MemberLayout => ({
  ...{ name, offset: 8 * offset, type },
  ...rest,
})
const struct = (size: number, ...members: readonly MemberLayout[]): AggregateLayout => ({
  ...{ kind: 'struct', size, members },
})
const inner = { kind: 'struct', size: 16, align: 8, members: [] } as const
const layouts: Layouts = {
  ...{ pointer: 8, objects: ['a.o'], symbols: new Map(), unknown: new Map() },
  types: new Map([['s#inner', { value: inner, object: 0 }]]),
}
const both = { before: layouts, after: layouts }

const lock = member('lock', 0, 'u32')
const released = struct(24, lock, member('next', 8, 'void *'), member('flag', 16, 'u8'))
/** The same with more members, wherever these are. */
const now = (...more: readonly MemberLayout[]) => struct(64, ...released.members, ...more)
const room = (...more: readonly MemberLayout[]) => roomFor({ before: released, after: now(...more) }, both)

describe('room for a new member', () => {
  it('is a hole of the release', () => {
    expect(room(member('cookie', 40, 'u32'))).toEqual({
      ...{ member: 'cookie', bytes: 4 },
      place: { offset: 4, bytes: 4, behind: 'lock', last: false },
    })
  })

  it('is the padding at the end, for what asks for no stricter alignment than it has there', () => {
    expect(room(member('name', 41, 'u8[6]'))?.place).toMatchObject({ offset: 17, behind: 'flag', last: true })
  })

  it.each([
    ['what is larger than any', member('key', 40, 'u64')],
    ['a structure that is', member('inner', 40, 's#inner')],
  ])('is none for %s', (_, one) => {
    expect(room(one)).not.toHaveProperty('place')
    expect(room(one)?.member).toBe(one.name)
  })

  it.each<[string, readonly MemberLayout[]]>([
    ['nothing new', []],
    ['several new members', [member('a', 40, 'u8'), member('b', 41, 'u8')]],
    ['a bit-field', [member('bit', 40, 'u32', { bits: 1 })]],
    ['a type of unknown size', [member('other', 40, 's#other')]],
  ])('is not known for %s', (_, more) => {
    expect(room(...more)).toBeUndefined()
  })
})
