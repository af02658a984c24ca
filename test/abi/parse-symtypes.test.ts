import { describe, expect, it } from 'vitest'
import { parseSymtypes } from '../../src/abi/parse-symtypes.ts'
import { isError } from '../../src/problem/problem.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import { checksumOf } from './symtypes-oracle.ts'

const encoder = new TextEncoder()

describe('parseSymtypes refuses', () => {
  it.each<[what: string, text: string, line: number, column: number, message: string]>([
    ['a name that is none', 's#a struct a { } \n<html> x \n', 2, 1, '"<html>" is not the name'],
    ['a prefix without a name', 's# struct { } \n', 1, 1, '"s#" is not the name'],
    ['a line that begins with a space', ' f int f \n', 1, 1, '"" is not the name'],
    ['an unknown prefix', 'x#a int a \n', 1, 1, '"x#a" is not the name'],
    ['a name in quotes that nothing ends', "s#'a b struct a { } \n", 1, 1, `"s#'a" is not the name`],
    ['a row of a symvers table', '0x12345678\tf\tvmlinux\tEXPORT_SYMBOL\t\n', 1, 1, 'is not the name'],
    ['the short form of a declared type', 's##a\n', 1, 1, '"s##a" is not the name'],
    ['a name alone', 'g int g \nf\n', 2, 1, 'a name without a definition'],
    ['a name and a space', 'f \n', 1, 1, 'a name without a definition'],
    ['a flag instead of a definition', 'override f extern \n', 1, 10, 'a name without a definition'],
    ['two spaces', 'f int  f \n', 1, 7, 'a second space'],
    ['a space too many at the end', 'f int f  \n', 1, 9, 'a second space'],
    ['a tab', 'f int\tf \n', 1, 6, 'found the byte 0x09'],
    ['Windows line ends', 'f int f \r\n', 1, 9, 'found the byte 0x0d'],
    ['a NUL far down', `f ${'int '.repeat(300)}f\0\n`, 1, 1204, 'found the byte 0x00'],
    ['a string without its end', 'f ( "abc ) f \n', 1, 5, 'the literal that begins here'],
    ['a string whose last quote is escaped', 'f "abc\\" \n', 1, 3, 'the literal that begins here'],
    ['a character without its end', "f ä L'a \n", 1, 5, 'the literal that begins here'],
    [
      'a reference without a record',
      'f ä s#a * \n',
      1,
      5,
      '"s#a" refers to a type that the file does not define',
    ],
    ['a tag where only a typedef is defined', 't#a typedef int a \nf s#a \n', 2, 3, '"s#a" refers to'],
    ['a typedef where only a tag is defined', 's#a struct a { } \nf t#a \n', 2, 3, '"t#a" refers to'],
    ['a last line that was cut', 'f int f \ng int', 2, 1, 'the file ends in the middle of this line'],
    ['a function as gendwarfksyms writes it', 'f subprogram( base_type int ) \n', 1, 3, 'gendwarfksyms'],
    ['a variable as gendwarfksyms writes it', 'f variable base_type int \n', 1, 3, 'gendwarfksyms'],
  ])('%s', (_, text, line, column, message) => {
    const { problems } = parseSymtypes(encoder.encode(text), 'a.symtypes')
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({
      kind: 'malformed-line',
      place: { file: 'a.symtypes', line, column },
      message: expect.stringContaining(message) as string,
    })
  })

  it.each([
    ['binary content', '\x1f\x8b\0\0', 'binary'],
    ['a page of HTML', '<!DOCTYPE html>\n<p>Not found</p>\n', 'HTML'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', 'Git LFS'],
  ])('%s as a whole', (_, text, message) => {
    const { value, problems } = parseSymtypes(encoder.encode(text), 'a.symtypes')
    expect(value.count).toBe(0)
    expect(problems).toMatchObject([
      { kind: 'unreadable', message: expect.stringContaining(message) as string },
    ])
  })
})

describe('parseSymtypes', () => {
  it('underlines what it did not understand', () => {
    const [problem] = parseSymtypes(
      encoder.encode('t#a typedef int a \nf ( s#b * ) \n'),
      'a.symtypes',
    ).problems
    expect(problem?.excerpt).toEqual(['f ( s#b * ) ', '    ^^^'])
  })

  it('skips blank lines and counts them', () => {
    const { problems } = parseSymtypes(encoder.encode('\n\nf int f \n\nh\n'), 'a.symtypes')
    expect(problems.map(({ place }) => place?.line)).toEqual([5])
  })

  it('keeps the first of two definitions of one name and refuses the file', () => {
    const text = 's#a struct a { int x ; } \nf s#a \ns#a struct a { long x ; } \n'
    const { value, problems } = symtypesChecksums(encoder.encode(text), 'a.symtypes')
    expect(value.get('f')).toBe(checksumOf('struct a { int x ; } '))
    expect(problems).toMatchObject([{ kind: 'conflicting-rows', place: { line: 3 } }])
    expect(problems[0]?.message).toBe('"s#a" has another definition on line 1.')
    expect(problems.every(isError)).toBe(true)
  })

  it('takes a struct and a union of one name for two definitions of it', () => {
    const { problems } = parseSymtypes(encoder.encode('s#a struct a { } \nu#a union a { } \n'), 'a.symtypes')
    expect(problems).toMatchObject([{ kind: 'conflicting-rows', place: { line: 2 } }])
  })

  it.each([
    ['of the same text', 's#a struct a { } \ns#a struct a { } \n'],
    ['that differ in the word override alone', 's#a struct a { } \noverride s#a struct a { } \n'],
  ])('only notes two records %s', (_, text) => {
    const { value, problems } = parseSymtypes(encoder.encode(text), 'a.symtypes')
    expect(value.count).toBe(1)
    expect(problems).toMatchObject([{ kind: 'duplicate-row', place: { line: 2 } }])
    expect(problems.some(isError)).toBe(false)
  })

  it('tells names apart whose hashes are equal', () => {
    // CRC-32 gives these two names the same value.
    const text = 't#plumless typedef int plumless \nt#buckeroo typedef long buckeroo \nf t#buckeroo \n'
    expect(checksumOf('plumless')).toBe(checksumOf('buckeroo'))
    const { value, problems } = symtypesChecksums(encoder.encode(text), 'a.symtypes')
    expect(problems).toEqual([])
    expect(value.get('f')).toBe(checksumOf('typedef long buckeroo '))
  })

  it('tells twenty problems one by one and counts the rest', () => {
    const { problems } = parseSymtypes(encoder.encode('f\n'.repeat(1) + '-\n'.repeat(30)), 'a.symtypes')
    expect(problems).toHaveLength(21)
    expect(problems.at(-1)?.message).toBe('11 more problems in this file are not shown.')
  })
})
