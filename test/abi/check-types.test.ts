import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkTypes } from '../../src/abi/check-types.ts'
import { formatKsymtypes } from '../../src/abi/format-ksymtypes.ts'
import { parseSymvers } from '../../src/abi/parse-symvers.ts'
import { selectSymtypes } from '../../src/abi/select-symtypes.ts'
import type { WhitelistRow } from '../../src/abi/whitelist.ts'
import { checksumRow } from './checksum-row.ts'
import { someDefinitions } from './some-definitions.ts'
import { checksumOf, fedText, symtypesFile } from './symtypes-oracle.ts'

const types = `/* lib/a.symtypes */
s#x struct x { int a ; }
f int f ( s#x * )
g void g ( void )

/* lib/b.symtypes */
h s#x h
`
const f = checksumOf('int f ( struct x { int a ; } * ) ')
const g = checksumOf('void g ( void ) ')
const h = checksumOf('struct x { int a ; } h ')
const rows = [checksumRow('f', f), checksumRow('g', g), checksumRow('h', h)]

function check(given: readonly WhitelistRow[], text = types, exact = true) {
  const { value, problems } = checkTypes(given, {
    bytes: new TextEncoder().encode(text),
    file: 'symtypes.gz',
    exact,
  })
  return { reproduced: value, problems }
}

describe('checkTypes', () => {
  it('counts the checksums that come out of the types, each symbol once', () => {
    expect(check(rows)).toEqual({ reproduced: 3, problems: [] })
    expect(check([...rows, { ...checksumRow('f', f), section: 'net' }])).toEqual({
      reproduced: 3,
      problems: [],
    })
  })

  it('shows what the list says and what the types say', () => {
    expect(check([checksumRow('f', 0xabc), checksumRow('g', g), checksumRow('h', h)])).toEqual({
      reproduced: 2,
      problems: [
        {
          kind: 'types-differ',
          message: 'Another checksum comes out for 1 of the protected symbols.',
          place: { file: 'symtypes.gz' },
          excerpt: [`f: 0x00000abc in the list, 0x${f.toString(16).padStart(8, '0')} from the types`],
        },
      ],
    })
  })

  it('names protected symbols without types', () => {
    expect(check([...rows, checksumRow('lost', 1)])).toMatchObject({
      reproduced: 3,
      problems: [{ kind: 'types-differ', excerpt: ['lost'] }],
    })
  })

  it('names types that nothing protects, where the file is meant to be exact', () => {
    expect(check(rows.slice(1))).toMatchObject({
      reproduced: 2,
      problems: [{ kind: 'types-differ', excerpt: ['f'] }],
    })
    expect(check(rows.slice(1), types, false)).toEqual({ reproduced: 2, problems: [] })
  })

  it('has nothing to say about rows without a checksum', () => {
    expect(check([checksumRow('f', undefined), checksumRow('g', 0), checksumRow('h', h)])).toEqual({
      reproduced: 1,
      problems: [],
    })
  })

  it('counts what it does not show', () => {
    const many = Array.from({ length: 30 }, (_, index) => checksumRow(`lost${index}`, 1))
    expect(check([...rows, ...many]).problems[0]?.excerpt).toHaveLength(21)
    expect(check([...rows, ...many]).problems[0]?.excerpt?.at(-1)).toBe('and 10 more')
  })

  it.each<[string, string, string]>([
    ['is cut off', types.slice(0, -3), 'malformed-line'],
    ['lacks a type', types.replace(/^s#x.*\n/m, ''), 'malformed-line'],
    [
      'has white space that changes nothing to the eye',
      types.replace('f int f', 'f int  f'),
      'malformed-line',
    ],
    ['is another kind of file', '0x1\tf\tvmlinux\n', 'malformed-line'],
    ['defines a symbol in two ways', types + '\n/* lib/c.symtypes */\nf long f\n', 'conflicting-rows'],
  ])('reproduces nothing from a file that %s', (_, text, kind) => {
    const { reproduced, problems } = check(rows, text)
    expect(reproduced).toBe(0)
    expect(problems[0]).toMatchObject({ kind, place: { file: 'symtypes.gz' } })
  })

  it('accepts a symbol that two objects define alike', () => {
    const twice = types + '\n/* lib/c.symtypes */\nf int f ( s#x * )\n'
    expect(check(rows, twice)).toEqual({ reproduced: 3, problems: [] })
  })

  it('reproduces whatever was selected from dumps, and nothing once a definition changed', () => {
    const symbols = fc.subarray(['f', 'g', 'kfree', '_x'], { minLength: 1 })
    fc.assert(
      fc.property(someDefinitions, symbols, (definitions, wanted) => {
        const dump = selectSymtypes(symtypesFile(definitions), 'a', new Set(wanted)).value
        const bytes = formatKsymtypes(new Map([['a', dump]])).value
        const list = wanted.map((symbol) => checksumRow(symbol, checksumOf(fedText(definitions, symbol))))
        expect(checkTypes(list, { bytes, file: 't', exact: true })).toEqual({
          value: wanted.length,
          problems: [],
        })
        // Every definition of these begins with the same token.
        const changed = new TextEncoder().encode(
          new TextDecoder().decode(bytes).replaceAll(' begin', ' began'),
        )
        expect(checkTypes(list, { bytes: changed, file: 't', exact: true }).value).toBe(0)
      }),
    )
  })

  it('reproduces real checksums', () => {
    const fixtures = join(import.meta.dirname, 'fixtures/debian-6.1.170-amd64')
    const { exports } = parseSymvers(readFileSync(join(fixtures, 'Module.symvers'), 'utf8'), 's').value
    const dumps = ['kobject', 'cpu', 'spinlock'].map(
      (name) => [name, readFileSync(join(fixtures, `${name}.symtypes`))] as const,
    )
    const bytes = formatKsymtypes(new Map(dumps)).value
    const list = exports.map((row) => ({ ...row, section: '' }))
    expect(checkTypes(list, { bytes, file: 't', exact: true })).toEqual({
      value: exports.length,
      problems: [],
    })
  })
})
