import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import fc from 'fast-check'
import { runs } from '../support/properties.ts'
import { describe, expect, test } from 'vitest'
import { formatWhitelist } from '../../src/abi/format-whitelist.ts'
import type { Whitelist } from '../../src/abi/whitelist.ts'
import { readJoined } from '../../src/baseline/read-whitelist.ts'
import { importWhitelists, type ImportRequest } from '../../src/whitelists/import-whitelists.ts'
import { arbitraryWhitelist } from '../abi/arbitrary-whitelist.ts'
import { dataPath, describeRealData } from '../abi/real-data.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const inFolder = folderOfEachTest()
const row = '0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n'

async function put(path: string, text = row): Promise<void> {
  await mkdir(dirname(inFolder(path)), { recursive: true })
  await writeFile(inFolder(path), text)
}

function run(request: Partial<ImportRequest> = {}) {
  const defaults = {
    from: inFolder('in'),
    checksums: undefined,
    to: inFolder('out'),
    variants: [],
    allowAbsent: false,
  }
  return importWhitelists({ ...defaults, ...request })
}

async function problemsOf(request?: Partial<ImportRequest>): Promise<readonly string[]> {
  const { value, problems } = await run(request)
  expect(value).toEqual({ imported: [], empty: [], unjoined: [], linked: [], leftAlone: [] })
  return problems.map(({ kind, variant, place }) =>
    [kind, variant, place?.line].filter((part) => part !== undefined).join(' '),
  )
}

const text = (path: string): Promise<string> => readFile(inFolder(path), 'utf8')
const written = (): Promise<string[]> => readdir(inFolder('out')).catch(() => [])

/** The rows of a whitelist without their places, in an order that does not depend on the file's. */
function contentOf({ rows }: Whitelist): readonly string[] {
  return rows
    .map(({ symbol, crc, module, type, namespace, section, lifetime }) =>
      JSON.stringify([section, symbol, crc, module, type, namespace, lifetime]),
    )
    .sort()
}

test('each variant becomes a canonical list, its names joined with their checksums', async () => {
  await put('in/kabi_whitelist_i686', '[net]\n\tkfree\n')
  await put('in/Module.kabi_i686')
  await put('in/Module.kabi_x86_64', row.replace('0x00000001', '0x00000002'))
  await put('in/README')
  const { value, problems } = await run()
  expect(problems).toEqual([])
  expect(value.imported.map(({ variant, path }) => [variant, path])).toEqual([
    ['i686', inFolder('out/i686/kabi_whitelist')],
    ['x86_64', inFolder('out/x86_64/kabi_whitelist')],
  ])
  expect(value.leftAlone).toEqual(['README'])
  expect(await text('out/i686/kabi_whitelist')).toBe('[net]\n' + row)
  expect(await text('out/x86_64/kabi_whitelist')).toBe(row.replace('0x00000001', '0x00000002'))
})

test('of joinable and unjoinable names the joinable ones are imported and the rest listed, when that is asked for', async () => {
  const names = '[net]\n\tkfree\n\tgone\n'
  for (const variant of ['all', 'some', 'none']) await put(`in/Module.kabi_${variant}`)
  await put('in/kabi_whitelist_all', '[net]\n\tkfree\n')
  await put('in/kabi_whitelist_some', names)
  await put('in/kabi_whitelist_none', names.replace('kfree', 'lost'))
  await put('in/kabi_whitelist_bare', names)
  await put('in/kabi_whitelist_empty', '')
  expect(await problemsOf()).toEqual(['no-checksum none 2', 'no-checksum some 3'])
  expect(await written()).toEqual([])
  const { value, problems } = await run({ allowAbsent: true })
  expect(problems).toEqual([])
  expect(value.imported.map(({ variant, leftOut }) => [variant, leftOut])).toEqual([
    ['all', []],
    ['bare', []],
    ['some', ['gone']],
  ])
  expect(value.unjoined.map(({ variant, leftOut }) => [variant, leftOut])).toEqual([['none', ['lost', 'gone']]])
  expect(value.empty.map(({ variant }) => variant)).toEqual(['empty'])
  expect(await written()).toEqual(['all', 'bare', 'some'])
  const alone = { allowAbsent: true, variants: ['none'], to: inFolder('alone') }
  expect(await problemsOf(alone)).toEqual(['empty-whitelist none'])
})

