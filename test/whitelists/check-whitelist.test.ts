import { symlinkSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { formatKsymtypes } from '../../src/abi/format-ksymtypes.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import { checkWhitelist, checkWhitelists } from '../../src/whitelists/check-whitelist.ts'
import { configuredWhitelists, namedWhitelists } from '../../src/whitelists/whitelists-to-check.ts'
import { workspace } from '../support/workspace.ts'
import { join } from 'node:path'

const encoder = new TextEncoder()
const dump = encoder.encode('s#x struct x { int a ; } \nf int f ( s#x * ) \ng void g ( void ) \n')
const types = formatKsymtypes(new Map([['lib/a', dump]])).value
const rows = [...symtypesChecksums(dump, 'a').value].map(
  ([symbol, crc]) => `0x${crc.toString(16).padStart(8, '0')}\t${symbol}\tvmlinux\tEXPORT_SYMBOL\t\n`,
)
const list = rows.join('')
const baseline = 'version: 1\nvariant: amd64\n'

const good = {
  'amd64/kabi_whitelist': list,
  'amd64/symtypes.gz': gzipSync(types),
  'amd64/baseline.yml': baseline,
}

function check(
  files: Readonly<Record<string, string | Uint8Array>>,
  path = 'amd64/kabi_whitelist',
  { variant = 'amd64', symvers = '' } = {},
) {
  const folder = workspace(files)
  return checkWhitelist({
    variant,
    source: { path: join(folder, path) },
    symvers: symvers === '' ? undefined : join(folder, symvers),
  })
}

const kinds = ({ problems }: { readonly problems: readonly { readonly kind: string }[] }) =>
  problems.map(({ kind }) => kind)

describe('checkWhitelist', () => {
  it('finds nothing wrong with a list and files that belong together', async () => {
    expect(await check(good)).toMatchObject({
      variant: 'amd64',
      protected: 2,
      reproduced: 2,
      baseline: true,
      differences: undefined,
      problems: [],
    })
  })

  it('says what does not stand beside the list', async () => {
    expect(await check({ 'amd64/kabi_whitelist': list })).toMatchObject({
      protected: 2,
      reproduced: undefined,
      baseline: false,
      problems: [],
    })
  })

  it.each<[string, Readonly<Record<string, string | Uint8Array>>, string[]]>([
    ['rows out of order', { 'amd64/kabi_whitelist': [...rows].reverse().join('') }, ['not-canonical']],
    [
      'a row given twice',
      { 'amd64/kabi_whitelist': list + (rows[1] ?? '') },
      ['duplicate-row', 'not-canonical'],
    ],
    ['CR LF', { 'amd64/kabi_whitelist': list.replaceAll('\n', '\r\n') }, ['not-canonical']],
    ['an empty list', { 'amd64/kabi_whitelist': '' }, ['empty-whitelist']],
    ['a list of comments', { 'amd64/kabi_whitelist': '# nothing\n' }, ['empty-whitelist']],
    [
      'two checksums of one symbol',
      { 'amd64/kabi_whitelist': list + '0x00000001\tg\tvmlinux\tEXPORT_SYMBOL\t\n' },
      ['conflicting-rows'],
    ],
    ['names only', { 'amd64/kabi_whitelist': 'f\ng\n' }, ['no-checksum']],
    ['a row without checksum', { 'amd64/kabi_whitelist': list + '-\tz\tvmlinux\tEXPORT_SYMBOL\t\n' }, ['no-checksum']],
    [
      'a checksum of zero',
      { 'amd64/kabi_whitelist': list + '0x00000000\tz\tvmlinux\tEXPORT_SYMBOL\t\n' },
      ['no-checksum'],
    ],
    [
      'a changed checksum',
      { 'amd64/kabi_whitelist': list.replace(/^0x......../, '0x00000001') },
      ['types-differ'],
    ],
    ['a row without types', { 'amd64/kabi_whitelist': list + list.replace(/[^]*\tg\t/, '0x00000001\tz\t') }, ['types-differ']],
    ['types without a row', { 'amd64/kabi_whitelist': rows[0] ?? '' }, ['types-differ']],
    ['damaged types', { 'amd64/symtypes.gz': gzipSync(types).subarray(0, 30) }, ['unreadable']],
    ['types that are cut off', { 'amd64/symtypes.gz': gzipSync(types.subarray(0, -5)) }, ['malformed-line']],
    ['a baseline of another variant', { 'amd64/baseline.yml': baseline.replace('amd64', 's390x') }, ['baseline']],
    ['a baseline that is none', { 'amd64/baseline.yml': 'version: 1\nvariant: amd64\nkernal: "6.1"\n' }, ['baseline']],
  ])('finds %s', async (_, files, expected) => {
    expect(kinds(await check({ ...good, ...files }))).toEqual(expected)
  })

  it('finds what a build lost or changed, and leaves the rest to the policy of a check', async () => {
    const { differences, problems } = await check(
      {
        ...good,
        'amd64/kabi_whitelist': list + '0x00000001\tz\tvmlinux\tEXPORT_SYMBOL\t\n',
        'amd64/symtypes.gz': gzipSync(formatKsymtypes(new Map([['lib/a', dump]])).value),
        'Module.symvers':
          '0x00000007\tf\tvmlinux\tEXPORT_SYMBOL\t\n' + (rows[1] ?? '').replace('vmlinux', 'lib/g'),
      },
      undefined,
      { symvers: 'Module.symvers' },
    )
    expect(differences?.map(({ kind, symbol }) => `${kind} ${symbol}`)).toEqual(['changed f', 'removed z'])
    expect(kinds({ problems })).toEqual(['types-differ'])
  })

  it('cannot compare with a build that it cannot read', async () => {
    const checked = await check(good, undefined, { symvers: 'nowhere' })
    expect(checked.differences).toBeUndefined()
    expect(kinds(checked)).toEqual(['unreadable'])
  })
})

describe('checkWhitelist on lists of others', () => {
  const suse = { 'x86_64/symvers-default': [...rows].reverse().join('').replaceAll('\t\n', '\n') }
  const whole = encoder.encode('/* lib/b.symtypes */\nh int h\n\n')
  const kernel = new Uint8Array([...whole, ...types])

  it('takes the types of SUSE’s whole kernel, plain or packed, whatever the order of the rows', async () => {
    for (const [name, content] of [
      ['symtypes-default', kernel],
      ['symtypes-default.gz', gzipSync(kernel)],
    ] as const) {
      const checked = await check({ ...suse, [`x86_64/${name}`]: content }, 'x86_64/symvers-default')
      expect(checked).toMatchObject({ protected: 2, reproduced: 2, problems: [] })
    }
  })

  it('takes the older form of SUSE’s types, with the suffix of the object', async () => {
    const older = new TextDecoder().decode(kernel).replaceAll('.symtypes */', '.o */')
    const checked = await check({ ...suse, 'x86_64/symtypes-default': older }, 'x86_64/symvers-default')
    expect(checked).toMatchObject({ protected: 2, reproduced: 2, problems: [] })
  })

  it('finds a checksum that they do not give', async () => {
    const changed = new TextDecoder().decode(kernel).replace('int a', 'long a')
    const checked = await check({ ...suse, 'x86_64/symtypes-default': changed }, 'x86_64/symvers-default')
    expect(checked).toMatchObject({ reproduced: 1, problems: [{ kind: 'types-differ' }] })
  })

  it('wants the canonical form of no other list, but of one with sections or comments', async () => {
    const reversed = [...rows].reverse().join('')
    expect(kinds(await check({ 'my.list': reversed }, 'my.list'))).toEqual([])
    expect(kinds(await check({ 'my.list': '# ours\n' + reversed }, 'my.list'))).toEqual(['not-canonical'])
  })

  it('looks for the files of a list of another name under that name', async () => {
    const files = { 'my.list': list, 'my.list.symtypes.gz': gzipSync(types), 'my.list.baseline.yml': baseline }
    expect(await check(files, 'my.list')).toMatchObject({ reproduced: 2, baseline: true, problems: [] })
  })
})

describe('which whitelists are checked', () => {
  const yml =
    'version: 1\nvariants:\n  amd64: { arch: x86_64, symvers: built }\n  s390x: { arch: s390, symvers: built }\n'

  async function configured(files: Readonly<Record<string, string>>, symvers: readonly string[] = []) {
    const cwd = workspace({ 'kabi.yml': yml, ...files })
    const { value, problems } = await configuredWhitelists({
      config: undefined,
      source: cwd,
      variants: [],
      strategy: undefined,
      symvers,
      cwd,
    })
    return {
      lists: value.map(({ variant, symvers: build }) => [variant, build?.slice(cwd.length + 1)]),
      problems: problems.map(({ kind, variant }) => `${kind} ${variant ?? ''}`),
    }
  }
  const both = { 'whitelists/amd64/kabi_whitelist': list, 'whitelists/s390x/kabi_whitelist': list }

  it('are those of the configuration, compared only with a build that the command line names', async () => {
    expect(await configured(both)).toEqual({
      lists: [
        ['amd64', undefined],
        ['s390x', undefined],
      ],
      problems: [],
    })
    expect((await configured(both, ['s390x=new/Module.symvers'])).lists).toEqual([
      ['amd64', undefined],
      ['s390x', 'new/Module.symvers'],
    ])
  })

  it('must all be there', async () => {
    const { 'whitelists/amd64/kabi_whitelist': amd64 } = both
    const one = await configured({ 'whitelists/amd64/kabi_whitelist': amd64 })
    expect(one.problems).toEqual(['no-whitelist s390x'])
    const none = yml.replace(/symvers: built/g, 'promise: none, reason: an experiment')
    expect((await configured({ 'kabi.yml': none })).problems).toEqual(['config '])
  })

  it('are those that paths name; one build can only belong to one of them', async () => {
    const folder = workspace({ 'a/kabi_whitelist': list, 'b/kabi_whitelist': list })
    const two = await namedWhitelists([folder], 'Module.symvers')
    expect(two.value.map(({ variant }) => variant)).toEqual(['a', 'b'])
    expect(kinds(two)).toEqual(['usage'])
    const one = await namedWhitelists([join(folder, 'a')], 'Module.symvers')
    expect(one).toMatchObject({ value: [{ variant: 'a', symvers: 'Module.symvers' }], problems: [] })
    expect(kinds(await namedWhitelists([folder, join(folder, 'nowhere')], undefined))).toEqual(['unreadable'])
  })
})

describe('checkWhitelists', () => {
  const wanted = (folder: string, symvers?: string) => ({
    value: [
      {
        variant: undefined,
        source: { path: join(folder, 'amd64/kabi_whitelist') },
        symvers: symvers === undefined ? undefined : join(folder, symvers),
      },
    ],
    problems: [],
  })

  it('passes, breaks, or is an error, and an error weighs most', async () => {
    const files = { ...good, built: list, broken: list.replace('\tf\t', '\tz\t') }
    expect(await checkWhitelists(wanted(workspace(files), 'built'))).toMatchObject({ result: 'pass' })
    expect(await checkWhitelists(wanted(workspace(files), 'broken'))).toMatchObject({ result: 'break' })
    const damaged = workspace({ ...files, 'amd64/symtypes.gz': '' })
    expect(await checkWhitelists(wanted(damaged, 'broken'))).toMatchObject({ result: 'error' })
  })

  it('looks at nothing when it is not known what to look at', async () => {
    const problem = { kind: 'no-whitelist', message: 'none' } as const
    const outcome = await checkWhitelists({ ...wanted('nowhere'), problems: [problem] })
    expect(outcome).toEqual({ result: 'error', lists: [], problems: [problem] })
  })
})

describe('links', () => {
  it('a folder that is a link to another is checked once, a list that is a link for itself', async () => {
    const folder = workspace({ ...good, 'other/symtypes.gz': 'no types' })
    symlinkSync('amd64', join(folder, 'latest'))
    symlinkSync('../amd64/kabi_whitelist', join(folder, 'other/kabi_whitelist'))
    const { value } = await namedWhitelists([folder], undefined)
    expect(value.map(({ variant }) => variant)).toEqual(['amd64', 'other'])
    expect((await checkWhitelists({ value, problems: [] })).result).toBe('error')
  })
})
