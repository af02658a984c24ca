import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { typePool } from '../../../src/abi/types/type-pool.ts'
import { parseTypes } from '../../../src/abi/types/parse-types.ts'
import { readContext } from '../../../src/abi/types/read-context.ts'
import { recompute } from '../../../src/abi/types/recompute.ts'
import { runs } from '../../support/properties.ts'
import { dumpsOf } from '../dumps-of.ts'
import { someDefinitions } from '../some-definitions.ts'
import { checksumOf, fedText, symtypesFile } from '../symtypes-oracle.ts'
import { combined, consolidated, definitions, type ObjectDefinitions } from './forms.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

/** For each object, what comes out for its exports. */
function recomputed(...files: readonly (readonly [Uint8Array, string])[]) {
  const pool = typePool()
  const context = readContext(pool, () => true)
  const objects = files.flatMap(([bytes, object]) => parseTypes(context, bytes, 'types', object))
  const found = objects.map((one): [string, Record<string, number>] => {
    const any = new Map(one.exports.map((symbol) => [symbol, -1]))
    const { different } = recompute(pool, { file: '', objects: [one] }, any)
    return [one.object, Object.fromEntries([...different].map(([symbol, { crc }]) => [symbol, crc ?? -1]))]
  })
  return { found: Object.fromEntries(found), problems: context.problems.all() }
}

function expected(objects: ObjectDefinitions) {
  return Object.fromEntries(
    [...objects].map(([object, types]) => {
      const exports = [...types.keys()].filter((name) => !name.includes('#'))
      return [object, Object.fromEntries(exports.map((name) => [name, checksumOf(fedText(types, name))]))]
    }),
  )
}

describe('types of a kernel', () => {
  const names = ['a', 'a/b', 'net/core/dev', 'z']
  const someObjects = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), someDefinitions), {
      selector: ([name]) => name,
      minLength: 1,
    })
    .map((entries): ObjectDefinitions => new Map(entries))

  it('give every object its checksums, in whatever form they are kept', () => {
    fc.assert(
      fc.property(someObjects, (objects) => {
        const wanted = { found: expected(objects), problems: [] }
        expect(recomputed([consolidated(objects), 'x'])).toEqual(wanted)
        expect(recomputed([combined(objects), 'x'])).toEqual(wanted)
        const dumps = [...objects].map(([name, types]) => [symtypesFile(types), name] as const)
        expect(recomputed(...dumps)).toEqual(wanted)
      }),
      { numRuns: runs(60) },
    )
  })

  it('tell an export from a typedef of the same name in another object', () => {
    const objects = new Map([
      ['a', definitions('t#cb typedef int cb', 'f int f ( t#cb )')],
      ['b', definitions('cb void cb ( void )')],
    ])
    for (const form of [consolidated, combined]) {
      expect(recomputed([form(objects), 'x'])).toEqual({ found: expected(objects), problems: [] })
      expect(decode(dumpsOf(form(objects), 'types').value.get('b'))).toBe('cb void cb ( void ) \n')
    }
  })

  it('keep the word extern, which counts for nothing', () => {
    const text = 's#a struct a { }\nf extern int f ( s#a )\nF#lib/a.symtypes f\n'
    const { value, problems } = dumpsOf(encode(text), 'types')
    expect(problems).toEqual([])
    expect(decode(value.get('lib/a'))).toBe('s#a struct a { } \nf extern int f ( s#a ) \n')
  })
})

