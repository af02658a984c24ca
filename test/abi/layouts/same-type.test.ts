import { describe, expect, it } from 'vitest'
import { isSameType } from '../../../src/abi/layouts/same-type.ts'

describe('two types, one of them from BTF', () => {
  it.each([
    ['u32[2][3]', 'u32[6]'],
    ['u32[2][3]', 'u32[3][2]'],
    ['u8[][4]', 'u8[]'],
    ['s32<4>', 's32[4]'],
    ['s#a *[2][2]', 's#a *[4]'],
    ['s8 *', '?8 *'],
    ['u8[16]', '?8[4][4]'],
    ['s32 (s8 *, u8[2][2] *, ...) *', 's32 (?8 *, ?8[4] *, ...) *'],
  ])('are equal as far as BTF knows: %s and %s', (one, other) => {
    expect([isSameType(one, other, true), isSameType(other, one, true)]).toEqual([true, true])
    expect(isSameType(one, other, false)).toBe(false)
  })

  it.each([
    ['u32[2][3]', 'u32[5]'],
    ['u32[6]', 's32[6]'],
    ['u8', 's8'],
    ['?8', 'u16'],
    ['?8', '?16'],
    ['?8', 'bool8'],
    ['s#a', 's#b'],
    ['s#u8', 's#?8'],
    ['u32[6]', 'u32'],
    ['u32 *[6]', 'u32[6] *'],
    ['s32 (u8)', 's32 (u8, ...)'],
  ])('are others where BTF tells so: %s and %s', (one, other) => {
    expect([isSameType(one, other, true), isSameType(other, one, true)]).toEqual([false, false])
  })
})
