import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSymvers } from '../../src/abi/parse-symvers.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import { someDefinitions } from './some-definitions.ts'
import { checksumOf, fedText, symtypesFile } from './symtypes-oracle.ts'

function checksums(lines: readonly string[], wanted?: ReadonlySet<string>): ReadonlyMap<string, number> {
  const { value, problems } = symtypesChecksums(
    new TextEncoder().encode(lines.join('\n') + '\n'),
    'a.symtypes',
    wanted,
  )
  expect(problems).toEqual([])
  return value
}

describe('symtypesChecksums feeds', () => {
  it.each<[what: string, lines: readonly string[], fed: string]>([
    ['every token of an export and a space', ['f int f ( void ) '], 'int f ( void ) '],
    ['a space at the end that the file leaves out', ['f int f ( void )'], 'int f ( void ) '],
    ['not the flag extern', ['f extern int f ( void ) '], 'int f ( void ) '],
    ['extern where it is not the flag', ['f int extern f '], 'int extern f '],
    ['not the word override', ['override f int f ( void ) '], 'int f ( void ) '],
    ['the definition of an overridden type', ['override s#a struct a { } ', 'f s#a f '], 'struct a { } f '],
    [
      'a definition in place of a reference',
      ['s#a struct a { int x ; } ', 'f s#a * f '],
      'struct a { int x ; } * f ',
    ],
    ['the definition of a reference alone', ['t#a typedef int a ', 'f t#a '], 'typedef int a '],
    ['a repeated struct as keyword and name', ['s#a struct a { } ', 'f s#a s#a '], 'struct a { } struct a '],
    ['a repeated union as keyword and name', ['u#a union a { } ', 'f u#a u#a '], 'union a { } union a '],
    ['a repeated enum as keyword and name', ['e#a enum a { } ', 'f e#a e#a '], 'enum a { } enum a '],
    ['a repeated typedef as its name alone', ['t#a typedef int a ', 'f t#a t#a '], 'typedef int a a '],
    ['a repeated enum constant as its name alone', ['E#A 7 ', 'f [ E#A ] [ E#A ] '], '[ 7 ] [ A ] '],
    [
      'a struct inside itself as keyword and name',
      ['s#a struct a { s#a * x ; } ', 'f s#a '],
      'struct a { struct a * x ; } ',
    ],
    [
      'a type that two others share in the first of them',
      ['s#a struct a { t#u x ; } ', 's#b struct b { t#u y ; } ', 't#u typedef int u ', 'f s#a s#b '],
      'struct a { typedef int u x ; } struct b { u y ; } ',
    ],
    [
      'types that refer to one another once each',
      ['s#a struct a { s#b * b ; } ', 's#b struct b { s#a * a ; } ', 'f s#b s#a '],
      'struct b { struct a { struct b * b ; } * a ; } struct a ',
    ],
    [
      'a type that was only declared as it stands',
      ['s#a struct a { UNKNOWN } ', 'f s#a * '],
      'struct a { UNKNOWN } * ',
    ],
    [
      'a tag and a typedef of one name as two',
      ['s#a struct a { } ', 't#a typedef s#a a ', 'f t#a '],
      'typedef struct a { } a ',
    ],
    [
      'the keyword of the reference, not that of the record',
      ['u#a union a { } ', 'f s#a s#a '],
      'union a { } struct a ',
    ],
    [
      'a typedef through the prefix of an enum constant',
      ['t#a typedef int a ', 'f E#a E#a '],
      'typedef int a a ',
    ],
    ['a name that looks like that of the export', ['s#f struct f { } ', 'f s#f f '], 'struct f { } f '],
    ['the export itself, where a type has its name, as a repeated one', ['f int f ( t#f ) '], 'int f ( f ) '],
    ['an enum constant that begins with any word', ['E#A variable + 1 ', 'f E#A '], 'variable + 1 '],
    ['an export named in another one as a plain token', ['g int g ', 'f g g '], 'g g '],
    ['a string with all its spaces', ['f section ( "a  b c" ) f '], 'section ( "a  b c" ) f '],
    ['what looks like a reference within a string', ['f "x s#a y" f '], '"x s#a y" f '],
    ['a string that begins like a reference', ['f "#a" f '], '"#a" f '],
    ['a string with quotes inside', ['f "\\" s#a" \'"\' f '], '"\\" s#a" \'"\' f '],
    ['a character that is a space or a quote', ["f ' ' '\\'' f "], "' ' '\\'' f "],
    ['a wide string as one', ['f L"a  s#a" f '], 'L"a  s#a" f '],
    ['a token with # that is no reference', ['f x#a # f '], 'x#a # f '],
    ['bytes that are not ASCII', ['f "ä€" f '], '"ä€" f '],
    [
      'a text of many hundred bytes',
      ['s#a struct a { } ', `f s#a ${'long '.repeat(300)}s#a `],
      `struct a { } ${'long '.repeat(300)}struct a `,
    ],
  ])('%s', (_, lines, fed) => {
    expect(checksums(lines)).toEqual(new Map(withOthers(lines, ['f', checksumOf(fed)])))
  })

  /** The other exports of a case are there to be referred to; each feeds its own tokens. */
  function withOthers(lines: readonly string[], f: [string, number]): [string, number][] {
    return lines.includes('g int g ') ? [['g', checksumOf('int g ')], f] : [f]
  }
})