test.each<[what: string, file: string, link: string, target: string, linked: string]>([
  ['a file', 'kabi_whitelist_x86_64', 'kabi_whitelist_debug', 'kabi_whitelist_x86_64', 'debug'],
  ['a list in a folder of its own', 'x86_64/kabi_whitelist', 'debug/kabi_whitelist', '../x86_64/kabi_whitelist', 'debug'],
  ['a folder', 'x86_64/kabi_whitelist', 'latest', 'x86_64', 'latest'],
  ['a link that sorts behind what it leads to', 'x86_64/kabi_whitelist', 'zlatest', 'x86_64', 'zlatest'],
  ['a folder of symbols', 'kabi_x86_64/kfree', 'kabi_debug', 'kabi_x86_64', 'debug'],
])('a link to %s that is in the set too counts once', async (_, file, link, target, linked) => {
  await put(`in/${file}`)
  await mkdir(dirname(inFolder(`in/${link}`)), { recursive: true })
  await symlink(target, inFolder(`in/${link}`))
  const { value, problems } = await run()
  expect(problems).toEqual([])
  expect(value.imported.map(({ variant }) => variant)).toEqual(['x86_64'])
  expect(value.linked.map((one) => [one.link.variant, one.kept.variant])).toEqual([[linked, 'x86_64']])
  const asked = await run({ to: inFolder('asked'), variants: [linked] })
  expect(asked.value.imported.map(({ variant }) => variant)).toEqual([linked])
})

test('a link to a file that is not in the set is a list like any other, and one that leads nowhere an error', async () => {
  await put('in/kabi_whitelist_x86_64')
  await put('elsewhere')
  await symlink('../elsewhere', inFolder('in/kabi_whitelist_debug'))
  expect((await run()).value.imported.map(({ variant }) => variant)).toEqual(['debug', 'x86_64'])
  await symlink('nowhere', inFolder('in/kabi_whitelist_z'))
  expect(await problemsOf({ to: inFolder('again') })).toEqual(['no-whitelist'])
})

test('two names of one variant are one list, whichever is the link', async () => {
  await put('in/kabi_stablelist_x86_64')
  await symlink('kabi_stablelist_x86_64', inFolder('in/kabi_whitelist_x86_64'))
  const { value } = await run()
  expect(value.imported.map(({ variant }) => variant)).toEqual(['x86_64'])
})

test('a link to another file of a folder of symbols is skipped', async () => {
  await put('in/kabi_x86_64/kfree')
  await symlink('kfree', inFolder('in/kabi_x86_64/free'))
  const { value, problems } = await run()
  expect(problems).toEqual([])
  expect(value.imported[0]?.whitelist.rows.map(({ symbol }) => symbol)).toEqual(['kfree'])
})

test('an empty list beside others is named and not imported', async () => {
  await put('in/Module.kabi_x86_64')
  await put('in/Module.kabi_riscv64', '')
  const { value, problems } = await run()
  expect(problems).toEqual([])
  expect(value.imported.map(({ variant }) => variant)).toEqual(['x86_64'])
  expect(value.empty.map(({ variant }) => variant)).toEqual(['riscv64'])
  expect(await written()).toEqual(['x86_64'])
})

test('names without a checksum beside them are left out and listed when asked for', async () => {
  await put('in/kabi_whitelist_a', '[s]\nkfree\nkmalloc\n')
  await put('in/Module.kabi_a')
  const { value, problems } = await run({ allowAbsent: true })
  expect(problems).toEqual([])
  expect(value.imported[0]?.leftOut).toEqual(['kmalloc'])
  expect(await text('out/a/kabi_whitelist')).toBe('[s]\n' + row)
})

