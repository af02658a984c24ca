import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { isError } from '../../src/problem/problem.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import type { collectAll } from '../../src/kernel/collect-all.ts'
import { checkWhitelist } from '../../src/whitelists/check-whitelist.ts'
import { enrichWhitelists, type EnrichRequest } from '../../src/whitelists/enrich-whitelists.ts'
import { commitAll, git } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { fakeTree, kernel, patched, type Dumps, type FakeTree } from './fake-kernel-tree.ts'

/** A list as a distribution keeps it: rows out of order, and no column for namespaces. */
function listOf(dumps: Dumps): string {
  const rows = Object.entries(dumps).flatMap(([object, text]) =>
    [...symtypesChecksums(new TextEncoder().encode(text), object).value].map(
      ([symbol, crc]) => `0x${crc.toString(16).padStart(8, '0')}\t${symbol}\tvmlinux\tEXPORT_SYMBOL\n`,
    ),
  )
  return rows.reverse().join('')
}

function distribution(...variants: readonly string[]): FakeTree {
  const tree = fakeTree(variants)
  for (const variant of variants) tree.write(`whitelists/Module.kabi_${variant}`, listOf(kernel))
  return tree
}

function enrich(
  tree: FakeTree,
  from: EnrichRequest['from'],
  collectVariants?: typeof collectAll,
) {
  return enrichWhitelists({ ...tree.request, workDir: temporaryFolder(), from }, collectVariants)
}

const beside = (tree: FakeTree) => readdirSync(tree.path('whitelists')).sort()
const list = (variant: string) => `whitelists/Module.kabi_${variant}`
const check = (tree: FakeTree, variant: string) =>
  checkWhitelist({ variant, source: { path: tree.path(list(variant)) }, symvers: undefined })

