import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { runs } from '../../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { definitionTokens } from '../../../src/abi/definition-tokens.ts'
import { cSpelling } from '../../../src/abi/explain/c-text.ts'
import { classify } from '../../../src/abi/explain/classify.ts'
import { definitionDiff } from '../../../src/abi/explain/definition-diff.ts'
import { parseDefinition } from '../../../src/abi/explain/parse-definition.ts'
import { prettyDefinition } from '../../../src/abi/explain/pretty-definition.ts'

const files = readdirSync('whitelists/debian-12', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `whitelists/debian-12/${name}/symtypes.gz`)

interface NamedText {
  readonly name: string
  readonly text: string
}

/** Every definition of the shipped whitelists, once. */
const shipped: readonly NamedText[] = [
  ...new Set(files.flatMap((file) => gunzipSync(readFileSync(file)).toString().split('\n'))),
].flatMap((line) => {
  const [, name, text] = /^((?:[suetE]#)?[\w.$]+) (?:extern )?(\S.*?) ?$/.exec(line) ?? []
  return name === undefined || text === undefined ? [] : [{ name, text }]
})

function classesOf(name: string, before: string, after: string): readonly string[] {
  return classify({ name, before, after }).map((change) => change.class)
}

describe('every definition of the shipped whitelists', () => {
  it('is there', () => {
    expect(shipped.length).toBeGreaterThan(3_500)
  })

  it('is understood, but for those that genksyms did not understand itself', () => {
    const odd = shipped.filter(({ name, text }) => parseDefinition(name, text).kind === 'tokens')
    expect(new Set(odd.map(({ name }) => name))).toEqual(new Set(['s#prefix_info']))
  })

  it('loses nothing but white space when it is written as C', () => {
    const bare = (tokens: readonly string[]): string => tokens.map(cSpelling).join('').replaceAll(/\s/g, '')
    const wrong = shipped.filter(({ name, text }) => {
      if (text.endsWith('{ UNKNOWN }')) return false
      const value = name.startsWith('E#') ? [name, '='] : []
      return (
        prettyDefinition(name, text).join('').replaceAll(/\s/g, '') !==
        bare([...value, ...definitionTokens(text), ';'])
      )
    })
    expect(wrong).toEqual([])
  })

  it('has no line of C that is long for its arguments', () => {
    const long = shipped
      .flatMap(({ name, text }) => prettyDefinition(name, text))
      .filter(
        (line) => line.length > 100 && /\(.*,.*\)/.test(line.replaceAll(/__attribute__\(\(.*?\)\)/g, '')),
      )
    expect(long).toEqual([])
  })

  it('tells exactly of a field that is put in front, and of its removal', () => {
    const structures = shipped.filter(
      ({ name, text }) => /^[su]#/.test(name) && !text.endsWith('{ UNKNOWN }'),
    )
    const told = structures.map(({ name, text }) => {
      const more = text.replace('{', '{ int kabi_gate_test ;')
      return `${name} ${classesOf(name, text, more).join()} ${classesOf(name, more, text).join()}`
    })
    const allowed = /^s#\S+ field-added(-at-end)? field-removed$|^u#\S+ field-added-at-end field-removed$/
    expect(told.filter((line) => !allowed.test(line) && !line.startsWith('s#prefix_info '))).toEqual([])
  })
})

const tokens = fc.constantFrom(
  ...['struct', 'union', 'enum', 'typedef', 'x', 'y', 's#x', 'u#y', 'e#z', 't#u8', 'E#A', 'int', 'unsigned'],
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ';',
    ',',
    ':',
    '*',
    '=',
    '+',
    '-',
    '<<',
    '~',
    '...',
    '3',
    '0x10',
    'UNKNOWN',
  ],
  ...['const', '__attribute__', 'typeof', '__extension__', 'constructor', '__proto__', '"a  b"', "' '", '"'],
)
const someText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(tokens, { maxLength: 40 }).map((words) => words.join(' ')),
  fc.array(tokens, { maxLength: 20 }).map((words) => `struct x { ${words.join(' ')} ; }`),
  fc.array(tokens, { maxLength: 20 }).map((words) => `enum x { ${words.join(' ')} }`),
  fc.array(tokens, { maxLength: 20 }).map((words) => `int f ( ${words.join(' ')} )`),
)
const someName = fc.constantFrom('s#x', 'u#x', 'e#x', 't#x', 'E#x', 'f', '')