describe('the combined form', () => {
  const text = [
    's#a@0000000a struct a { UNKNOWN }',
    's#a@0000000b struct a { int x ; }',
    's#b struct b { s#a * a ; }',
    'f int f ( s#b * )',
    'g int g ( s#b * )',
    'F#lib/f.symtypes f s#a@0000000a',
    'F#lib/g.symtypes g s#a@0000000b',
    '',
  ].join('\n')

  it('lets each object have its own definition of a type', () => {
    const { value, problems } = dumpsOf(encode(text), 'types')
    expect(problems).toEqual([])
    expect(decode(value.get('lib/f'))).toContain('s#a struct a { UNKNOWN } \n')
    expect(decode(value.get('lib/g'))).toContain('s#a struct a { int x ; } \n')
  })

  it('may name definitions that it no longer has, where no export comes by them', () => {
    const { problems } = dumpsOf(
      encode(text.replace('F#lib/f.symtypes', 'F#lib/f.symtypes s#gone@1')),
      'types',
    )
    expect(problems).toEqual([])
  })

  it('may have an export in several versions', () => {
    const twice = text.replace('g int g', 'f@2 int g').replaceAll('\nf int', '\nf@1 int')
    const files = twice.replace('symtypes f s', 'symtypes f@1 s').replace('symtypes g s', 'symtypes f@2 s')
    const { value, problems } = dumpsOf(encode(files), 'types')
    expect(problems).toEqual([])
    expect(decode(value.get('lib/f'))).toContain('\nf int f ( s#b * ) \n')
    expect(decode(value.get('lib/g'))).toContain('\nf int g ( s#b * ) \n')
  })

  it('is read as the first versions of ksymtypes wrote it', () => {
    const { value, problems } = dumpsOf(
      encode('s#a@0 struct a { }\nf int f ( s#a )\nF#a.symtypes s#a@0 f\n'),
      'types',
    )
    expect(problems).toEqual([])
    expect(decode(value.get('a'))).toBe('s#a struct a { } \nf int f ( s#a ) \n')
  })

  it.each<[string, (text: string) => string, number, string]>([
    [
      'a version that an export comes by',
      (all) => all.replace(/^s#a@0000000a.*\n/m, ''),
      5,
      '"s#a", which "s#b"',
    ],
    [
      'a version, though it has the name without one',
      (all) => all.replace(/^s#a@0000000a.*$/m, 's#a struct a { long z ; }'),
      6,
      '"s#a", which "s#b"',
    ],
    ['a type', (all) => all.replace(/^s#b .*\n/m, ''), 5, '"s#b", which "f" of this object refers to'],
    ['an export', (all) => all.replace(/^g int.*\n/m, ''), 6, '"g", exported by this object, is not defined'],
    [
      'the name of an object',
      (all) => all.replace('F#lib/g.symtypes', 'F#lib/g'),
      7,
      'expected the dump of an object',
    ],
    ['all objects', (all) => all.replace(/^F#.*\n/gm, ''), 3, '"s#a", used here, is not defined'],
    ['the end of the last line', (all) => all.slice(0, -5), 7, 'the file ends in the middle of this line'],
  ])('that lacks %s is refused, with the line', (_, change, line, message) => {
    const { problems } = dumpsOf(encode(change(text)), 'types')
    expect(problems[0]).toMatchObject({
      kind: 'malformed-line',
      place: { file: 'types', line },
      message: expect.stringContaining(message) as string,
    })
  })

  it('refuses an object that comes twice, and two definitions of one name', () => {
    const twice = dumpsOf(encode(text + 'F#lib/g.symtypes g\n'), 'types').problems
    expect(twice).toMatchObject([{ kind: 'malformed-line', place: { line: 8 } }])
    const other = dumpsOf(encode(text.replace('f int', 's#b struct b { }\nf int')), 'types').problems
    expect(other).toMatchObject([{ kind: 'conflicting-rows', place: { line: 4 } }])
  })
})

describe('a dump of one object', () => {
  it.each([
    ['types of gendwarfksyms', 'f subprogram ( formal_parameter int x ) -> int\n', 1, 'gendwarfksyms'],
    ['a second space', 's#a struct a { }\nf int  f ( s#a )\n', 2, 'a second space'],
    ['a reference to nothing', 's#a struct a { }\nf int f ( s#b )\n', 2, '"s#b", used here, is not defined'],
    [
      'a table of symbols',
      '0x12345678\tf\tvmlinux\tEXPORT_SYMBOL\n',
      1,
      'is not the name of a type or symbol',
    ],
  ])('with %s is refused, with the line', (_, text, line, message) => {
    expect(dumpsOf(encode(text), 'a.symtypes').problems[0]).toMatchObject({
      kind: 'malformed-line',
      place: { file: 'a.symtypes', line },
      message: expect.stringContaining(message) as string,
    })
  })

  it('that is a page of HTML, or binary, is none', () => {
    for (const text of ['<!doctype html>\n', 'a\0b\n'])
      expect(dumpsOf(encode(text), 'a').problems).toMatchObject([{ kind: 'unreadable' }])
  })
})
