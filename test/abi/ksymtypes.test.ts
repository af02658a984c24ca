import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { runs } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { formatKsymtypes } from '../../src/abi/format-ksymtypes.ts'
import { selectSymtypes } from '../../src/abi/select-symtypes.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import { dumpsOf } from './dumps-of.ts'
import { someDefinitions } from './some-definitions.ts'
import { symtypesFile } from './symtypes-oracle.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function format(objects: Readonly<Record<string, string>>): string {
  const entries = Object.entries(objects).map(([object, text]) => [object, encoder.encode(text)] as const)
  const { value, problems } = formatKsymtypes(new Map(entries))
  expect(problems).toEqual([])
  return decoder.decode(value)
}

function parse(text: string): Readonly<Record<string, string>> {
  const { value, problems } = dumpsOf(encoder.encode(text), 'types')
  expect(problems).toEqual([])
  return Object.fromEntries([...value].map(([object, bytes]) => [object, decoder.decode(bytes)]))
}

/** Two objects, of which one knows `struct hub` and the other one does not. */
const split = {
  'drivers/a':
    's#port struct port { int n ; } \ns#hub struct hub { UNKNOWN } \nplug void plug ( s#port * , s#hub * ) \n',
  'drivers/b':
    's#port struct port { int n ; } \ns#hub struct hub { s#port * p ; } \nspin int spin ( s#hub * ) \n',
}
const consolidated = `/* drivers/a.symtypes */
s##hub
s#port struct port { int n ; }
plug void plug ( s#port * , s#hub * )

/* drivers/b.symtypes */
s#hub struct hub { s#port * p ; }
spin int spin ( s#hub * )
`

