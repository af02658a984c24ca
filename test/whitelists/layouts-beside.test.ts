import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { formatLayouts } from '../../src/abi/layouts/format-layouts.ts'
import type { Layouts } from '../../src/abi/layouts/layout.ts'
import type { collectAll } from '../../src/kernel/collect-all.ts'
import { checkWhitelist } from '../../src/whitelists/check-whitelist.ts'
import { createWhitelists } from '../../src/whitelists/create-whitelists.ts'
import { enrichWhitelists } from '../../src/whitelists/enrich-whitelists.ts'
import { updateWhitelists } from '../../src/whitelists/update-whitelists.ts'
import { hasCompiler } from '../kernel-unit/layouts/layouts-of-c.ts'
import { commitAll } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { fakeTree, kernel, namesOf, patched, type Dumps, type FakeTree } from './fake-kernel-tree.ts'

function layoutsOf(...members: readonly (readonly [string, number])[]): Layouts {
  const value = {
    kind: 'struct' as const,
    size: 16,
    align: 8,
    members: members.map(([name, offset]) => ({ name, offset, type: 's32' })),
  }
  return {
    pointer: 8,
    objects: ['lib/a.o'],
    types: new Map([['s#x', { value, object: 0 }]]),
    symbols: new Map([['f', { value: 's32 (s#x *)', object: 0 }]]),
    unknown: new Map(),
  }
}

const released = layoutsOf(['a', 0])
const moved = layoutsOf(['new', 0], ['a', 32])

/** Kernels that have layouts where these are asked for. */
function collecting(tree: FakeTree, dumps: Dumps, layouts: Layouts | undefined): typeof collectAll {
  const collect = tree.collect({ amd64: dumps })
  return async (collections, options) =>
    (await collect(collections, options)).map((one, at) =>
      one.kind === 'evidence' && collections[at]?.layouts && layouts ? { ...one, layouts } : one,
    )
}

async function created(layouts: Layouts | 'none' = released): Promise<FakeTree> {
  const tree = fakeTree(['amd64'])
  const request = { ...tree.request, names: namesOf('f g'), allowAbsent: false }
  const { problems } = await createWhitelists(request, collecting(tree, kernel, layouts === 'none' ? undefined : layouts))
  expect(problems).toEqual([])
  return tree
}

function update(tree: FakeTree, dumps: Dumps, layouts: Layouts | undefined, accepted: readonly string[] = []) {
  const standard = { names: undefined, allowAbsent: false, dryRun: false }
  return updateWhitelists(
    { ...tree.request, ...standard, accepted: new Set(accepted) },
    collecting(tree, dumps, layouts),
  )
}

const folder = 'whitelists/amd64'
const stored = (tree: FakeTree): string => gunzipSync(readFileSync(tree.path(folder, 'layouts.gz'))).toString()
const kinds = ({ problems }: { readonly problems: readonly { readonly kind: string }[] }) =>
  problems.map(({ kind }) => kind)
const check = (tree: FakeTree) =>
  checkWhitelist({ variant: 'amd64', source: { path: tree.path(folder, 'kabi_whitelist') }, symvers: undefined })

