import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findWhitelist } from '../../src/baseline/find-whitelist.ts'
import { findWhitelists } from '../../src/baseline/find-whitelists.ts'
import { dataPath, describeRealData } from '../abi/real-data.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const inFolder = folderOfEachTest()
const row = '0x1\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n'

async function put(path: string, text = row): Promise<void> {
  await mkdir(dirname(inFolder(path)), { recursive: true })
  await writeFile(inFolder(path), text)
}

/** What is found in the test's folder, as `variant: place`. */
async function variants(): Promise<readonly string[]> {
  const { value, problems } = await findWhitelists(inFolder())
  expect(problems).toEqual([])
  if (value?.kind !== 'folder') return []
  return value.whitelists.map(({ variant, source: { path, checksums } }) =>
    [variant, path, ...(checksums === undefined ? [] : [checksums])]
      .join(' ')
      .replaceAll(inFolder() + '/', ''),
  )
}

describe('in a folder', () => {
  test.each([
    ['v/kabi_whitelist', 'v v/kabi_whitelist'],
    ['kabi_whitelist_i686PAE', 'i686PAE kabi_whitelist_i686PAE'],
    ['kabi_stablelist_v', 'v kabi_stablelist_v'],
    ['kabi_lockedlist_v', 'v kabi_lockedlist_v'],
    ['Module.kabi_x86_64', 'x86_64 Module.kabi_x86_64'],
    ['kabi-module/kabi_x86_64/kfree', 'x86_64 kabi-module/kabi_x86_64'],
    ['kabi_x86_64/kfree', 'x86_64 kabi_x86_64'],
    ['x86_64/symvers-default', 'x86_64-default x86_64/symvers-default'],
    ['symvers-default', 'default symvers-default'],
  ])('%s is found', async (place, found) => {
    await put(place)
    expect(await variants()).toEqual([found])
  })

  test.each(['v/kabi_whitelist', 'kabi_whitelist_v', 'kabi_stablelist_v', 'Module.kabi_v', 'kabi_v/kfree'])(
    '%s beside others of the variant: the one that `check` would take',
    async (place) => {
      const others = ['kabi_v/kfree', 'kabi-module/kabi_v/kfree', 'Module.kabi_v', 'kabi_lockedlist_v']
      for (const path of [place, ...others]) await put(path)
      const check = await findWhitelist({ folder: inFolder(), variant: 'v', arch: 'v' })
      expect(await variants()).toEqual([`v ${check.value?.path.replace(inFolder() + '/', '')}`])
    },
  )

  test('a name that `check` knows comes before one without its architecture', async () => {
    await put('Module.kabi_default')
    await put('symvers-default')
    expect(await variants()).toEqual(['default Module.kabi_default'])
  })

  test('names are found with the checksums beside them', async () => {
    await put('kabi_whitelist_b', 'kfree\n')
    await put('Module.kabi_b')
    await put('kabi_whitelist_a', 'kfree\n')
    expect(await variants()).toEqual(['a kabi_whitelist_a', 'b kabi_whitelist_b Module.kabi_b'])
  })

  test('what is no variant’s whitelist is named', async () => {
    const others = [
      'Module.kabi_dup_v',
      'Module.kabi_greylist_v',
      'README',
      'Symtypes.kabi_v',
      'severities',
      'x y',
    ]
    for (const name of ['Module.kabi_v', ...others.slice(0, -1), 'x y/kabi_whitelist']) await put(name)
    const { value } = await findWhitelists(inFolder())
    expect(value).toEqual({
      kind: 'folder',
      whitelists: [{ variant: 'v', source: { path: inFolder('Module.kabi_v') } }],
      others,
    })
  })

  test('a name that leads nowhere is not passed over', async () => {
    await put('Module.kabi_a')
    await symlink('nowhere', inFolder('Module.kabi_b'))
    expect(await findWhitelists(inFolder())).toMatchObject({
      value: undefined,
      problems: [{ kind: 'no-whitelist', message: expect.stringContaining('"b"') as unknown }],
    })
  })

  test('an entry that cannot be looked at is not passed over', async () => {
    await put('Module.kabi_a')
    await symlink('loop', inFolder('loop'))
    expect(await findWhitelists(inFolder())).toMatchObject({
      value: undefined,
      problems: [{ kind: 'unreadable', place: { file: inFolder('loop') } }],
    })
  })

  test('nothing known is a problem that shows what is there', async () => {
    await put('severities')
    expect(await findWhitelists(inFolder())).toMatchObject({
      value: undefined,
      problems: [{ kind: 'no-whitelist', place: { file: inFolder() }, excerpt: ['found severities'] }],
    })
  })
})

describe('a single whitelist', () => {
  test.each([
    ['kabi_whitelist_x86_64', 'x86_64'],
    ['Module.kabi_i686PAE', 'i686PAE'],
    ['arm64/kabi_whitelist', 'arm64'],
    ['symvers-default', 'default'],
    ['Module.kabi_greylist_x86_64', undefined],
    ['xcpng-8.3-kabi_lockedlist', undefined],
  ])('the file %s is of variant %s', async (path, variant) => {
    await put(path)
    expect(await findWhitelists(inFolder(path))).toEqual({
      value: { kind: 'one', variant, source: { path: inFolder(path) } },
      problems: [],
    })
  })

  test('a list of names has the checksums beside it', async () => {
    await put('kabi_whitelist_v', 'kfree\n')
    await put('Module.kabi_v')
    expect((await findWhitelists(inFolder('kabi_whitelist_v'))).value).toMatchObject({
      source: { path: inFolder('kabi_whitelist_v'), checksums: inFolder('Module.kabi_v') },
    })
  })

  test('a folder with one file for each symbol', async () => {
    await put('kabi_aarch64/kfree')
    expect((await findWhitelists(inFolder('kabi_aarch64'))).value).toEqual({
      kind: 'one',
      variant: 'aarch64',
      source: { path: inFolder('kabi_aarch64') },
    })
  })

  test('that is not there is a problem', async () => {
    expect((await findWhitelists(inFolder('none'))).problems).toMatchObject([{ kind: 'unreadable' }])
  })
})

describeRealData('the folder of RHEL 5', () => {
  test('has ten variants, nine with checksums', async () => {
    const { value } = await findWhitelists(dataPath('rhel5'))
    const found = value?.kind === 'folder' ? value.whitelists : []
    expect(found).toHaveLength(10)
    expect(
      found.filter(({ source }) => source.checksums === undefined).map(({ variant }) => variant),
    ).toEqual(['ia64xen'])
  })
})