test('names without any checksums stay names', async () => {
  await put('in/kabi_lockedlist_v', '[ol9_whitelist]\t\n\tkfree\n')
  await run()
  expect(await text('out/v/kabi_whitelist')).toBe('[ol9_whitelist]\n-\tkfree\n')
})

test('types and a baseline that an interrupted run left do not stay beside an imported list', async () => {
  await put('in/Module.kabi_v')
  await put('out/v/baseline.yml', 'version: 1\n')
  await run()
  expect(await readdir(inFolder('out/v'))).toEqual(['kabi_whitelist'])
})

test('a single list goes to the variant of its name, or to the one given', async () => {
  await put('Module.kabi_v')
  expect((await run({ from: inFolder('Module.kabi_v') })).problems).toEqual([])
  expect((await run({ from: inFolder('Module.kabi_v'), variants: ['w'] })).problems).toEqual([])
  expect(await written()).toEqual(['v', 'w'])
})

test('a single list of names takes its checksums from the file given', async () => {
  await put('names', 'kfree\n')
  await put('sums')
  const { problems } = await run({
    from: inFolder('names'),
    checksums: inFolder('sums'),
    variants: ['v'],
  })
  expect(problems).toEqual([])
  expect(await text('out/v/kabi_whitelist')).toBe(row)
})

test('only the variants asked for are imported, a plain file of that name too', async () => {
  for (const name of ['Module.kabi_a', 'Module.kabi_b', 'abi_gki_aarch64']) await put('in/' + name)
  const { value } = await run({ variants: ['b', 'abi_gki_aarch64', 'b'] })
  expect(value.imported.map(({ variant }) => variant)).toEqual(['b', 'abi_gki_aarch64'])
  expect(await written()).toEqual(['abi_gki_aarch64', 'b'])
})

describe('nothing is written', () => {
  test.each<[string, Readonly<Record<string, string>>, Partial<ImportRequest>, string[]]>([
    [
      'when one variant is malformed',
      { 'in/Module.kabi_a': row, 'in/Module.kabi_b': row + 'what?\n' },
      {},
      ['malformed-line b 2'],
    ],
    ['when every list is empty', { 'in/Module.kabi_a': '', 'in/Module.kabi_b': '' }, {}, ['empty-whitelist']],
    ['when the checksums of a list are empty', { 'in/kabi_whitelist_a': 'kfree\n', 'in/Module.kabi_a': '', 'in/Module.kabi_b': row }, {}, ['empty-whitelist a']],
    [
      'when a name has no checksum in the file beside the list',
      { 'in/kabi_whitelist_a': '[s]\nkfree\nkmalloc\n', 'in/Module.kabi_a': row },
      {},
      ['no-checksum a 3'],
    ],
    [
      'when a row lacks the checksum that others have',
      { 'in/a/kabi_whitelist': row + row.replace(/^0x\w+\t\w+/, '-\tkmalloc') },
      {},
      ['no-checksum a 2'],
    ],
    ['when a variant asked for is not there', { 'in/Module.kabi_a': row }, { variants: ['a', 'b'] }, ['no-whitelist']],
    ['when there is no whitelist', { 'in/README': row }, {}, ['no-whitelist']],
    ['when there is no folder', {}, {}, ['unreadable']],
    ['for a variant’s name that leads out', { 'in/Module.kabi_a': row }, { variants: ['../a'] }, ['usage']],
    ['for checksums with a folder', { 'in/Module.kabi_a': row }, { checksums: 'sums' }, ['usage']],
  ])('%s', async (_, files, request, problems) => {
    for (const [path, content] of Object.entries(files)) await put(path, content)
    expect(await problemsOf(request)).toEqual(problems)
    expect(await written()).toEqual([])
  })

  test.each([[[]], [['a', 'b']]])('for a single list with the variants %j', async (variants) => {
    await put('names')
    expect(await problemsOf({ from: inFolder('names'), variants })).toEqual(['usage'])
  })

  test('when one of the lists exists already', async () => {
    await put('in/Module.kabi_a')
    await put('in/Module.kabi_b')
    await put('out/b/kabi_whitelist', 'mine\n')
    expect(await problemsOf()).toEqual(['unwritable'])
    expect(await text('out/b/kabi_whitelist')).toBe('mine\n')
    expect(await readdir(inFolder('out/a'))).toEqual([])
  })
})