describe('layouts beside a whitelist', () => {
  it('are stored with it, and recorded', async () => {
    const tree = await created()
    expect(readdirSync(tree.path(folder)).sort()).toEqual([
      'baseline.yml',
      'kabi_whitelist',
      'layouts.gz',
      'symtypes.gz',
    ])
    expect(stored(tree)).toBe(formatLayouts(released))
    expect(tree.read(`${folder}/baseline.yml`)).toMatch(/^version: 3\n[^]*^layouts-digest: "[0-9a-f]{64}"\n/m)
    expect(kinds(await check(tree))).toEqual([])
  })

  it('are not recorded where there are none, so that older versions read the baseline', async () => {
    const tree = await created('none')
    expect(existsSync(tree.path(folder, 'layouts.gz'))).toBe(false)
    expect(tree.read(`${folder}/baseline.yml`)).toMatch(/^version: 2\n/m)
  })

  const others = gzipSync(formatLayouts(moved))
  it.each<[string, (path: string) => void, string]>([
    ['are gone', (path) => rmSync(path), 'layouts-differ'],
    ['are others', (path) => writeFileSync(path, others), 'layouts-differ'],
    ['were cut', (path) => writeFileSync(path, gzipSync(formatLayouts(released).slice(0, -9))), 'malformed-line'],
    ['are damaged', (path) => writeFileSync(path, others.subarray(0, 30)), 'unreadable'],
  ])('are noticed when they %s', async (_, change, kind) => {
    const tree = await created()
    change(tree.path(folder, 'layouts.gz'))
    expect(kinds(await check(tree))).toEqual([kind])
  })

  it('are noticed where nothing records them', async () => {
    const tree = await created('none')
    writeFileSync(tree.path(folder, 'layouts.gz'), others)
    expect(kinds(await check(tree))).toEqual(['layouts-differ'])
  })

  it('are renewed with rows that change', async () => {
    const tree = await created()
    const { result, problems } = await update(tree, patched, moved, ['f'])
    expect(result).toBe('updated')
    expect(problems).toMatchObject([
      { kind: 'layouts-moved', excerpt: ['s#x: moved a 0 -> 4'], variant: 'amd64' },
    ])
    expect(stored(tree)).toBe(formatLayouts(moved))
    expect(kinds(await check(tree))).toEqual([])
  })

  it('stay while no row changes, and what moved is told', async () => {
    const tree = await created()
    const outcome = await update(tree, kernel, moved)
    expect(outcome.result).toBe('updated')
    expect(kinds(outcome)).toEqual(['layouts-moved'])
    expect(stored(tree)).toBe(formatLayouts(released))
    expect(kinds(await check(tree))).toEqual([])
  })

  it('keep an update from writing that cannot renew them', async () => {
    const tree = await created()
    const outcome = await update(tree, patched, undefined, ['f'])
    expect(outcome.result).toBe('error')
    expect(outcome.problems).toMatchObject([
      { kind: 'stale-files', place: { file: tree.path(folder, 'layouts.gz') } },
    ])
  })

  it('are not begun by an update', async () => {
    const tree = await created('none')
    expect((await update(tree, patched, moved, ['f'])).result).toBe('updated')
    expect(existsSync(tree.path(folder, 'layouts.gz'))).toBe(false)
  })

  it.skipIf(!hasCompiler('gcc'))('come from a vmlinux, with a list and to one that has types', async () => {
    const tree = fakeTree(['amd64'])
    const vmlinux = tree.path('vmlinux')
    tree.write('v.c', 'struct x { int a; }; int f(struct x *p) { return p->a; }\n')
    execFileSync('gcc', ['-g', '-c', '-o', vmlinux, tree.path('v.c')])
    const request = { ...tree.request, layoutsFrom: new Map([['', vmlinux]]) }
    const names = { names: namesOf('f g'), allowAbsent: false }
    const { value, problems } = await createWhitelists(
      { ...request, ...names },
      // The compiler is not asked.
      collecting(tree, kernel, moved),
    )
    const told = { vmlinux: 'dwarf', types: 1, symbols: 1, unknown: 1 }
    expect([value.map(({ layoutsFrom }) => layoutsFrom), problems]).toEqual([[told], []])
    const text = stored(tree)
    expect(text.split('\n').slice(2)).toEqual([
      'vmlinux dwarf',
      'o vmlinux',
      'v f 0 s32 (s#x *)',
      's#x struct 4 - 0',
      ' a 0 s32',
      '? g vmlinux does not have it',
      'end 8',
      '',
    ])
    expect(kinds(await check(tree))).toEqual([])
    rmSync(tree.path(folder, 'layouts.gz'))
    tree.write(`${folder}/baseline.yml`, tree.read(`${folder}/baseline.yml`).replace(/^layouts-digest.*\n/m, '').replace('version: 3', 'version: 2'))
    const enriched = await enrichWhitelists(request)
    expect(enriched.problems).toEqual([])
    expect(stored(tree)).toBe(text)
    expect(kinds(await check(tree))).toEqual([])
  })

  it.each<[string, readonly (readonly [string, string])[], RegExp]>([
    ['without a variant', [['', 'vmlinux']], /does not say which of the 2 variants/],
    ['of another variant', [['s390x', 'vmlinux']], /names s390x, which is no variant/],
    ['that is not there', [['amd64', 'vmlinux']], /vmlinux" does not exist/],
  ])('are not begun with a vmlinux %s', async (_, given, message) => {
    const tree = fakeTree(['amd64', 'arm64'])
    const layoutsFrom = new Map(given.map(([name, file]) => [name, tree.path(file)]))
    const { problems } = await createWhitelists(
      { ...tree.request, names: namesOf('f g'), allowAbsent: false, layoutsFrom },
      tree.collect({ amd64: kernel, arm64: kernel }),
    )
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message)
    expect(existsSync(tree.path(folder))).toBe(false)
  })

  it('come to a list that has types, from the released commit', async () => {
    const tree = await created('none')
    commitAll(tree.path())
    const before = tree.read(`${folder}/kabi_whitelist`)
    const enrich = () =>
      enrichWhitelists(
        { ...tree.request, workDir: temporaryFolder(), from: 'HEAD' },
        collecting(tree, kernel, released),
      )
    const { problems } = await enrich()
    expect(problems).toEqual([])
    expect(tree.read(`${folder}/kabi_whitelist`)).toBe(before)
    expect(stored(tree)).toBe(formatLayouts(released))
    expect(kinds(await check(tree))).toEqual([])
    expect(kinds(await enrich())).toEqual(['unwritable'])
  })
})
