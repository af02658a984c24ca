import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { ObjectRecord } from '../../src/abi/evidence.ts'
import { readProtectedTypes } from '../../src/baseline/read-protected-types.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const inFolder = folderOfEachTest()

async function objects(
  dumps: Readonly<Record<string, readonly [exports: string, text: string]>>,
): Promise<ReadonlyMap<string, ObjectRecord>> {
  const records = Object.entries(dumps).map(async ([object, [exports, text]]) => {
    const types = inFolder(object.replaceAll('/', '_'))
    await writeFile(types, text)
    return [object, { exports: exports.split(' '), types, dependencies: [] }] as const
  })
  return new Map(await Promise.all(records))
}

const dumps = {
  'net/b.o': ['g', 's#x struct x { int a ; } \ng s#x g \n'],
  'net/a.o': ['f h', 's#x struct x { int a ; } \nt#y typedef int y \nf s#x f \nh t#y h \n'],
} as const

describe('readProtectedTypes', () => {
  test('keeps the types of the symbols wanted and nothing else', async () => {
    const { value, problems } = await readProtectedTypes(await objects(dumps), new Set(['g', 'f']))
    expect(problems).toEqual([])
    expect(new TextDecoder().decode(value)).toBe(
      '/* net/a.symtypes */\ns#x struct x { int a ; }\nf s#x f\n\n/* net/b.symtypes */\ng s#x g\n',
    )
  })

  test('looks into no object that exports nothing of it', async () => {
    const record = { exports: ['other'], types: inFolder('nowhere'), dependencies: [] }
    const all = new Map([...(await objects(dumps)), ['lib/c.o', record]])
    const { value, problems } = await readProtectedTypes(all, new Set(['h']))
    expect(problems).toEqual([])
    expect(new TextDecoder().decode(value)).toBe('/* net/a.symtypes */\nt#y typedef int y\nh t#y h\n')
  })

  test('gives nothing, and no problem, when an object has no dump', async () => {
    const bare = { exports: ['i'], types: undefined, dependencies: [] }
    const all = new Map([...(await objects(dumps)), ['lib/i.o', bare]])
    expect(await readProtectedTypes(all, new Set(['f', 'i']))).toEqual({ value: undefined, problems: [] })
    expect((await readProtectedTypes(all, new Set(['f']))).value).toBeDefined()
  })

  test('gives nothing when a dump cannot be read or understood', async () => {
    const lost = { exports: ['f'], types: inFolder('nowhere'), dependencies: [] }
    expect(await readProtectedTypes(new Map([['a.o', lost]]), new Set(['f']))).toMatchObject({
      value: undefined,
      problems: [{ kind: 'unreadable' }],
    })
    const damaged = await objects({ 'a.o': ['f', 'f s#x f \n'] })
    expect(await readProtectedTypes(damaged, new Set(['f']))).toMatchObject({
      value: undefined,
      problems: [{ kind: 'malformed-line' }],
    })
  })
})