test('the imported list has the rows of the original, whatever these are', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(arbitraryWhitelist, fc.boolean(), async (whitelist, versioned) => {
      const crc = (given: number | undefined) => (versioned ? (given ?? 1) : undefined)
      const rows = whitelist.rows.map((one) => ({ ...one, crc: crc(one.crc) }))
      const from = `in${++run}/v/kabi_whitelist`
      await put(from, formatWhitelist({ ...whitelist, rows }))
      const to = inFolder(`out${run}`)
      const { problems } = await importWhitelists({
        from: inFolder(`in${run}`),
        checksums: undefined,
        to,
        variants: [],
        allowAbsent: false,
      })
      expect(problems).toEqual([])
      const imported = await readJoined({ path: `${to}/v/kabi_whitelist` })
      expect(contentOf(imported.value)).toEqual(contentOf({ ...whitelist, rows }))
    }),
    { numRuns: runs(50) },
  )
})

describeRealData('real whitelists', () => {
  test('RHEL 5 becomes ten variants', async () => {
    const { value, problems } = await run({ from: dataPath('rhel5') })
    expect(problems.map(({ kind, variant }) => [kind, variant])).toEqual([['duplicate-row', 'x86_64xen']])
    expect(
      value.imported.map(({ variant, whitelist: { rows } }) => [
        variant,
        new Set(rows.map(({ symbol }) => symbol)).size,
      ]),
    ).toEqual([
      ['i686', 3036],
      ['i686PAE', 3036],
      ['i686xen', 3061],
      ['ia64', 3023],
      ['ia64xen', 2968],
      ['ppc64', 3004],
      ['ppc64kdump', 3003],
      ['s390x', 2172],
      ['x86_64', 3081],
      ['x86_64xen', 3089],
    ])
    expect(await written()).toEqual(value.imported.map(({ variant }) => variant))
  })

  test.each([
    ['rhel5', undefined],
    ['dialects/rhel6', undefined],
    ['dialects/rhel6/Module.kabi_greylist_x86_64', 'greylist'],
    ['dialects/rhel7', undefined],
    ['dialects/rhel8', undefined],
    ['dialects/rhel9', undefined],
    ['dialects/kernel-ark', undefined],
    ['dialects/openeuler', undefined],
    ['dialects/uek', undefined],
    ['dialects/xcp-ng/xcpng-8.3-kabi_lockedlist', 'x86_64'],
    ['dialects/suse-sle10', undefined],
  ])('%s has the same rows after import', async (path, variant) => {
    const { value } = await run({ from: dataPath(path), variants: variant === undefined ? [] : [variant] })
    expect(value.imported.length).toBeGreaterThan(0)
    for (const { path: list, source } of value.imported) {
      const [original, imported] = [await readJoined(source), await readJoined({ path: list })]
      expect(imported.problems).toEqual([])
      expect(contentOf(imported.value)).toEqual(contentOf(original.value))
    }
  })

  test.each(['dialects/suse-severities', 'dialects/rhel7/Module.kabi_dup_x86_64'])(
    '%s is no whitelist',
    async (path) => {
      const { problems } = await run({ from: dataPath(path), variants: path.includes('dup') ? ['dup'] : [] })
      expect(problems).toHaveLength(1)
      expect(await written()).toEqual([])
    },
  )
})