describe('symtypesChecksums', () => {
  it('gives what the algorithm gives when it is written down plainly', () => {
    fc.assert(
      fc.property(someDefinitions, (definitions) => {
        const { value, problems } = symtypesChecksums(symtypesFile(definitions), 'a.symtypes')
        expect(problems).toEqual([])
        const exports = [...definitions.keys()].filter((name) => !name.includes('#'))
        expect([...value]).toEqual(exports.map((name) => [name, checksumOf(fedText(definitions, name))]))
      }),
    )
  })

  it('does not depend on the order of the lines', () => {
    const reordered = someDefinitions.chain((definitions) =>
      fc.tuple(
        fc.constant(definitions),
        fc
          .shuffledSubarray([...definitions], { minLength: definitions.size })
          .map((entries) => new Map(entries)),
      ),
    )
    fc.assert(
      fc.property(reordered, ([definitions, shuffled]) => {
        const other = symtypesChecksums(symtypesFile(shuffled), 'a.symtypes')
        expect(other.problems).toEqual([])
        expect(other.value).toEqual(symtypesChecksums(symtypesFile(definitions), 'a.symtypes').value)
      }),
    )
  })

  it('computes the wanted exports alone', () => {
    const lines = ['f int f ', 'g int g ', 's#h struct h { } ']
    expect([...checksums(lines, new Set(['g', 'h', 'absent'])).keys()]).toEqual(['g'])
  })

  it('starts anew with each export', () => {
    const lines = ['s#a struct a { } ', 'f s#a f ', 'g s#a g ']
    expect(checksums(lines).get('g')).toBe(checksumOf('struct a { } g '))
  })

  it('gives nothing for an object without exports', () => {
    expect(checksums([])).toEqual(new Map())
  })

  it('says nothing about an export that reaches what was not understood', () => {
    const lines = ['s#a struct a { s#missing x ; }', 's#b struct b { s#a x ; }', 'f s#b f', 'g int g', 'h']
    const { value, problems } = symtypesChecksums(
      new TextEncoder().encode(lines.join('\n') + '\n'),
      'a.symtypes',
    )
    expect([...value.keys()]).toEqual(['g'])
    expect(problems).toHaveLength(2)
  })

  it('follows a chain of a hundred thousand types', () => {
    const last = 100_000
    const chain = Array.from({ length: last }, (_, n) => `t#n${n} typedef t#n${n + 1} n${n} `)
    const fed =
      'typedef '.repeat(last) + 'int ' + Array.from({ length: last }, (_, n) => `n${last - 1 - n} `).join('')
    expect(checksums([...chain, `t#n${last} int `, 'f t#n0 ']).get('f')).toBe(checksumOf(fed))
  })

  const fixtures = join(import.meta.dirname, 'fixtures/debian-6.1.170-amd64')
  const symversFile = join(fixtures, 'Module.symvers')
  const published = parseSymvers(readFileSync(symversFile, 'utf8'), symversFile).value.exports
  const crcs = new Map(published.map(({ symbol, crc }) => [symbol, crc]))

  it.each([
    ['cpu', 25],
    ['spinlock', 30],
    ['kobject', 19],
  ])('gives the published checksums of a Debian kernel: %s.symtypes', (name, count) => {
    const { value, problems } = symtypesChecksums(readFileSync(join(fixtures, `${name}.symtypes`)), name)
    expect(problems).toEqual([])
    expect(value.size).toBe(count)
    expect([...value]).toEqual([...value.keys()].map((symbol) => [symbol, crcs.get(symbol)]))
  })
})
