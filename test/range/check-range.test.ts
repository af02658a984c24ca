import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkRange, type RangeRequest } from '../../src/range/check-range.ts'
import type { collectAll } from '../../src/kernel/collect-all.ts'
import { commitAll, git } from '../support/git.ts'
import {
  fakeTree,
  kernel,
  namesOf,
  patched,
  type Dumps,
  type FakeTree,
} from '../whitelists/fake-kernel-tree.ts'

const added: Dumps = { ...patched, 'lib/c.o': 'new int new ( void ) \n' }
const kernels: Readonly<Record<string, Dumps | undefined>> = {
  old: kernel,
  new: patched,
  more: added,
  less: { 'lib/a.o': kernel['lib/a.o'] ?? '' },
}

/** A repository with a commit of each state; the collected kernel is that of the state which is checked out. */
function history(variants: readonly string[], ...states: readonly string[]) {
  const tree = fakeTree(variants)
  const commits = states.map((state) => {
    tree.write('Makefile', `VERSION = 6\n`)
    tree.write('state', state)
    return commitAll(tree.path())
  })
  return { tree, commits }
}

const seen: { readonly state: string; readonly wanted: unknown; readonly config: string | undefined }[] = []

function collectState(tree: FakeTree): typeof collectAll {
  return async (collections, options) => {
    const { source = '' } = options
    const state = readFileSync(join(source, 'state'), 'utf8')
    for (const { wanted, variant } of collections) {
      const from = variant.config?.from
      seen.push({
        state,
        wanted,
        config: from?.kind === 'file' ? readFileSync(from.path, 'utf8') : undefined,
      })
    }
    const dumps = kernels[state]
    const made = Object.fromEntries(
      collections.flatMap(({ variant: { name } }) => (dumps ? [[name, dumps]] : [])),
    )
    return (await tree.collect(made)(collections, options)).map((one) =>
      one.kind === 'evidence' ? { ...one, how: { ...one.how, source } } : one,
    )
  }
}

function check(tree: FakeTree, range: Pick<RangeRequest, 'from' | 'to'>, names?: RangeRequest['names']) {
  seen.length = 0
  const tool = { name: 'kabi-gate', version: '0.0.0' } as const
  return checkRange({ ...tree.request, tool, override: undefined, names, ...range }, collectState(tree))
}

const found = (verdict: Awaited<ReturnType<typeof check>>) =>
  verdict.findings
    .map((one) => `${one.severity} ${one.kind} ${one.family === 'symbol' ? one.symbol : ''}`)
    .sort()

