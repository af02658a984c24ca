import { existsSync, readdirSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isError } from '../../src/problem/problem.ts'
import { createWhitelists, type CreateRequest } from '../../src/whitelists/create-whitelists.ts'
import { checkWhitelist } from '../../src/whitelists/check-whitelist.ts'
import { fakeTree, kernel, namesOf, patched, type Dumps, type FakeTree } from './fake-kernel-tree.ts'

function create(
  tree: FakeTree,
  kernels: Readonly<Record<string, Dumps>>,
  change: Partial<CreateRequest> & { readonly by?: 'full' | 'prebuilt' } = {},
) {
  const { by, ...rest } = change
  const request = { ...tree.request, names: undefined, allowAbsent: false, ...rest }
  return createWhitelists(request, tree.collect(kernels, by))
}

const kinds = ({ problems }: { readonly problems: readonly { readonly kind: string }[] }) =>
  problems.map(({ kind }) => kind)

describe('createWhitelists', () => {
  it('leaves list, types and baseline of each variant, which belong together', async () => {
    const tree = fakeTree(['amd64', 's390x'])
    const { value, problems } = await create(tree, { amd64: kernel, s390x: patched }, { names: namesOf('f g') })
    expect(problems).toEqual([])
    expect(value.map(({ variant, symbols, absent }) => [variant, symbols, absent])).toEqual([
      ['amd64', 2, []],
      ['s390x', 2, []],
    ])
    for (const variant of ['amd64', 's390x']) {
      const folder = `whitelists/${variant}`
      expect(readdirSync(tree.path(folder)).sort()).toEqual(['baseline.yml', 'kabi_whitelist', 'symtypes.gz'])
      expect(tree.read(`${folder}/baseline.yml`)).toMatch(
        new RegExp(`^variant: ${variant}\n[^]*^kernel: "6.1.170"\n[^]*^options:\n  CONFIG_SMP: y\ntypes-digest: "[0-9a-f]{64}"\nrows: 2\nlist-digest: "[0-9a-f]{64}"\n$`, 'm'),
      )
      const list = { variant, source: { path: tree.path(folder, 'kabi_whitelist') }, symvers: undefined }
      expect(await checkWhitelist(list)).toMatchObject({ protected: 2, reproduced: 2, baseline: true, problems: [] })
    }
    const types = gunzipSync(readFileSync(tree.path('whitelists/s390x/symtypes.gz'))).toString()
    expect(types).toBe('/* lib/a.symtypes */\ns#x struct x { long a ; }\nf int f ( s#x * )\ng void g ( void )\n')
  })

  it('gives the same bytes from the same kernel', async () => {
    const trees = [fakeTree(['amd64']), fakeTree(['amd64'])]
    for (const tree of trees) await create(tree, { amd64: kernel })
    for (const name of ['kabi_whitelist', 'symtypes.gz', 'baseline.yml']) {
      const [one, other] = trees.map(({ path }) => readFileSync(path('whitelists/amd64', name)))
      expect(one).toEqual(other)
    }
  })

  it('writes what is known: with strategy full no types and no options, with prebuilt the list alone', async () => {
    const tree = fakeTree(['amd64'])
    const full = await create(tree, { amd64: kernel }, { by: 'full' })
    expect(kinds(full)).toEqual(['no-types'])
    expect(readdirSync(tree.path('whitelists/amd64')).sort()).toEqual(['baseline.yml', 'kabi_whitelist'])
    expect(tree.read('whitelists/amd64/baseline.yml')).not.toContain('options')

    const other = fakeTree(['amd64'])
    const prebuilt = await create(other, { amd64: kernel }, { by: 'prebuilt' })
    expect(kinds(prebuilt)).toEqual(['no-types'])
    expect(prebuilt.problems.some(isError)).toBe(false)
    expect(readdirSync(other.path('whitelists/amd64'))).toEqual(['kabi_whitelist'])
  })

  it('stores the types that a build made, and names the symbols that these do not have', async () => {
    const tree = fakeTree(['amd64'])
    for (const strategy of ['full', 'prebuilt'] as const) {
      const request = { ...tree.request, names: namesOf('f g h'), allowAbsent: false }
      tree.write(`made/${strategy}/lib/a.symtypes`, kernel['lib/a.o'] ?? '')
      tree.write('kabi.yml', tree.read('kabi.yml').replace(/whitelists: .*\n|$/, `whitelists: ${strategy}\n`))
      const collect = tree.collect({ amd64: kernel }, strategy)
      const { problems } = await createWhitelists(request, async (...args) =>
        (await collect(...args)).map((one) =>
          one.kind === 'evidence' ? { ...one, types: { kind: 'path', path: tree.path('made', strategy) } } : one,
        ),
      )
      expect(problems).toMatchObject([{ kind: 'types-incomplete', excerpt: ['h'] }])
      const source = { path: tree.path(strategy, 'amd64/kabi_whitelist') }
      const types = gunzipSync(readFileSync(tree.path(strategy, 'amd64/symtypes.gz'))).toString()
      expect(types).toContain('/* lib/a.symtypes */\n')
      expect((await checkWhitelist({ variant: 'amd64', source, symvers: undefined })).reproduced).toBe(2)
    }
  })

  it('stores no types of a kernel whose checksums come from gendwarfksyms', async () => {
    const tree = fakeTree(['amd64'])
    const collect = tree.collect({ amd64: kernel })
    const request = { ...tree.request, names: namesOf('f'), allowAbsent: false }
    const { problems } = await createWhitelists(request, async (...args) => {
      const all = await collect(...args)
      return all.map((collected) => {
        if (collected.kind === 'failure' || !collected.build?.objects) return collected
        const objects = [...collected.build.objects].map(([name, one]) => [name, { ...one, types: undefined }] as const)
        return { ...collected, build: { ...collected.build, objects: new Map(objects) } }
      })
    })
    expect(problems).toMatchObject([{ kind: 'no-types', variant: 'amd64' }])
    expect(problems[0]?.message).toContain('gendwarfksyms')
    expect(readdirSync(tree.path('whitelists/amd64')).sort()).toEqual(['baseline.yml', 'kabi_whitelist'])
    expect(tree.read('whitelists/amd64/baseline.yml')).toContain('CONFIG_SMP: y')
  })

  it('keeps for each variant what it exports of one list of names', async () => {
    const tree = fakeTree(['amd64', 's390x'])
    const { 'lib/b.o': b = '' } = kernel
    const kernels = { amd64: kernel, s390x: { 'lib/b.o': b } }
    const { value, problems } = await create(tree, kernels, { names: namesOf('f h') })
    expect(problems).toEqual([])
    expect(value.map(({ symbols, absent }) => [symbols, absent])).toEqual([
      [2, []],
      [1, ['f']],
    ])
  })

  it.each<[string, string[], Readonly<Record<string, Dumps>>, string, string[]]>([
    ['a name that no variant exports', ['a', 'b'], { a: kernel, b: kernel }, 'f typo', ['not-exported']],
    ['a variant that cannot be collected', ['a', 'b'], { a: kernel }, 'f', ['build-failed']],
    [
      'a variant that exports none of the names',
      ['a', 'b'],
      { a: kernel, b: { 'lib/c.o': 'i int i \n' } },
      'f',
      ['empty-whitelist'],
    ],
  ])('writes nothing for any variant on %s', async (_, variants, kernels, names, expected) => {
    const tree = fakeTree(variants)
    const created = await create(tree, kernels, { names: namesOf(names) })
    expect(kinds(created)).toEqual(expected)
    expect(created.value).toEqual([])
    expect(existsSync(tree.path('whitelists'))).toBe(false)
  })

  it('leaves absent names out when that is allowed, and says which', async () => {
    const tree = fakeTree(['amd64'])
    const { value, problems } = await create(tree, { amd64: kernel }, { names: namesOf('f typo'), allowAbsent: true })
    expect(value).toMatchObject([{ symbols: 1, absent: ['typo'] }])
    expect(problems).toMatchObject([{ kind: 'left-out', excerpt: ['typo'] }])
  })

  it('refuses before it collects anything when a whitelist exists', async () => {
    const tree = fakeTree(['a', 'b'])
    tree.write('whitelists/b/kabi_whitelist', 'mine\n')
    const { value, problems } = await create(tree, {})
    expect(value).toEqual([])
    expect(problems).toMatchObject([{ kind: 'unwritable', variant: 'b' }])
    expect(tree.read('whitelists/b/kabi_whitelist')).toBe('mine\n')
  })

  it('refuses types from which a checksum does not come out again', async () => {
    const tree = fakeTree(['amd64'])
    const collect = tree.collect({ amd64: kernel })
    const lying = await createWhitelists(
      { ...tree.request, names: undefined, allowAbsent: false },
      async (...args) => {
        const all = await collect(...args)
        return all.map((collected) => {
          if (collected.kind === 'failure') return collected
          const { symvers } = collected
          const exports = symvers.exports.map((row) => ({ ...row, crc: row.crc ^ 1 }))
          return { ...collected, symvers: { ...symvers, exports } }
        })
      },
    )
    expect(kinds(lying)).toEqual(['types-differ'])
    expect(existsSync(tree.path('whitelists'))).toBe(false)
  })

  it('can be repeated after it was interrupted between the files', async () => {
    const tree = fakeTree(['amd64'])
    tree.write('whitelists/amd64/symtypes.gz', 'half of an older run')
    expect((await create(tree, { amd64: kernel })).problems).toEqual([])
    const list = { variant: 'amd64', source: { path: tree.path('whitelists/amd64/kabi_whitelist') }, symvers: undefined }
    expect((await checkWhitelist(list)).problems).toEqual([])
  })
})