describe('enriching lists from what a build made', () => {
  it('writes types and a baseline beside the list, and leaves the list as it is', async () => {
    const tree = distribution('amd64')
    tree.write('build/lib/a.symtypes', kernel['lib/a.o'] ?? '')
    tree.write('build/lib/b.symtypes', kernel['lib/b.o'] ?? '')
    const before = tree.read(list('amd64'))
    const { value, problems } = await enrich(tree, new Map([['amd64', tree.path('build')]]))
    expect(problems).toEqual([])
    expect(value).toMatchObject([{ variant: 'amd64', typed: 3, untyped: 0 }])
    expect(tree.read(list('amd64'))).toBe(before)
    expect(beside(tree)).toEqual([
      'Module.kabi_amd64',
      'Module.kabi_amd64.baseline.yml',
      'Module.kabi_amd64.symtypes.gz',
    ])
    expect(await check(tree, 'amd64')).toMatchObject({ reproduced: 3, baseline: true, problems: [] })
    const again = await enrich(tree, new Map([['amd64', tree.path('build')]]))
    expect(again.problems).toMatchObject([{ kind: 'unwritable', variant: 'amd64' }])
  })

  it('gives the bytes that a collected kernel would give', async () => {
    const [made, collected] = [distribution('amd64'), distribution('amd64')]
    made.write('build/lib/a.symtypes', kernel['lib/a.o'] ?? '')
    made.write('build/lib/b.symtypes', kernel['lib/b.o'] ?? '')
    await enrich(made, new Map([['amd64', made.path('build')]]))
    commitAll(collected.path())
    await enrich(collected, 'HEAD', collected.collect({ amd64: kernel }))
    const types = (tree: FakeTree) => gunzipSync(readFileSync(tree.path(`${list('amd64')}.symtypes.gz`))).toString()
    expect(types(made)).toBe(types(collected))
  })

  it('records and names the rows that have none', async () => {
    const tree = distribution('amd64')
    tree.write('a.symtypes', kernel['lib/a.o'] ?? '')
    const { value, problems } = await enrich(tree, new Map([['amd64', tree.path('a.symtypes')]]))
    expect(value).toMatchObject([{ typed: 2, untyped: 1 }])
    expect(problems).toMatchObject([
      { kind: 'no-types', message: '1 of 3 protected symbols have no types.', excerpt: ['h'], variant: 'amd64' },
    ])
    expect(tree.read(`${list('amd64')}.baseline.yml`)).toContain('rows-without-types:\n  - h\n')
    expect(await check(tree, 'amd64')).toMatchObject({ reproduced: 2, problems: [] })
  })

  it('writes nothing for any variant where a checksum of one does not come out', async () => {
    const tree = distribution('amd64', 'arm64')
    tree.write('good/lib/a.symtypes', kernel['lib/a.o'] ?? '')
    tree.write('bad/lib/a.symtypes', patched['lib/a.o'] ?? '')
    const from = new Map([
      ['amd64', tree.path('good')],
      ['arm64', tree.path('bad')],
    ])
    const { value, problems } = await enrich(tree, from)
    expect(value).toEqual([])
    expect(problems.filter(isError)).toMatchObject([
      { kind: 'other-types', variant: 'arm64', excerpt: [expect.stringMatching(/^f: 0x.* in the list, 0x.* there$/)] },
    ])
    expect(beside(tree)).toEqual(['Module.kabi_amd64', 'Module.kabi_arm64'])
  })

  it('keeps what a baseline says of the build', async () => {
    const tree = distribution('amd64')
    tree.write(`${list('amd64')}.baseline.yml`, 'version: 1\nvariant: amd64\ncompiler: "gcc 8"\n')
    tree.write('build/lib/a.symtypes', kernel['lib/a.o'] ?? '')
    await enrich(tree, new Map([['amd64', tree.path('build')]]))
    expect(tree.read(`${list('amd64')}.baseline.yml`)).toMatch(/version: 2\n[^]*compiler: "gcc 8"\n[^]*types-digest/)
  })

  it('puts back types that were lost, and refuses a list that is not the recorded one', async () => {
    const tree = distribution('amd64')
    tree.write('build/lib/a.symtypes', kernel['lib/a.o'] ?? '')
    const from = new Map([['amd64', tree.path('build')]])
    await enrich(tree, from)
    const file = tree.path(`${list('amd64')}.symtypes.gz`)
    const types = readFileSync(file)
    rmSync(file)
    expect((await check(tree, 'amd64')).problems).toMatchObject([{ kind: 'types-differ' }])
    expect((await enrich(tree, from)).problems.filter(isError)).toEqual([])
    expect(readFileSync(file)).toEqual(types)
    rmSync(file)
    tree.write(list('amd64'), listOf({ 'lib/a.o': kernel['lib/a.o'] ?? '' }))
    expect((await enrich(tree, from)).problems.filter(isError)).toMatchObject([{ kind: 'list-differs' }])
    expect(existsSync(file)).toBe(false)
  })

  it('refuses a list of names where a row has no types, as nothing could record that', async () => {
    const tree = distribution('amd64')
    tree.write('whitelists/kabi_whitelist_amd64', 'f\ng\nh\n')
    tree.write('a.symtypes', kernel['lib/a.o'] ?? '')
    const from = new Map([['amd64', tree.path('a.symtypes')]])
    expect((await enrich(tree, from)).problems).toMatchObject([{ kind: 'types-differ', excerpt: ['h'] }])
    tree.write('a.symtypes', (kernel['lib/a.o'] ?? '') + 'h s#x h \n')
    expect((await enrich(tree, from)).problems).toEqual([])
    expect(beside(tree)).toEqual(['Module.kabi_amd64', 'kabi_whitelist_amd64', 'kabi_whitelist_amd64.symtypes.gz'])
  })
})

