import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectSymtypes } from '../../src/abi/select-symtypes.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import { someDefinitions } from './some-definitions.ts'
import { symtypesFile } from './symtypes-oracle.ts'

function select(text: string, ...symbols: string[]): string {
  const { value, problems } = selectSymtypes(new TextEncoder().encode(text), 'a.symtypes', new Set(symbols))
  expect(problems).toEqual([])
  return new TextDecoder().decode(value)
}

describe('selectSymtypes', () => {
  const lines = [
    's#deep struct deep { s#a * back ; } \n',
    't#other typedef int other \n',
    's#a struct a { s#deep x ; } \n',
    'f extern int f ( s#a * ) \n',
    'g t#other g \n',
  ]

  it.each<[what: string, symbols: string[], kept: number[]]>([
    ['an export and all that it reaches, in file order', ['f'], [0, 2, 3]],
    ['several exports', ['g', 'f'], [0, 1, 2, 3, 4]],
    ['nothing for symbols that the file does not export', ['absent', 'a', 's#a'], []],
  ])('keeps %s', (_, symbols, kept) => {
    expect(select(lines.join(''), ...symbols)).toBe(kept.map((index) => lines[index]).join(''))
  })

  it('drops the word override and blank lines', () => {
    expect(select('override s#a struct a { } \n\nf s#a f \n', 'f')).toBe('s#a struct a { } \nf s#a f \n')
  })

  it('tells what it did not understand', () => {
    const { problems } = selectSymtypes(new TextEncoder().encode('f s#a \n'), 'a.symtypes', new Set(['f']))
    expect(problems).toMatchObject([{ kind: 'malformed-line' }])
  })

  it('keeps the checksums of what it keeps, and no record that could go', () => {
    const subset = fc.subarray(['f', 'g', 'kfree', '_x'])
    fc.assert(
      fc.property(someDefinitions, subset, (definitions, symbols) => {
        const wanted = new Set(symbols)
        const selected = selectSymtypes(symtypesFile(definitions), 'a.symtypes', wanted)
        const kept = symtypesChecksums(selected.value, 'b.symtypes')
        expect([...selected.problems, ...kept.problems]).toEqual([])
        expect(kept.value).toEqual(symtypesChecksums(symtypesFile(definitions), 'a.symtypes', wanted).value)
        expect(selectSymtypes(selected.value, 'b.symtypes', wanted).value).toEqual(selected.value)
      }),
    )
  })

  it('makes a real file smaller for one export', () => {
    const bytes = readFileSync(join(import.meta.dirname, 'fixtures/debian-6.1.170-amd64/kobject.symtypes'))
    const wanted = new Set(['kobj_ns_drop'])
    const selected = selectSymtypes(bytes, 'a.symtypes', wanted).value
    expect(selected.length).toBeLessThan(bytes.length / 10)
    const checksums = symtypesChecksums(selected, 'a.symtypes').value
    expect(checksums.size).toBe(1)
    expect(checksums).toEqual(symtypesChecksums(bytes, 'a.symtypes', wanted).value)
  })
})
