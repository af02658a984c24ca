import { describe, expect, it } from 'vitest'
import { parseChecksums } from '../../../src/kernel/exports/parse-checksums.ts'
import { parseDependencies } from '../../../src/kernel/exports/run-compiler.ts'

describe('parseChecksums', () => {
  it.each([
    ['5.19 and later', '#SYMVER a 0x0000000f\n#SYMVER b.c 0xfedcba98\n'],
    ['earlier', '__crc_a = 0x0000000f;\n__crc_b.c = 0xfedcba98;\n'],
    [
      '4.10 to 5.18 with relative checksums',
      'SECTIONS { .rodata : ALIGN(4) { __crc_a = .; LONG(0x0000000f); } }\nSECTIONS { .rodata : ALIGN(4) { __crc_b.c = .; LONG(0xfedcba98); } }\n',
    ],
  ])('reads what genksyms of Linux %s prints', (_, text) => {
    expect([...parseChecksums(text)]).toEqual([
      ['a', 15],
      ['b.c', 0xfedcba98],
    ])
  })

  it('gives no checksum to a line that is not one', () => {
    expect(
      parseChecksums('#SYMVER a\n#SYMVER b 0x\n#SYMVER c 0x123456789\n#SYMVER d 0x1234\nhello\n').size,
    ).toBe(0)
  })
})

describe('parseDependencies', () => {
  it.each([
    [
      'lines',
      'a.o: /src/a.c \\\n /src/b.h include/c.h \\\n d.h\n',
      ['/src/a.c', '/src/b.h', 'include/c.h', 'd.h'],
    ],
    ['spaces in a name', String.raw`a.o: /my\ src/a.c /x\#y $$z` + '\n', ['/my src/a.c', '/x#y', '$z']],
    ['a drive of its own', 'C:/a.o: b.c\n', ['b.c']],
    ['nothing', 'a.o:\n', []],
  ])('reads a rule with %s', (_, text, files) => {
    expect(parseDependencies(text)).toEqual(files)
  })

  it.each(['', 'a.o', 'a.o: b.h', 'a.o: b.h \\\n c.', 'a.o: b.h \\\n'])(
    'refuses a rule that is cut: %j',
    (text) => {
      expect(parseDependencies(text)).toBeUndefined()
    },
  )
})