describe('two commits compared with each other', () => {
  it('break what the first exports otherwise, with the cause', async () => {
    const { tree, commits } = history(['amd64'], 'old', 'new')
    const [from = '', to = ''] = commits
    tree.write('state', 'not committed')
    const verdict = await check(tree, { from, to })
    expect(verdict.problems).toEqual([])
    expect(verdict.result).toBe('break')
    expect(found(verdict)).toEqual(['fail changed f', 'fail changed h'])
    expect(verdict.explanation?.causes).toMatchObject([
      { name: 's#x', changes: [{ class: 'field-retyped' }] },
    ])
    expect(verdict.variants).toMatchObject([{ whitelist: from, protected: 3, compared: 3 }])
    expect(seen.map(({ state, wanted }) => [state, wanted])).toEqual([
      ['old', 'all'],
      ['new', 'all'],
    ])
  })

  it('are found by tags and by branches', async () => {
    const { tree } = history(['amd64'], 'old')
    git(tree.path(), 'tag', 'v1')
    tree.write('state', 'new')
    commitAll(tree.path())
    git(tree.path(), 'branch', 'next')
    const verdict = await check(tree, { from: 'v1', to: 'next' })
    expect([verdict.problems, found(verdict)]).toEqual([[], ['fail changed f', 'fail changed h']])
    expect(verdict.variants).toMatchObject([{ whitelist: 'v1' }])
  })

  it('touch neither work tree nor repository, and leave no checkout', async () => {
    const { tree, commits } = history(['amd64'], 'old', 'new')
    tree.write('state', 'not committed')
    await check(tree, { from: commits[0] ?? '', to: 'HEAD' })
    expect(tree.read('state')).toBe('not committed')
    expect(git(tree.path(), 'status', '--porcelain', '--untracked-files=no')).toBe('M state')
    expect(git(tree.path(), 'worktree', 'list').split('\n')).toHaveLength(1)
    expect(existsSync(tree.path('.work/released/tree'))).toBe(false)
  })

  it('tell what is new and what is gone', async () => {
    const { tree, commits } = history(['amd64'], 'old', 'more', 'less')
    const [old = '', more = '', less = ''] = commits
    expect(found(await check(tree, { from: old, to: more }))).toEqual([
      'fail changed f',
      'fail changed h',
      'warn added new',
    ])
    expect(found(await check(tree, { from: old, to: less }))).toEqual(['fail removed h'])
    const same = await check(tree, { from: old, to: old })
    expect([same.result, same.findings]).toEqual(['pass', []])
  })

  it('are compared in the named symbols alone; a name that only the second exports is new', async () => {
    const { tree, commits } = history(['amd64'], 'old', 'more')
    const [from = '', to = ''] = commits
    const verdict = await check(tree, { from, to }, namesOf('g f'))
    expect([found(verdict), verdict.variants[0]?.protected]).toEqual([['fail changed f'], 2])
    expect(seen[0]?.wanted).toEqual(new Set(['g', 'f']))
    const later = await check(tree, { from, to }, namesOf('g new'))
    expect([later.result, later.problems]).toEqual(['pass', []])
  })

  it('refuse a name that neither exports, with the nearest that one does', async () => {
    const { tree, commits } = history(['amd64'], 'old', 'more')
    const [from = '', to = ''] = commits
    const { result, problems } = await check(tree, { from, to }, namesOf('g news'))
    expect(result).toBe('error')
    expect(problems).toMatchObject([{ kind: 'not-exported', excerpt: ['news: did you mean new?'] }])
  })

  it('take a kernel configuration in the tree from each commit', async () => {
    const { tree } = history(['amd64'], 'old')
    tree.write('kabi.yml', 'version: 1\nvariants: { amd64: { arch: x86_64, config: configs/amd64 } }\n')
    tree.write('configs/amd64', 'CONFIG_OLD=y\n')
    const from = commitAll(tree.path())
    tree.write('configs/amd64', 'CONFIG_NEW=y\n')
    const to = commitAll(tree.path())
    expect((await check(tree, { from, to })).result).toBe('pass')
    expect(seen.map(({ config }) => config)).toEqual(['CONFIG_OLD=y\n', 'CONFIG_NEW=y\n'])
  })

  it('compare variants that promise nothing, too, as no list is asked', async () => {
    const { tree, commits } = history(['amd64'], 'old', 'new')
    const reason = 'a developer preview'
    tree.write(
      'kabi.yml',
      `version: 1\nvariants: { rt: { arch: x86_64, config: { targets: [tinyconfig] }, promise: none, reason: ${reason} } }\n`,
    )
    const verdict = await check(tree, { from: commits[0] ?? '', to: commits[1] ?? '' })
    expect(found(verdict)).toEqual(['fail changed f', 'fail changed h'])
  })

  it.each([
    ['the first', 'broken', 'old'],
    ['the second', 'old', 'broken'],
  ])('are an error where %s cannot be collected', async (_, ...states) => {
    const { tree, commits } = history(['amd64'], ...states)
    const { result, problems } = await check(tree, { from: commits[0] ?? '', to: commits[1] ?? '' })
    expect([result, problems.map(({ kind }) => kind)]).toEqual(['error', ['build-failed']])
  })

  it.each([
    ['from', { from: 'v0', to: 'HEAD' }],
    ['to', { from: 'HEAD', to: 'v0' }],
    ['to', { from: 'HEAD', to: '--orphan' }],
  ])('are an error where the commit of --%s is not there', async (_, range) => {
    const { tree } = history(['amd64'], 'old')
    const { result, problems } = await check(tree, range)
    expect([result, problems.map(({ kind }) => kind)]).toEqual(['error', ['usage']])
    expect(existsSync(tree.path('.work/released/tree'))).toBe(false)
  })

  it('are an error for a variant that is read from a finished build', async () => {
    const { tree } = history(['amd64'], 'old')
    tree.write('kabi.yml', 'version: 1\nvariants: { amd64: { arch: x86_64, symvers: Module.symvers } }\n')
    const { result, problems } = await check(tree, { from: 'HEAD', to: 'HEAD' })
    expect([result, problems.map(({ kind }) => kind)]).toEqual(['error', ['usage']])
  })
})
