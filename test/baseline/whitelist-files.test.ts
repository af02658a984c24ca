import { mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  createWhitelistFiles,
  existingWhitelist,
  updateWhitelist,
  whitelistFiles,
  type WhitelistContent,
} from '../../src/baseline/whitelist-files.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const inFolder = folderOfEachTest()
const types = new TextEncoder().encode('/* a.symtypes */\nf int f\n')
const content = { list: '0x1\tf\n', types, baseline: 'version: 1\n' }
const list = (): string => inFolder('amd64', 'kabi_whitelist')

function create(given: WhitelistContent) {
  return createWhitelistFiles(new Map([[list(), given]]))
}

/** Size and time of each file, which a file that is not touched keeps. */
async function states(): Promise<readonly string[]> {
  const names = await readdir(inFolder('amd64'))
  return Promise.all(
    names.sort().map(async (name) => {
      const { mtimeMs, ino } = await stat(inFolder('amd64', name))
      return `${name} ${mtimeMs} ${ino}`
    }),
  )
}

describe('whitelistFiles', () => {
  test.each([
    ['/w/amd64/kabi_whitelist', '/w/amd64/'],
    ['/w/amd64.list', '/w/amd64.list.'],
  ])('of %s are beside it', (path, prefix) => {
    expect(whitelistFiles(path)).toEqual({
      list: path,
      types: `${prefix}symtypes.gz`,
      layouts: `${prefix}layouts.gz`,
      baseline: `${prefix}baseline.yml`,
    })
  })
})

describe('createWhitelistFiles', () => {
  test('writes the three files', async () => {
    expect(await create(content)).toBeUndefined()
    expect((await readdir(inFolder('amd64'))).sort()).toEqual([
      'baseline.yml',
      'kabi_whitelist',
      'symtypes.gz',
    ])
    expect(gunzipSync(await readFile(inFolder('amd64', 'symtypes.gz')))).toEqual(Buffer.from(types))
    expect(await readFile(list(), 'utf8')).toBe(content.list)
  })

  test('writes packed types that say nothing of when they were packed', async () => {
    await create(content)
    const packed = await readFile(inFolder('amd64', 'symtypes.gz'))
    expect(packed.subarray(4, 8)).toEqual(Buffer.alloc(4))
  })

  test('touches nothing when there is a list', async () => {
    await create(content)
    const before = await states()
    const other = { list: 'other\n', types: new Uint8Array([10]), baseline: 'other\n' }
    expect(await create(other)).toMatchObject({
      kind: 'unwritable',
      message: `"${list()}" exists already.`,
    })
    expect(await states()).toEqual(before)
  })

  test('replaces and removes what an interrupted run left beside no list', async () => {
    await mkdir(inFolder('amd64'))
    await writeFile(inFolder('amd64', 'symtypes.gz'), 'rest')
    await writeFile(inFolder('amd64', 'baseline.yml'), 'rest')
    expect(await create({ ...content, baseline: undefined })).toBeUndefined()
    expect((await readdir(inFolder('amd64'))).sort()).toEqual(['kabi_whitelist', 'symtypes.gz'])
    expect(gunzipSync(await readFile(inFolder('amd64', 'symtypes.gz')))).toEqual(Buffer.from(types))
  })

  test('writes no list when what belongs to it could not be written', async () => {
    await mkdir(inFolder('amd64', 'baseline.yml'), { recursive: true })
    expect(await create(content)).toMatchObject({
      kind: 'unwritable',
      place: { file: inFolder('amd64', 'baseline.yml') },
    })
    expect(await existingWhitelist(list())).toBeUndefined()
  })

  test('leaves none of several when one cannot be written, and what was there before', async () => {
    await mkdir(inFolder('s390x'))
    await writeFile(inFolder('s390x', 'kabi_whitelist'), 'mine\n')
    const contents = new Map([
      [list(), content],
      [inFolder('s390x', 'kabi_whitelist'), content],
    ])
    expect(await createWhitelistFiles(contents)).toMatchObject({
      place: { file: inFolder('s390x', 'kabi_whitelist') },
    })
    expect(await readdir(inFolder('amd64'))).toEqual([])
    expect(await readdir(inFolder('s390x'))).toEqual(['kabi_whitelist'])
    expect(await readFile(inFolder('s390x', 'kabi_whitelist'), 'utf8')).toBe('mine\n')
  })

  test('takes a link that leads nowhere for a list', async () => {
    await mkdir(inFolder('amd64'))
    await symlink('nowhere', list())
    expect(await create(content)).toMatchObject({ kind: 'unwritable' })
    expect(await readdir(inFolder('amd64'))).toEqual(['kabi_whitelist'])
  })
})

describe('updateWhitelist', () => {
  test('touches no file that holds the same already, however it was packed', async () => {
    await create(content)
    await writeFile(inFolder('amd64', 'symtypes.gz'), gzipSync(types, { level: 1 }))
    const before = await states()
    expect(await updateWhitelist(list(), content)).toBeUndefined()
    expect(await states()).toEqual(before)
  })

  test('replaces what differs and leaves what it is not told about', async () => {
    await create(content)
    const before = await states()
    const changed = { list: '0x2\tf\n', types: undefined, baseline: undefined }
    expect(await updateWhitelist(list(), changed)).toBeUndefined()
    expect(await readFile(list(), 'utf8')).toBe('0x2\tf\n')
    const after = await states()
    expect(after.filter((state) => before.includes(state)).map((state) => state.split(' ')[0])).toEqual([
      'baseline.yml',
      'symtypes.gz',
    ])
  })

  test('replaces types that cannot be read', async () => {
    await create(content)
    await writeFile(inFolder('amd64', 'symtypes.gz'), gzipSync(types).subarray(0, 20))
    expect(await updateWhitelist(list(), content)).toBeUndefined()
    expect(gunzipSync(await readFile(inFolder('amd64', 'symtypes.gz')))).toEqual(Buffer.from(types))
  })

  test('leaves the old list when the types cannot be written', async () => {
    await mkdir(inFolder('amd64', 'symtypes.gz'), { recursive: true })
    await writeFile(list(), 'old\n')
    expect(await updateWhitelist(list(), content)).toMatchObject({ kind: 'unwritable' })
    expect(await readFile(list(), 'utf8')).toBe('old\n')
  })
})
