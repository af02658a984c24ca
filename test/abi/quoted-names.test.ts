import { describe, expect, it } from 'vitest'
import { checkTypes } from '../../src/abi/check-types.ts'
import { explainer } from '../../src/abi/explain/explainer.ts'
import { parseDefinition } from '../../src/abi/explain/parse-definition.ts'
import { prettyDefinition } from '../../src/abi/explain/pretty-definition.ts'
import { formatKsymtypes } from '../../src/abi/format-ksymtypes.ts'
import { parseSymtypes } from '../../src/abi/parse-symtypes.ts'
import { selectSymtypes } from '../../src/abi/select-symtypes.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import { checksumRow } from './checksum-row.ts'
import { dumpsOf } from './dumps-of.ts'
import { checksumOf } from './symtypes-oracle.ts'

/** Names of types that are none of C, in quotes where they have spaces; each with its prefix. */
const names = [
  "s#'test struct'",
  "u#'a  union'",
  "e#'an enum'",
  "t#'unsigned thing'",
  "E#'A VALUE'",
  "s#'a # b'",
  "s#'a ## b'",
  "s#'{closure_env#0} of f'",
  String.raw`s#'a\b c'`,
  String.raw`s#'ends with \'`,
  `s#'a "quoted" name'`,
  "s#'s#a t#b'",
  "s#'core::option::Option<u32, alloc::Global>'",
  's#core::option::Option<&str>',
  's#closure_env#0',
  "s#'no_space'",
  "s#'Größe der Tür'",
  "s#'a'b",
]

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe.each(names)('%s', (name) => {
  const dump = `${name} struct x { int a ; } \nf int f ( ${name} * , ${name} ) \ng int g \n`
  const repeated = ({ s: 'struct ', u: 'union ', e: 'enum ' }[name.charAt(0)] ?? '') + name.slice(2)
  const f = checksumOf(`int f ( struct x { int a ; } * , ${repeated} ) `)
  const consolidated = `/* lib/a.symtypes */\n${dump.replaceAll(' \n', '\n')}`

  it('is one token, where it is defined and where it is used', () => {
    expect(parseSymtypes(encode(dump), 'a').problems).toEqual([])
    expect(symtypesChecksums(encode(dump), 'a').value.get('f')).toBe(f)
  })

  it('goes into the consolidated form and back', () => {
    const objects = new Map([['lib/a', encode(dump)]])
    const written = formatKsymtypes(objects)
    expect(written.problems).toEqual([])
    expect(decode(written.value)).toBe(consolidated)
    const read = dumpsOf(written.value, 'types')
    expect(read.problems).toEqual([])
    expect(decode(read.value.get('lib/a') ?? encode(''))).toBe(dump)
  })

  it('may be defined in an earlier section of the consolidated form', () => {
    const { value, problems } = dumpsOf(encode(`${consolidated}\n/* lib/b.o */\nh ${name} h\n`), 'types')
    expect(problems).toEqual([])
    expect(decode(value.get('lib/b') ?? encode(''))).toBe(`${name} struct x { int a ; } \nh ${name} h \n`)
  })

  it('is selected with the export that uses it', () => {
    expect(decode(selectSymtypes(encode(dump), 'a', new Set(['f'])).value)).toBe(
      dump.replace('g int g \n', ''),
    )
    expect(decode(selectSymtypes(encode(dump), 'a', new Set(['g'])).value)).toBe('g int g \n')
  })

  it('is a cause like any other', () => {
    const one = explainer()
    const changed = dump.replace('int a', 'long a')
    const after = symtypesChecksums(encode(changed), 'a').value.get('f') ?? 0
    one.add({ before: encode(dump), after: encode(changed), symbols: [{ symbol: 'f', before: f, after }] })
    expect(one.explanation().causes.map((cause) => [cause.name, cause.symbols])).toEqual([[name, ['f']]])
  })

  it('keeps a list from being held against types that genksyms did not write, and no other row', () => {
    const types = { bytes: encode(consolidated), file: 'symtypes-default', exact: false }
    expect(checkTypes([checksumRow('f', f)], types)).toEqual({ value: 1, problems: [] })
    const { value, problems } = checkTypes([checksumRow('f', 1), checksumRow('g', 1)], types)
    expect(value).toBe(0)
    expect(problems.map(({ kind, excerpt }) => [kind, excerpt?.[0]?.slice(0, 1)])).toEqual([
      ['types-differ', 'g'],
      ['types-not-recomputed', 'f'],
    ])
  })
})

describe('a name in quotes', () => {
  it.each([
    ['where it is defined', "s#'a b struct x { } \n", 1],
    ['where it is used', "s#'a b' struct x { } \nf s#'a b * \n", 2],
  ])('that nothing ends is refused %s', (_, text, line) => {
    const { problems } = parseSymtypes(encode(text), 'a')
    expect(problems).toMatchObject([{ kind: 'malformed-line', place: { line } }])
    expect(dumpsOf(encode(`/* a.o */\n${text}`), 'a').problems[0]).toMatchObject({
      kind: 'malformed-line',
    })
  })

  it('is another name than the same without quotes', () => {
    const { problems } = parseSymtypes(encode("s#'a' struct a { } \nf s#a * \n"), 'a')
    expect(problems).toMatchObject([{ message: expect.stringContaining('"s#a" refers to') as string }])
  })

  it('may be that of a type that is only declared, in the short form', () => {
    const { value, problems } = dumpsOf(encode("/* a.o */\ns##'a b'\nf s#'a b' * f\n"), 'types')
    expect(problems).toEqual([])
    expect(decode(value.get('a') ?? encode(''))).toBe("s#'a b' struct 'a b' { UNKNOWN } \nf s#'a b' * f \n")
    expect(decode(formatKsymtypes(value).value)).toBe("/* a.symtypes */\ns##'a b'\nf s#'a b' * f\n")
  })

  it('leaves the members of the type to be read', () => {
    for (const text of ['struct a b { int x ; }', "struct 'a b' { int x ; }"])
      expect(parseDefinition("s#'a b'", text)).toMatchObject({
        kind: 'type',
        declaration: { body: { members: [{ name: 'x' }] } },
      })
    expect(prettyDefinition("s#'a b'", "struct a b { s#'c d' * x ; }").join('\n')).toContain(
      "struct 'c d' *x;",
    )
  })
})