describe('enriching lists from a commit', () => {
  it('collects in a checkout of the commit, and leaves nothing of that', async () => {
    const tree = distribution('amd64')
    tree.write('Makefile', 'VERSION = 6\n')
    const commit = commitAll(tree.path())
    tree.write('Makefile', 'VERSION = 7\n')
    commitAll(tree.path())
    const collect = tree.collect({ amd64: kernel })
    let seen: readonly string[] = []
    const { value, problems } = await enrich(tree, commit, async (collections, options) => {
      const { source = '' } = options
      seen = [source, readFileSync(join(source, 'Makefile'), 'utf8'), git(source, 'rev-parse', 'HEAD')]
      return (await collect(collections, options)).map((one) =>
        one.kind === 'evidence' ? { ...one, how: { ...one.how, source } } : one,
      )
    })
    expect(problems).toEqual([])
    expect(value).toMatchObject([{ variant: 'amd64', typed: 3 }])
    expect(seen.slice(1)).toEqual(['VERSION = 6\n', commit])
    expect(existsSync(seen[0] ?? '')).toBe(false)
    expect(git(tree.path(), 'status', '--porcelain', '--untracked-files=no')).toBe('')
    expect(git(tree.path(), 'worktree', 'list').split('\n')).toHaveLength(1)
    const baseline = tree.read(`${list('amd64')}.baseline.yml`)
    expect(baseline).toContain(`commit: "${commit}"\n`)
    expect(baseline).toMatch(/compiler: "gcc 12"\n[^]*options:\n {2}CONFIG_SMP: y\n/)
    expect(await check(tree, 'amd64')).toMatchObject({ reproduced: 3, problems: [] })
  })

  it('takes a kernel configuration that lies in the tree from the commit', async () => {
    const tree = distribution('amd64')
    tree.write('kabi.yml', 'version: 1\nvariants: { amd64: { arch: x86_64, config: configs/amd64 } }\n')
    tree.write('configs/amd64', 'CONFIG_OLD=y\n')
    const commit = commitAll(tree.path())
    tree.write('configs/amd64', 'CONFIG_NEW=y\n')
    let config = ''
    await enrich(tree, commit, (collections, options) => {
      const from = collections[0]?.variant.config?.from
      config = from?.kind === 'file' ? readFileSync(from.path, 'utf8') : ''
      return tree.collect({ amd64: kernel })(collections, options)
    })
    expect(config).toBe('CONFIG_OLD=y\n')
  })

  it('writes nothing where checksums are others there, and says which', async () => {
    const tree = distribution('amd64')
    commitAll(tree.path())
    const { 'lib/b.o': b = '' } = kernel
    const { value, problems } = await enrich(tree, 'HEAD', tree.collect({ amd64: { 'lib/b.o': b.replace('int a', 'long a') } }))
    expect(value).toEqual([])
    expect(problems).toMatchObject([
      {
        kind: 'other-types',
        message: expect.stringContaining('3 of the 3 checksums of the list are others in the kernel of "HEAD"') as string,
        excerpt: [
          expect.stringMatching(/^h: 0x\w+ in the list, 0x\w+ there$/),
          expect.stringMatching(/^g: 0x\w+ in the list, not exported there$/),
          expect.stringMatching(/^f: /),
        ],
      },
    ])
    expect(beside(tree)).toEqual(['Module.kabi_amd64'])
  })

  it.each([
    ['a commit that is not there', 'v0', /git knows no commit "v0"/],
    ['what looks like an option', '--all', /no name of a commit/],
  ])('refuses %s', async (_, ref, message) => {
    const tree = distribution('amd64')
    commitAll(tree.path())
    const { problems } = await enrich(tree, ref, tree.collect({ amd64: kernel }))
    expect(`${problems[0]?.message} ${problems[0]?.advice}`).toMatch(message)
    expect(beside(tree)).toEqual(['Module.kabi_amd64'])
  })

  it('writes nothing when the kernel cannot be collected', async () => {
    const tree = distribution('amd64')
    commitAll(tree.path())
    const { value, problems } = await enrich(tree, 'HEAD', tree.collect({}))
    expect([value, problems.map(({ kind }) => kind)]).toEqual([[], ['build-failed']])
  })

  it('has nothing to collect of a variant that a build is read of', async () => {
    const tree = distribution('amd64')
    tree.write('kabi.yml', 'version: 1\nvariants: { amd64: { arch: x86_64, symvers: Module.symvers } }\n')
    commitAll(tree.path())
    const { problems } = await enrich(tree, 'HEAD', tree.collect({ amd64: kernel }))
    expect(problems).toMatchObject([{ kind: 'usage', advice: expect.stringContaining('--types amd64=PATH') as string }])
  })
})
