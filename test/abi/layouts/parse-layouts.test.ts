import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLayouts } from '../../../src/abi/layouts/format-layouts.ts'
import { parseLayouts } from '../../../src/abi/layouts/parse-layouts.ts'
import '../../support/properties.ts'
import { arbitraryLayouts } from './arbitrary-layouts.ts'

const text = `kabi-gate layouts, version 1
pointer 8
o drivers/base/core.o
v device_add 0 s32 (s#device *)
e#state enum 4 - 0
 DEAD -1
 ALIVE 4294967296
s#device struct 16 8 0
 parent 0 s#device *
 - 64 {8} union
  id 64 u32
  list 64 {4} struct[2]
   next 64 u8
 flags 120:3 u32
? s#hidden two objects disagree
end 15
`

describe('layouts in a file', () => {
  it('are what was written, whatever they are', () => {
    fc.assert(
      fc.property(arbitraryLayouts, (layouts) => {
        const { value, problems } = parseLayouts(formatLayouts(layouts), 'layouts.gz')
        expect(problems).toEqual([])
        expect(value).toEqual(layouts)
      }),
    )
  })

  it('are read and written in the form that docs/formats.md describes', () => {
    const { value, problems } = parseLayouts(text, 'layouts.gz')
    expect(problems).toEqual([])
    expect(formatLayouts(value)).toBe(text)
  })

  it('are refused whole when they were cut anywhere', () => {
    for (let length = 0; length < text.length; length++) {
      const { value, problems } = parseLayouts(text.slice(0, length), 'layouts.gz')
      expect(problems.map(({ kind }) => kind)).toEqual(['malformed-line'])
      expect(value.types.size).toBe(0)
    }
  })

  it.each([
    ['another version', /version 1/, 'version 2', 1, 'the first line has to be'],
    ['no size of pointers', 'pointer 8', 'o a.o', 2, 'size of pointers'],
    ['an object that is not there', '0 s32', '7 s32', 4, 'no object'],
    ['a type of no kind', 'struct 16', 'class 16', 8, 'struct, union or enum'],
    ['a size that is no number', 'struct 16', 'struct x', 8, 'a number'],
    ['a member without a type', ' parent 0 s#device *', ' parent 0', 9, 'an offset and a type'],
    ['a member that is too deep', '  id 64', '   id 64', 11, 'deeper'],
    ['an enumerator without a value', ' DEAD -1', ' DEAD', 6, 'a name and a number'],
    ['a name that stands there twice', 's#device struct', 'e#state struct', 8, 'twice'],
    ['a line more', '? s#hidden', 'x\n? s#hidden', 15, 'no line of layouts'],
    ['a count that is wrong', 'end 15', 'end 13', 16, 'counts'],
  ])('name the line of %s', (_, part, changed, line, message) => {
    const [problem] = parseLayouts(text.replace(part, changed), 'layouts.gz').problems
    expect(problem).toMatchObject({ kind: 'malformed-line', place: { file: 'layouts.gz', line } })
    expect(problem?.message).toContain(message)
  })
})
