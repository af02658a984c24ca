import { mkdir, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readSymvers, readWhitelist } from '../../src/baseline/read-whitelist.ts'
import { dataPath, describeRealData } from '../abi/real-data.ts'
import { symversText, symversXz } from '../io/archives.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const inFolder = folderOfEachTest()

describe('readWhitelist', () => {
  test('reads a file with checksums', async () => {
    await writeFile(inFolder('Module.kabi'), symversText)
    const { value, problems } = await readWhitelist({ path: inFolder('Module.kabi') })
    expect(problems).toEqual([])
    expect(value).toMatchObject({ file: inFolder('Module.kabi'), dialect: 'symvers' })
    expect(value.rows.map(({ symbol }) => symbol)).toEqual(['I_BDEV', 'zalloc_cpumask_var'])
  })

  test('joins names with their checksums, compressed ones too', async () => {
    await writeFile(inFolder('names'), '[s]\n\tI_BDEV\n')
    await writeFile(inFolder('checksums'), symversXz)
    const { value, problems } = await readWhitelist({
      path: inFolder('names'),
      checksums: inFolder('checksums'),
    })
    expect(problems).toEqual([])
    expect(value.rows).toMatchObject([{ symbol: 'I_BDEV', crc: 0xfa41bfa1, section: 's', namespace: '' }])
  })

  test('names alone are a no-checksum problem', async () => {
    await writeFile(inFolder('names'), 'I_BDEV\n')
    const { value, problems } = await readWhitelist({ path: inFolder('names') })
    expect(value.rows).toHaveLength(1)
    expect(problems).toMatchObject([{ kind: 'no-checksum', place: { file: inFolder('names'), line: 1 } }])
  })

  test('names whose checksums cannot be read are that one problem', async () => {
    await writeFile(inFolder('names'), 'I_BDEV\n')
    const { problems } = await readWhitelist({ path: inFolder('names'), checksums: inFolder('none') })
    expect(problems).toMatchObject([{ kind: 'unreadable', place: { file: inFolder('none') } }])
  })

  test('reads a folder with one file for each symbol', async () => {
    await mkdir(inFolder('kabi'))
    await writeFile(inFolder('kabi', 'kfree'), '#6-\n0x1\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n')
    await writeFile(inFolder('kabi', '.kfree.swp'), Buffer.from([0xff, 0xfe]))
    const { value, problems } = await readWhitelist({ path: inFolder('kabi') })
    expect(problems).toEqual([])
    expect(value).toMatchObject({
      file: inFolder('kabi'),
      dialect: 'one-file-per-symbol',
      rows: [{ symbol: 'kfree', lifetime: { first: 6 }, file: inFolder('kabi', 'kfree'), line: 2 }],
    })
  })

  test('what cannot be read in a folder is a problem, not skipped', async () => {
    await mkdir(inFolder('kabi', 'sub'), { recursive: true })
    await writeFile(inFolder('kabi', 'kfree'), '0x1\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n')
    await writeFile(inFolder('kabi', 'kmalloc'), Buffer.from([0xff, 0xfe]))
    const { problems } = await readWhitelist({ path: inFolder('kabi') })
    expect(problems).toMatchObject([
      { kind: 'unreadable', place: { file: inFolder('kabi', 'kmalloc') } },
      { kind: 'unreadable', place: { file: inFolder('kabi', 'sub') } },
    ])
  })

  test('a missing file is unreadable, and nothing else is said about it', async () => {
    const { value, problems } = await readWhitelist({ path: inFolder('none') })
    expect(value.rows).toEqual([])
    expect(problems).toMatchObject([{ kind: 'unreadable', place: { file: inFolder('none') } }])
  })
})

describe('readSymvers', () => {
  test('reads a compressed table', async () => {
    await writeFile(inFolder('symvers.gz'), gzipSync(symversText))
    const { value, problems } = await readSymvers(inFolder('symvers.gz'))
    expect(problems).toEqual([])
    expect(value.file).toBe(inFolder('symvers.gz'))
    expect(value.exports.map(({ symbol }) => symbol)).toEqual(['I_BDEV', 'zalloc_cpumask_var'])
  })

  test('a missing file is unreadable, and nothing else is said about it', async () => {
    const { value, problems } = await readSymvers(inFolder('none'))
    expect(value).toEqual({ file: inFolder('none'), exports: [] })
    expect(problems).toMatchObject([{ kind: 'unreadable' }])
  })

  test('what parseSymvers finds is passed on', async () => {
    await writeFile(inFolder('symvers'), '')
    expect((await readSymvers(inFolder('symvers'))).problems).toMatchObject([{ kind: 'empty-symvers' }])
  })
})

describeRealData('real whitelists', () => {
  test('RHEL 5 ia64xen never had checksums', async () => {
    const { value, problems } = await readWhitelist({ path: dataPath('rhel5', 'kabi_whitelist_ia64xen') })
    expect(value.rows.length).toBeGreaterThan(2900)
    expect(problems).toMatchObject([
      { kind: 'no-checksum', message: expect.stringContaining('2968 of 2968 protected symbols') as unknown },
    ])
  })

  test('kernel-ark keeps a folder', async () => {
    const { value, problems } = await readWhitelist({
      path: dataPath('dialects', 'kernel-ark', 'kabi_aarch64'),
    })
    expect(problems).toEqual([])
    expect(value.rows.map(({ symbol }) => symbol)).toEqual(['__alloc_skb', '_printk'])
  })
})