describe('formatKsymtypes', () => {
  it('writes what several objects share once', () => {
    expect(format(split)).toBe(consolidated)
  })

  it('gives the same bytes whatever order the objects and their lines come in', () => {
    const shuffled = Object.entries(split).reverse()
    const lines = (text: string): string => text.trim().split('\n').reverse().join('\n') + '\n'
    expect(format(Object.fromEntries(shuffled.map(([object, text]) => [object, lines(text)])))).toBe(
      consolidated,
    )
  })

  it('defines a type anew when the definition before was another one', () => {
    const text = (type: string): string => `t#n typedef ${type} n \nf_${type} t#n \n`
    const written = format({ a: text('int'), b: text('long'), c: text('int') })
    expect(written.split('\n').filter((line) => line.startsWith('t#n'))).toEqual([
      't#n typedef int n',
      't#n typedef long n',
      't#n typedef int n',
    ])
  })

  it('orders objects folder by folder, types before exports', () => {
    const f = 'f int f \nt#z typedef int z \n_e t#z \n'
    const objects = format({ 'net/core-x': f, 'net/core/b': f, 'net/core/a': f, net: f })
    expect(objects.match(/\/\* (.*)\.symtypes/g)).toEqual([
      '/* net.symtypes',
      '/* net/core/a.symtypes',
      '/* net/core/b.symtypes',
      '/* net/core-x.symtypes',
    ])
    expect(objects).toMatch(/^.*\nt#z .*\n_e .*\nf .*\n/)
  })

  it('writes an export of two objects twice', () => {
    expect(format({ a: 'f int f \n', b: 'f int f \n' })).toBe(
      '/* a.symtypes */\nf int f\n\n/* b.symtypes */\nf int f\n',
    )
  })

  it('shortens only a struct, union or enum that is nowhere defined', () => {
    const declared = ['e#a enum a { UNKNOWN } ', 's#b struct b { UNKNOWN } ', 'u#c union c { UNKNOWN } ']
    const others = ['s#d struct e { UNKNOWN } ', 's#f struct f { UNKNOWN ; } ', 't#g typedef g { UNKNOWN } ']
    const lines = format({ a: [...declared, ...others].join('\n') + '\n' }).split('\n')
    expect(lines.slice(1, -1)).toEqual(
      [
        'e##a',
        's##b',
        's#d struct e { UNKNOWN }',
        's#f struct f { UNKNOWN ; }',
        't#g typedef g { UNKNOWN }',
        'u##c',
      ].sort(),
    )
  })

  it('tells in which object something was not understood', () => {
    const { problems } = formatKsymtypes(new Map([['net/core/dev', encoder.encode('f s#a \n')]]))
    expect(problems).toMatchObject([
      { kind: 'malformed-line', place: { file: 'net/core/dev.symtypes', line: 1 } },
    ])
  })
})

describe('the consolidated form', () => {
  it('gives every object all of its records back', () => {
    expect(parse(consolidated)).toEqual({
      'drivers/a':
        's#hub struct hub { UNKNOWN } \ns#port struct port { int n ; } \nplug void plug ( s#port * , s#hub * ) \n',
      'drivers/b':
        's#hub struct hub { s#port * p ; } \ns#port struct port { int n ; } \nspin int spin ( s#hub * ) \n',
    })
  })

  it('keeps what stands for an undefined type to its section', () => {
    const text = '/* a.o */\ns#x struct x { }\nf s#x\n/* b.o */\ns##x\ng s#x\n/* c.o */\nh s#x\n'
    expect(parse(text)).toEqual({
      a: 's#x struct x { } \nf s#x \n',
      b: 's#x struct x { UNKNOWN } \ng s#x \n',
      c: 's#x struct x { } \nh s#x \n',
    })
  })

  it('reads what rpm/modversions wrote', () => {
    const text = [
      '/* lib/a.o */',
      's#x struct x { int a ; } ',
      'override t#n typedef int n ',
      'override f int f ( s#x * , t#n ) ',
      '',
      '/* lib/b.o */',
      't#n',
      'override s#x',
      'g extern int g ( t#n ) ',
      '',
    ]
    expect(parse(text.join('\n'))).toEqual({
      'lib/a': 's#x struct x { int a ; } \nt#n typedef int n \nf int f ( s#x * , t#n ) \n',
      'lib/b': 't#n typedef int n \ng extern int g ( t#n ) \n',
    })
  })

  it('sees no reference within a string', () => {
    expect(parse('/* a.o */\nf "x s#a" \'s#b\' f\n')).toEqual({ a: 'f "x s#a" \'s#b\' f \n' })
  })

  it.each<[what: string, text: string, line: number, column: number, message: string]>([
    ['an object without a suffix', '/* net/core/dev */\nf int f\n', 1, 1, 'expected the line of an object'],
    [
      'an object that comes twice',
      '/* a.o */\nf int f\n/* a.symtypes */\n',
      3,
      1,
      '"a" has a section already',
    ],
    ['a line without a name', '/* a.o */\n= x\n', 2, 1, 'is not the name of a type or symbol'],
    [
      'a name that comes twice',
      '/* a.o */\noverride f int f\nf int f\n',
      3,
      1,
      '"f" stands in this section already',
    ],
    [
      'a type and its short form',
      '/* a.o */\ns#a struct a { }\ns##a\n',
      3,
      1,
      '"s#a" stands in this section already',
    ],
    [
      'an export without a definition',
      '/* a.o */\nf int f\n/* b.o */\noverride f\n',
      4,
      10,
      '"f" is defined neither',
    ],
    [
      'a bare type that was not defined',
      '/* a.o */\ns#a \n',
      2,
      1,
      '"s#a" is defined neither here nor before',
    ],
    ['a short form with more to it', '/* a.o */\ns##a struct\n', 2, 1, '"s##a" can only stand alone'],
    ['a short form of a typedef', '/* a.o */\nt##a\n', 2, 1, '"t##a" can only stand alone'],
    ['a reference to nothing', '/* a.o */\nt#a s#b\nf t#a\n', 2, 1, '"s#b", used here, is not defined'],
    [
      'a reference to what only a later section defines',
      '/* a.o */\nf t#a\n/* b.o */\nt#a int\n',
      2,
      1,
      '"t#a", used here',
    ],
    [
      'a last line that was cut',
      '/* a.o */\nf int f\ng in',
      3,
      1,
      'the file ends in the middle of this line',
    ],
  ])('refuses %s', (_, text, line, column, message) => {
    const { problems } = dumpsOf(encoder.encode(text), 'types')
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({
      kind: 'malformed-line',
      place: { file: 'types', line, column },
      message: expect.stringContaining(message) as string,
    })
  })

  it('refuses content that is no text', () => {
    expect(dumpsOf(encoder.encode('\x28\xb5\0'), 'types').problems).toMatchObject([{ kind: 'unreadable' }])
  })
})

describe('writing and reading the consolidated form', () => {
  const names = ['a', 'a/b', 'a-b', 'net/core/dev', 'net/core', 'z']

  it('keep the records and the checksums of every object', () => {
    const dumps = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), someDefinitions), {
      selector: ([name]) => name,
    })
    fc.assert(
      fc.property(dumps, (entries) => {
        const objects = new Map(
          entries.map(([name, definitions]) => {
            const exports = new Set([...definitions.keys()].filter((one) => !one.includes('#')))
            return [name, selectSymtypes(symtypesFile(definitions), name, exports).value]
          }),
        )
        const written = formatKsymtypes(objects)
        const read = dumpsOf(written.value, 'types')
        expect([...written.problems, ...read.problems]).toEqual([])
        expect([...read.value.keys()].sort()).toEqual([...objects.keys()].sort())
        for (const [object, bytes] of objects) {
          const back = symtypesChecksums(read.value.get(object) ?? new Uint8Array(), object)
          expect(back.problems).toEqual([])
          expect(new Map(back.value)).toEqual(new Map(symtypesChecksums(bytes, object).value))
        }
        expect(formatKsymtypes(read.value).value).toEqual(written.value)
      }),
      { numRuns: runs(40) },
    )
  })

  it('keep every line of real files', () => {
    const folder = join(import.meta.dirname, 'fixtures/debian-6.1.170-amd64')
    const lines = (bytes: Uint8Array | undefined): string[] => decoder.decode(bytes).split('\n').sort()
    const objects = new Map(
      ['cpu', 'kobject', 'spinlock'].map((name) => [name, readFileSync(join(folder, `${name}.symtypes`))]),
    )
    const read = dumpsOf(formatKsymtypes(objects).value, 'types').value
    expect(read.size).toBe(3)
    for (const [name, bytes] of objects) expect(lines(read.get(name))).toEqual(lines(bytes))
  })
})
