import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findWhitelists, flavourOf } from '../../src/io/find-whitelists.ts'
import { temporaryFolder } from './temporary-folder.ts'

const inFolder = temporaryFolder()

async function files(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(inFolder(path)), { recursive: true })
    await writeFile(inFolder(path), '')
  }
}

async function find(path: string) {
  const { value, problems } = await findWhitelists(inFolder(path))
  return {
    found: value.map((one) => `${relative(inFolder(''), one.path)} of ${one.variant ?? 'nobody'}`),
    problems: problems.map(({ kind }) => kind),
  }
}

describe('findWhitelists', () => {
  test('takes a file as it is, whatever its name', async () => {
    await files('amd64/kabi_whitelist', 'my.list')
    expect(await find('amd64/kabi_whitelist')).toEqual({
      found: ['amd64/kabi_whitelist of amd64'],
      problems: [],
    })
    expect(await find('my.list')).toEqual({ found: ['my.list of nobody'], problems: [] })
  })

  test('finds the lists of a family, in the order of their names', async () => {
    await files(
      'debian-12/s390x/kabi_whitelist',
      'debian-12/amd64/kabi_whitelist',
      'debian-12/amd64/symtypes.gz',
    )
    const found = ['debian-12/amd64/kabi_whitelist of amd64', 'debian-12/s390x/kabi_whitelist of s390x']
    expect(await find('debian-12')).toEqual({ found, problems: [] })
    expect(await find('')).toEqual({ found, problems: [] })
    expect(await find('debian-12/amd64')).toEqual({ found: found.slice(0, 1), problems: [] })
  })

  test('finds SUSE’s lists, and takes neither types nor severities for one', async () => {
    await files(
      'kabi/severities',
      'kabi/x86_64/symvers-default',
      'kabi/x86_64/symtypes-default',
      'kabi/s390x/symvers-default.xz',
    )
    expect(await find('kabi')).toEqual({
      found: ['kabi/s390x/symvers-default.xz of nobody', 'kabi/x86_64/symvers-default of nobody'],
      problems: [],
    })
  })

  test('takes a folder of plain files for a list with a file for each symbol', async () => {
    await files('kabi_x86_64/kfree', 'kabi_x86_64/kmalloc')
    expect(await find('kabi_x86_64')).toEqual({ found: ['kabi_x86_64 of nobody'], problems: [] })
  })

  test('says when there is nothing', async () => {
    await files('a/b/readme')
    expect(await find('a')).toEqual({ found: [], problems: ['no-whitelist'] })
    expect(await find('nowhere')).toEqual({ found: [], problems: ['unreadable'] })
    await mkdir(inFolder('empty'))
    expect(await find('empty')).toEqual({ found: [], problems: ['no-whitelist'] })
  })
})

test.each([
  ['symvers-default', 'default'],
  ['symvers-rt_debug.zst', 'rt_debug'],
  ['symvers-', undefined],
  ['Module.symvers', undefined],
])('the flavour of %s is %s', (name, flavour) => {
  expect(flavourOf(`kabi/x86_64/${name}`)).toBe(flavour)
})
