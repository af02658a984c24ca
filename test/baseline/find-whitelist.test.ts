import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findWhitelist } from '../../src/baseline/find-whitelist.ts'
import { readWhitelist } from '../../src/baseline/read-whitelist.ts'
import { dataPath, describeRealData } from '../abi/real-data.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const inFolder = folderOfEachTest()
const row = '0x1\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n'

async function put(path: string, text = row): Promise<void> {
  await mkdir(dirname(inFolder(path)), { recursive: true })
  await writeFile(inFolder(path), text)
}

function find(variant = 'v') {
  return findWhitelist({ folder: inFolder('.'), variant, arch: 'x86' })
}

/** In the order in which they are tried. */
const places = [
  'v/kabi_whitelist',
  'v/kabi_stablelist',
  'kabi_whitelist_v',
  'kabi_stablelist_v',
  'kabi_lockedlist_v',
  'Module.kabi_v',
  'kabi-module/kabi_v/',
  'kabi_v/',
  'x86/symvers-v',
  'v',
]

async function putPlace(place: string): Promise<void> {
  await put(place.endsWith('/') ? place + 'kfree' : place)
}

test.each(places)('finds %s', async (place) => {
  await putPlace(place)
  expect(await find()).toEqual({ value: { path: inFolder(place.replace(/\/$/, '')) }, problems: [] })
})

test.each(places.slice(0, -1).map((place, index) => [place, places[index + 1] ?? ''] as const))(
  '%s comes before %s',
  async (first, second) => {
    await putPlace(first)
    if (second !== 'v') await putPlace(second)
    expect((await find()).value?.path).toBe(inFolder(first.replace(/\/$/, '')))
  },
)

describe('checksums beside a list', () => {
  test.each(['kabi_whitelist_v', 'kabi_stablelist_v', 'kabi_lockedlist_v'])('%s with names', async (list) => {
    await put(list, 'kfree\n')
    await put('Module.kabi_v')
    expect((await find()).value).toEqual({ path: inFolder(list), checksums: inFolder('Module.kabi_v') })
  })

  test('are not needed by a list that has its own', async () => {
    await put('kabi_whitelist_v')
    await put('Module.kabi_v')
    expect((await find()).value).toEqual({ path: inFolder('kabi_whitelist_v') })
  })

  test('may be missing: reading the list then says so', async () => {
    await put('kabi_whitelist_v', 'kfree\n')
    expect((await find()).value).toEqual({ path: inFolder('kabi_whitelist_v') })
  })
})

describe('nothing there', () => {
  test('is a problem that lists every place tried', async () => {
    await put('kabi_whitelist_other')
    await mkdir(inFolder('v'))
    expect(await find()).toEqual({
      value: undefined,
      problems: [
        {
          kind: 'no-whitelist',
          message: `No whitelist for variant "v" in "${inFolder('.')}".`,
          place: { file: inFolder('.') },
          excerpt: places.map((place) => `tried ${inFolder(place)}`),
        },
      ],
    })
  })

  test('says so when the folder itself is missing', async () => {
    const { problems } = await findWhitelist({ folder: inFolder('none'), variant: 'v', arch: 'x86' })
    expect(problems).toMatchObject([
      { kind: 'no-whitelist', message: expect.stringContaining('which is not a folder') as unknown },
    ])
  })

  test('a place that cannot be looked at is not passed over', async () => {
    await symlink('Module.kabi_v', inFolder('Module.kabi_v'))
    await put('x86/symvers-v')
    expect(await find()).toMatchObject({
      value: undefined,
      problems: [{ kind: 'unreadable', place: { file: inFolder('Module.kabi_v') } }],
    })
  })
})

describeRealData('the ten variants of RHEL 5', () => {
  test.each([
    ['i686', 3036],
    ['i686PAE', 3036],
    ['i686xen', 3061],
    ['ia64', 3023],
    ['ppc64', 3004],
    ['ppc64kdump', 3003],
    ['s390x', 2172],
    ['x86_64', 3081],
    ['x86_64xen', 3089],
  ])('%s is found with its checksums and has %i symbols', async (variant, symbols) => {
    const folder = dataPath('rhel5')
    const { value: source } = await findWhitelist({ folder, variant, arch: 'x86' })
    expect(source?.checksums).toBe(dataPath('rhel5', `Module.kabi_${variant}`))
    const { value, problems } = source ? await readWhitelist(source) : { value: undefined, problems: [] }
    expect(problems.map(({ kind }) => kind)).toEqual(variant === 'x86_64xen' ? ['duplicate-row'] : [])
    expect(new Set(value?.rows.map(({ symbol }) => symbol)).size).toBe(symbols)
  })

  test('ia64xen is found without checksums', async () => {
    const found = await findWhitelist({ folder: dataPath('rhel5'), variant: 'ia64xen', arch: 'ia64' })
    expect(found.value).toEqual({ path: dataPath('rhel5', 'kabi_whitelist_ia64xen') })
  })
})
