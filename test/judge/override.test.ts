import { describe, expect, it } from 'vitest'
import { acceptOverride } from '../../src/judge/override.ts'

describe('acceptOverride', () => {
  it('gives nothing when nothing was asked', () => {
    expect(acceptOverride({ disable: false, reason: ' ', by: 'alice' })).toEqual({
      value: undefined,
      problems: [],
    })
  })

  it('keeps the reason on one line', () => {
    const { value } = acceptOverride({ disable: true, reason: ' bisecting\n  bug 4711 ', by: 'alice' })
    expect(value).toEqual({ reason: 'bisecting bug 4711', by: 'alice' })
  })

  it.each([
    [true, ''],
    [true, 'too short'],
    [true, '  a         b  '],
    [false, 'bisecting bug 4711'],
  ])('refuses disable=%s with reason %j', (disable, reason) => {
    const { value, problems } = acceptOverride({ disable, reason, by: 'alice' })
    expect(value).toBeUndefined()
    expect(problems).toMatchObject([{ kind: 'usage' }])
  })

  it.each(['\u200b', '\u2800', '\u3164', '\u00ad', '\u2060', '\u034f', '\u0301', '\u{e0041}'])(
    'takes no reason that is ten characters long only with %j, which nobody sees',
    (invisible) => {
      const reason = `bug 1${invisible.repeat(20)}`
      expect(acceptOverride({ disable: true, reason, by: 'alice' }).value).toBeUndefined()
    },
  )
})
