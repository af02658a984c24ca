import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Break } from '../../src/judge/break.ts'
import type { collectAll } from '../../src/kernel/collect-all.ts'
import { checkSeries } from '../../src/range/check-series.ts'
import { createWhitelists } from '../../src/whitelists/create-whitelists.ts'
import { commitAll, git } from '../support/git.ts'
import { kernel, namesOf } from '../whitelists/fake-kernel-tree.ts'
import { historyOf, type History } from './made-up-history.ts'

const tool = { name: 'kabi-gate', version: '0.0.0' } as const

/** A history whose work tree has lists of f, g and h; they are not committed. */
async function released(states: readonly string[]): Promise<History> {
  const history = historyOf(states)
  const { tree } = history
  const request = { ...tree.request, names: namesOf('f g h'), allowAbsent: false }
  const made = await createWhitelists(request, tree.collect({ amd64: kernel }))
  expect(made.problems).toEqual([])
  return history
}

interface Asked {
  readonly from?: string
  readonly to?: string
  readonly collect?: typeof collectAll
}

async function series({ tree, seen, collect }: History, asked: Asked = {}) {
  seen.length = 0
  const { from = 'c0', to = 'HEAD' } = asked
  const request = { ...tree.request, tool, override: undefined, from, to }
  const verdict = await checkSeries(request, asked.collect ?? collect)
  expect(existsSync(tree.path('.work/released/tree'))).toBe(false)
  const named = (sign: string, breaks: readonly Break[]) => breaks.map(({ name }) => `${sign}${name}`)
  const deeds = verdict.series?.commits.flatMap(({ commit, introduced, changed, repaired, skipped }) => {
    const what = [...named('+', introduced), ...named('~', changed), ...named('-', repaired)]
    const words = skipped === undefined ? what : [skipped]
    return words.length > 0 ? [[commit.subject.split(':')[0], ...words].join(' ')] : []
  })
  return { verdict, deeds, problems: verdict.problems.map(({ message }) => message) }
}

describe('kabi-gate check --per-commit', () => {
  it('says which commit breaks what and which repairs it, and gives the verdict of the last', async () => {
    const { verdict, deeds, problems } = await series(await released(['', '', 'x', 'gx', 'gx', 'g']))
    expect(problems).toEqual([])
    expect(deeds).toEqual(['2 +s#x', '3 +g', '5 -s#x'])
    expect(verdict.result).toBe('break')
    expect(verdict.findings.map((one) => one.kind)).toEqual(['removed'])
    expect(verdict.series?.base.subject).toBe('0:')
  })

  it('passes where a later commit repairs all, and still says who broke it', async () => {
    const { verdict, deeds } = await series(await released(['', 'x', '']))
    expect(deeds).toEqual(['1 +s#x', '2 -s#x'])
    expect(verdict.result).toBe('pass')
  })

  it('looks at each commit once, in their order, and touches no work tree', async () => {
    const history = await released(['', 'x', 'gx', 'g'])
    await series(history)
    expect(history.seen).toEqual(['', 'x', 'gx', 'g'])
    expect(git(history.tree.path(), 'status', '--porcelain', '--untracked-files=no')).toBe('')
  })

  it('begins where the series parts from the branch that it is for', async () => {
    const history = await released(['', '', 'x'])
    const { tree } = history
    git(tree.path(), 'checkout', '--quiet', '-b', 'topic', 'c1')
    tree.write('state', 'g\ntopic\n')
    commitAll(tree.path(), 'topic: g')
    const { deeds, verdict } = await series(history, { from: 'main' })
    expect(deeds).toEqual(['topic +g'])
    expect(verdict.series?.base.subject).toBe('1:')
  })

  it('says which commits could not be looked at', async () => {
    const { verdict, deeds } = await series(await released(['', '!', 'x', 'x']))
    expect(deeds).toEqual(['1 it does not compile', '2 +s#x'])
    expect(verdict.series?.commits[1]?.doubtful.map(({ subject }) => subject)).toEqual(['1: !'])
    expect(verdict.result).toBe('break')
  })

  it('is an error where the last commit cannot be looked at, with what is known of the others', async () => {
    const { verdict, deeds, problems } = await series(await released(['', 'x', '!']))
    expect(verdict.result).toBe('error')
    expect(problems).toEqual(['it does not compile'])
    expect(deeds).toEqual(['1 +s#x', '2 it does not compile'])
  })

  it('does not go on where the machine keeps it from looking', async () => {
    const history = await released(['', 'x', 'gx'])
    const { verdict, deeds, problems } = await series(history, {
      collect: async (collections, options) => {
        const collected = await history.collect(collections, options)
        if (!readFileSync(`${options.source}/state`, 'utf8').startsWith('x')) return collected
        const problem = { kind: 'missing-tool', message: 'gcc is not there' } as const
        return collections.map(({ variant: { name } }) => ({
          kind: 'failure',
          variant: name,
          problems: [problem],
        }))
      },
    })
    expect(verdict.result).toBe('error')
    expect(deeds).toBeUndefined()
    expect(problems).toEqual([expect.stringMatching(/^[0-9a-f]{12}: gcc is not there$/)])
  })

  it('does not say that the series broke what was broken before it', async () => {
    const { verdict, deeds } = await series(await released(['x', 'x', 'gx']))
    expect(verdict.series?.before.map(({ name }) => name)).toEqual(['s#x'])
    expect(deeds).toEqual(['2 +g'])
  })

  it.each([
    ['the same commit', 'HEAD', 'HEAD', '"HEAD" has no commit that "HEAD" has not.'],
    ['the wrong order', 'HEAD', 'c0', '"c0" has no commit that "HEAD" has not.'],
    ['a commit that is not there', 'nowhere', 'HEAD', expect.stringContaining('nowhere')],
    ['commits without a common ancestor', 'alone', 'HEAD', expect.stringContaining('no common ancestor')],
  ])('refuses %s', async (_, from, to, message) => {
    const history = await released(['', 'x'])
    git(history.tree.path(), 'checkout', '--quiet', '--orphan', 'alone')
    commitAll(history.tree.path(), 'alone')
    git(history.tree.path(), 'checkout', '--quiet', 'main')
    const { verdict, problems } = await series(history, { from, to })
    expect([verdict.result, ...problems]).toEqual(['error', message])
  })
})
