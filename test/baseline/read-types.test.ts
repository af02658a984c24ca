import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { typePool } from '../../src/abi/types/type-pool.ts'
import { findStoredTypes } from '../../src/baseline/find-stored-types.ts'
import { readTypes } from '../../src/baseline/read-types.ts'
import { workspace } from '../support/workspace.ts'

const dump = (symbol: string) => `s#x struct x { int a ; } \n${symbol} int ${symbol} ( s#x * ) \n`

async function read(path: string, wanted: (symbol: string) => boolean = () => true) {
  const { value, problems } = await readTypes(path, typePool(), wanted)
  return {
    objects: Object.fromEntries(value.objects.map(({ object, exports }) => [object, exports])),
    problems,
  }
}

describe('a folder of types', () => {
  it('is read with its folders below, packed files too, and nothing else in it', async () => {
    const folder = workspace({
      'lib/a.symtypes': dump('f'),
      'lib/raid/b.symtypes.gz': gzipSync(dump('g')),
      'lib/empty.symtypes': '',
      'lib/a.o': 'binary\0',
      '.git/c.symtypes': 'no types',
      'lib/.d.symtypes': 'no types',
    })
    expect(await read(folder)).toEqual({ objects: { 'lib/a': ['f'], 'lib/raid/b': ['g'] }, problems: [] })
  })

  it('follows no link in it, and may be named by one', async () => {
    const folder = workspace({ 'real/a.symtypes': dump('f'), 'more/b.symtypes': dump('g') })
    symlinkSync('/dev/zero', join(folder, 'real/zero.symtypes'))
    symlinkSync(join(folder, 'more'), join(folder, 'real/more'))
    symlinkSync(join(folder, 'real'), join(folder, 'link'))
    expect(await read(join(folder, 'link'))).toEqual({ objects: { a: ['f'] }, problems: [] })
  })

  it('says in which file which line is not understood', async () => {
    const folder = workspace({
      'a.symtypes': dump('f'),
      'sub/b.symtypes': dump('g').replace('int g', 'int  g'),
    })
    expect((await read(folder)).problems).toMatchObject([
      { kind: 'malformed-line', place: { file: join(folder, 'sub/b.symtypes'), line: 2 } },
    ])
  })

  it('looks only for exports where nothing is wanted', async () => {
    const folder = workspace({ 'a.symtypes': dump('f'), 'b.symtypes': dump('g').replace('int g', 'int  g') })
    expect(await read(folder, (symbol) => symbol === 'f')).toEqual({ objects: { a: ['f'] }, problems: [] })
    expect(await read(folder, () => false)).toEqual({ objects: {}, problems: [] })
  })

  it.each([
    ['has no dumps', { 'a.o': '' }, /has no \.symtypes files/],
    [
      'has a dump that is a damaged archive',
      { 'a.symtypes.gz': gzipSync(dump('f')).subarray(0, -9) },
      /damaged/,
    ],
    ['has only objects without exports', { 'a.symtypes': '' }, /holds the types of no export/],
  ])('is an error where it %s', async (_, files, message) => {
    expect((await read(workspace(files))).problems).toMatchObject([
      { kind: 'unreadable', message: expect.stringMatching(message) as string },
    ])
  })
})

describe('a file of types', () => {
  it('is the dump of the object that its name says', async () => {
    const folder = workspace({ 'dev.symtypes': dump('f'), other: gzipSync(dump('f')) })
    expect((await read(join(folder, 'dev.symtypes'))).objects).toEqual({ dev: ['f'] })
    expect(Object.values((await read(join(folder, 'other'))).objects)).toEqual([['f']])
  })

  it.each([
    ['is not there', 'nowhere', /does not exist/],
    ['is empty', 'empty', /holds the types of no export/],
  ])('is an error where it %s', async (_, name, message) => {
    const folder = workspace({ empty: '' })
    expect((await read(join(folder, name))).problems).toMatchObject([
      { kind: 'unreadable', message: expect.stringMatching(message) as string },
    ])
  })
})

describe('the types beside a list', () => {
  it.each([
    ['Module.kabi_x86_64', 'Symtypes.kabi_x86_64'],
    ['Module.kabi_x86_64debug', 'Symtypes.kabi_x86_64debug.gz'],
    ['Module.kabi_aarch64.fips', 'Symtypes.kabi_aarch64.fips.xz'],
    ['kabi_lockedlist_x86_64', 'Symtypes.kabi_x86_64'],
    ['Module.kabi', 'Symtypes.kabi'],
    ['symvers-default', 'symtypes-default'],
    ['symvers-default.zst', 'symtypes-default.gz'],
    ['kabi_whitelist', 'symtypes.gz'],
    ['Module.kabi_x86_64', 'Module.kabi_x86_64.symtypes.gz'],
  ])('of %s are %s', async (list, types) => {
    const folder = workspace({ [list]: '', [types]: '' })
    expect((await findStoredTypes(join(folder, list)))?.file).toBe(join(folder, types))
  })

  it.each([
    ['Module.kabi_x86_64', 'Symtypes.kabi_aarch64'],
    ['kabi_whitelist', 'Symtypes.kabi_'],
    ['Module.symvers', 'Symtypes.kabi'],
  ])('of %s are not %s', async (list, types) => {
    expect(await findStoredTypes(join(workspace({ [list]: '', [types]: '' }), list))).toBeUndefined()
  })
})
