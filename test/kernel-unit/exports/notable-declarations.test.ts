import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { notableDeclarations } from '../../../src/kernel/exports/notable-declarations.ts'
import { PartMemory } from '../../../src/kernel/exports/repeated-parts.ts'

/** What a preprocessor writes, cut where a reader may be in the middle of something. */
const pieces = [
  '# 1 "a.h" 1\n',
  '# 2 "a.h" 2\n',
  '# 1 "b.h" 1\n',
  '#pragma GCC poison ksymtab\n',
  '#pragma pack(1)\n',
  'int a;\n',
  'static inline void f(void)\n{\n',
  'asm volatile("nop");\n',
  '}\n',
  'asm(".section __ksymtab");\n',
  'int b __attribute__((section("x")));\n',
  'int c __attribute__((\n',
  '"\\n"\n',
  '))\n',
  'EXPORT_SYMBOL(a);\n',
  'extern const char __kstrtab_a[];\n',
  '"an open string\n',
  ';',
  '__attribute__;\n',
  '# 1 "c.h" 1\nasm("nop");\n# 2 "c.h" 2\n',
  '# 1 "d.h" 1\nint d = "\\n";\n# 2 "d.h" 2\n',
  '  \t\n',
]

describe('notableDeclarations', () => {
  it('finds in texts that repeat parts of others what it finds in each alone', () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((all) => all.join(''))
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (texts) => {
        const memory = new PartMemory<{ readonly text: string; readonly at: number }>()
        for (const one of texts) {
          const alone = notableDeclarations(Buffer.from(one), new PartMemory())
          expect(notableDeclarations(Buffer.from(one), memory)).toEqual(alone)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('does not take a part for one that begins with the same marker, or is cut', () => {
    const memory = new PartMemory<{ readonly text: string; readonly at: number }>()
    const found = (text: string) =>
      notableDeclarations(Buffer.from(text), memory).map(({ text, at }) => `${at} ${text}`)
    expect(found('# 1 "a.h" 1\nasm("one");\n# 2 "a.h" 2\n')).toEqual(['12 asm("one");'])
    expect(found('# 1 "a.h" 1\nasm("two");\n# 2 "a.h" 2\n')).toEqual(['12 asm("two");'])
    expect(found('int a;\n# 1 "a.h" 1\nasm("one");\n# 2 "a.h" 2\n')).toEqual(['19 asm("one");'])
    expect(found('# 1 "a.h" 1\nasm("one")')).toEqual(['12 asm("one")'])
  })

  it('notes a pragma by all of its line', () => {
    const pragma = `#pragma weak ${' '.repeat(300)}__ksymtab_a`
    expect(notableDeclarations(Buffer.from(`int a;\n${pragma}\nint b;`))).toHaveLength(1)
  })
})