describe('any text', () => {
  it('is classified, and written, without ado', () => {
    fc.assert(
      fc.property(someName, someText, someText, (name, before, after) => {
        expect(classify({ name, before, after }).length).toBeGreaterThan(0)
        const lines = definitionDiff({ name, before, after })
        if (definitionTokens(before).join(' ') !== definitionTokens(after).join(' ')) {
          expect(lines.some(({ kind }) => kind === 'added' || kind === 'removed')).toBe(true)
        }
      }),
      { numRuns: runs(3_000) },
    )
  })

  it.each(['( ', '{ ', '[ ', 'struct x { ', '__attribute__ ( ', 'typeof ( ', '- ', '~ ', 'x ( * ', 'E#A + '])(
    'may repeat %s without end',
    (piece) => {
      for (const name of ['s#x', 'E#x', 'f', 't#x']) {
        const before = piece.repeat(20_000)
        for (const text of [before, `enum x { A = ${before} }`, `struct x { int a [ ${before} ] ; }`]) {
          expect(classify({ name, before: text, after: `${text}3` }).length).toBeGreaterThan(0)
          expect(definitionDiff({ name, before: text, after: `${text}3` }).length).toBeGreaterThan(0)
        }
      }
    },
  )
})

const someType = fc.constantFrom<string>(
  'int',
  'unsigned long',
  't#u8',
  's#list_head',
  's#device *',
  'const char *',
)
const someNames = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 12 },
)
const someMembers = someNames.chain((names) =>
  fc.tuple(...names.map((name) => someType.map((type) => ({ name, type })))),
)
const place = fc.nat({ max: 1_000 })

function structure(members: readonly { readonly name: string; readonly type: string }[]): string {
  return `struct x { ${members.map(({ name, type }) => `${type} ${name} ; `).join('')}}`
}

describe('an edit of a structure', () => {
  it('that adds a field is just that', () => {
    fc.assert(
      fc.property(someMembers, place, someType, (members, at, type) => {
        const index = at % (members.length + 1)
        const after = members.toSpliced(index, 0, { name: 'new', type })
        const expected = index === members.length ? 'field-added-at-end' : 'field-added'
        expect(classesOf('s#x', structure(members), structure(after))).toEqual([expected])
        expect(classesOf('s#x', structure(after), structure(members))).toEqual(['field-removed'])
      }),
    )
  })

  it('that renames or retypes a field is just that', () => {
    fc.assert(
      fc.property(someMembers, place, (members, at) => {
        const index = at % members.length
        const { name = '', type = '' } = members[index] ?? {}
        const renamed = structure(members.with(index, { name: 'new', type }))
        const retyped = structure(members.with(index, { name, type: 's#another' }))
        expect(classesOf('s#x', structure(members), renamed)).toEqual(['field-renamed'])
        expect(classesOf('s#x', structure(members), retyped)).toEqual(['field-retyped'])
      }),
    )
  })

  it('that shuffles fields is a new order, however it is done', () => {
    const shuffled = someMembers.chain((members) =>
      fc.tuple(fc.constant(members), fc.shuffledSubarray(members, { minLength: members.length })),
    )
    fc.assert(
      fc.property(shuffled, ([before, after]) => {
        fc.pre(structure(before) !== structure(after))
        expect(classesOf('s#x', structure(before), structure(after))).toEqual(['fields-reordered'])
      }),
    )
  })
})

describe('an edit of an enum', () => {
  const enumeration = (names: readonly string[]): string => `enum x { ${names.join(' , ')} }`

  it('that adds or renames an enumerator is just that', () => {
    fc.assert(
      fc.property(someNames, place, (names, at) => {
        const index = at % (names.length + 1)
        const expected = index === names.length ? 'enumerator-added-at-end' : 'enumerator-inserted'
        const more = enumeration(names.toSpliced(index, 0, 'new'))
        expect(classesOf('e#x', enumeration(names), more)).toEqual([expected])
        expect(classesOf('e#x', more, enumeration(names))).toEqual(['enumerator-removed'])
        const renamed = enumeration(names.with(at % names.length, 'new'))
        expect(classesOf('e#x', enumeration(names), renamed)).toEqual(['enumerator-renamed'])
      }),
    )
  })
})

describe('an edit of a prototype', () => {
  const prototype = (types: readonly string[]): string => `int f ( ${types.join(' , ') || 'void'} )`

  it('that adds an argument is just that', () => {
    fc.assert(
      fc.property(fc.array(someType, { maxLength: 8 }), place, someType, (types, at, type) => {
        const more = types.toSpliced(at % (types.length + 1), 0, type)
        expect(classesOf('f', prototype(types), prototype(more))).toEqual(['argument-added'])
        expect(classesOf('f', prototype(more), prototype(types))).toEqual(['argument-removed'])
      }),
    )
  })
})
