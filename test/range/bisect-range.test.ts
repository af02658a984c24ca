import fc from 'fast-check'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Sought } from '../../src/gate/bisect.ts'
import type { collectAll } from '../../src/kernel/collect-all.ts'
import { bisectRange } from '../../src/range/bisect-range.ts'
import { commitAll, git } from '../support/git.ts'
import { historyOf, type History } from './made-up-history.ts'

interface Asked {
  readonly good?: string
  readonly bad?: string
  readonly sought?: Sought
  readonly firstParent?: boolean
  readonly collect?: typeof collectAll
}

async function bisect({ tree, seen, collect }: History, asked: Asked = {}) {
  seen.length = 0
  const { good = 'c0', bad = 'HEAD', sought = { kind: 'any' }, firstParent = false } = asked
  const tool = { name: 'kabi-gate', version: '0.0.0' } as const
  const request = { ...tree.request, tool, override: undefined, good, bad, sought, firstParent }
  const { value, problems } = await bisectRange(request, asked.collect ?? collect)
  const found = value?.breaks.map(({ broken, commits }) => [
    broken.name,
    ...commits.map(({ subject }) => subject.split(':')[0] ?? ''),
  ])
  expect(existsSync(tree.path('.work/released/tree'))).toBe(false)
  return { found, problems, skipped: value?.skipped, looked: value?.looked }
}

describe('kabi-gate bisect', () => {
  it('finds the commit of each break in one walk, and looks at few of them', async () => {
    const states = Array.from({ length: 40 }, (_, at) => (at < 9 ? '' : at < 27 ? 'x' : 'gx'))
    const history = historyOf(states)
    const { found, problems, looked } = await bisect(history)
    expect(problems).toEqual([])
    expect(found).toEqual([
      ['s#x', '9'],
      ['g', '27'],
    ])
    // Six halvings for each, the first of them shared, and the last commit.
    expect(looked).toBeLessThanOrEqual(12)
    expect(git(history.tree.path(), 'status', '--porcelain', '--untracked-files=no')).toBe('')
  })

  it('asks commits between by the symbols of as few objects as tell, and by all where these are gone', async () => {
    const history = historyOf(['', '', 'f', 'f', 'fx', 'x', 'x', 'x'])
    const asked: string[] = []
    const collect: typeof collectAll = (collections, options) => {
      const [state] = readFileSync(join(options.source ?? '', 'state'), 'utf8').split('\n')
      for (const { wanted } of collections)
        asked.push(`${state ?? ''}: ${wanted === 'all' ? wanted : [...wanted].join()}`)
      return history.collect(collections, options)
    }
    expect((await bisect(history, { collect })).found).toEqual([['s#x', '4']])
    const [good, bad, ...between] = asked
    expect([good, bad]).toEqual([': all', 'x: f,g,h'])
    // Which of two commits that halve alike git takes is a matter of their hashes.
    const states = between.flatMap((one) => (one.endsWith(': f') ? [one.slice(0, -': f'.length)] : []))
    expect(states).toContain('fx')
    expect(states).toContain('f')
    expect(between).toEqual(
      states.flatMap((state) => (state.includes('f') ? [`${state}: f`, `${state}: h`] : [`${state}: f`])),
    )
  })

  it.each<[string, Sought, readonly (readonly string[])[]]>([
    ['a type', { kind: 'type', names: ['s#x'] }, [['s#x', '1']]],
    ['a symbol that is gone', { kind: 'symbol', symbol: 'g' }, [['g', '2']]],
    ['a symbol whose checksum changed', { kind: 'symbol', symbol: 'f' }, [['s#x', '1']]],
    ['a type that did not change', { kind: 'type', names: ['s#y'] }, []],
  ])('finds only what was asked for: %s', async (_, sought, expected) => {
    expect((await bisect(historyOf(['', 'x', 'gx']), { sought })).found).toEqual(expected)
  })

  it('skips commits that do not compile, and tells between which the break is', async () => {
    const { found, skipped } = await bisect(historyOf(['', '', '!', '!x', 'x', 'x']))
    expect(found).toEqual([['s#x', '4', ...['3', '2']]].map((row) => expect.arrayContaining(row) as unknown))
    expect(skipped?.map(({ why }) => why)).toEqual(['it does not compile', 'it does not compile'])
    const past = await bisect(historyOf(['', '!', '', 'x', '!x', 'x']))
    expect(past.found).toEqual([['s#x', '3']])
  })

  it('does not take a commit for good in which every symbol that could tell is gone', async () => {
    const bothGone = historyOf(['', 'fh', 'x'])
    bothGone.tree.write('note', '1')
    const gone = historyOf(['', 'gh', 'ghx', 'x'])
    expect((await bisect(gone, { sought: { kind: 'type', names: ['s#x'] } })).found).toEqual([['s#x', '2']])
  })

  it('goes into merged branches, and takes a merge for what it brings when asked for first parents', async () => {
    const history = historyOf(['', ''])
    const { tree } = history
    const commit = (state: string, subject: string) => {
      tree.write('state', `${state}\n${subject}\n`)
      commitAll(tree.path(), `${subject}: ${state}`)
    }
    git(tree.path(), 'checkout', '--quiet', '-b', 'topic', 'c0')
    for (const [state, name] of [
      ['', 't1'],
      ['x', 't2'],
      ['x', 't3'],
    ] as const)
      commit(state, name)
    git(tree.path(), 'checkout', '--quiet', 'main')
    git(tree.path(), 'merge', '--quiet', '--no-ff', '-s', 'ours', '-m', 'merge: topic', 'topic')
    tree.write('state', 'x\nmerge\n')
    git(tree.path(), 'commit', '--quiet', '-a', '--amend', '-m', 'merge: topic')
    commit('x', 'after')
    expect((await bisect(history)).found).toEqual([['s#x', 't2']])
    expect((await bisect(history, { firstParent: true })).found).toEqual([['s#x', 'merge']])
  })

  it('goes on where it was interrupted, and says the same', async () => {
    const states = ['', '', '', '', 'x', 'x', 'gx', 'gx', 'gx', 'gx']
    const whole = await bisect(historyOf(states))
    for (let stop = 2; stop < 6; stop++) {
      const history = historyOf(states)
      let calls = 0
      const interrupted = await bisect(history, {
        collect: (collections, options) => {
          if (++calls <= stop) return history.collect(collections, options)
          const problem = { kind: 'interrupted', message: 'ended by a signal' } as const
          return Promise.resolve(
            collections.map(({ variant: { name } }) => ({
              kind: 'failure',
              variant: name,
              problems: [problem],
            })),
          )
        },
      })
      expect(interrupted.problems.map(({ kind }) => kind)).toEqual(['interrupted'])
      const before = history.seen.length
      const resumed = await bisect(history)
      expect(resumed.found).toEqual(whole.found)
      // The ends are looked at again, what lies between is not.
      expect(history.seen.length - 2 + before - 2).toBe((resumed.looked ?? 0) - 1)
    }
  })

  it('asks only for the symbols of a whitelist, where there is one, or for the one that was named', async () => {
    const history = historyOf(['', 'x', 'gx'])
    history.tree.write('whitelists/amd64/kabi_whitelist', 'f\ng\n')
    const wanted: unknown[] = []
    const collect: typeof collectAll = (collections, options) => {
      wanted.push(...collections.map((one) => (one.wanted === 'all' ? 'all' : [...one.wanted].join())))
      return history.collect(collections, options)
    }
    const { found, problems } = await bisect(history, { collect })
    expect(problems).toEqual([])
    expect(found).toEqual([
      ['s#x', '1'],
      ['g', '2'],
    ])
    expect(wanted.slice(0, 2)).toEqual(['f,g', 'f,g'])
    wanted.length = 0
    await bisect(history, { collect, sought: { kind: 'symbol', symbol: 'h' } })
    expect(wanted.slice(0, 2)).toEqual(['h', 'h'])
    history.tree.write('whitelists/amd64/kabi_whitelist', '0x00000011 f vmlinux EXPORT_SYMBOL\n0xzz\n')
    expect((await bisect(history)).problems.map(({ variant }) => variant)).toContain('amd64')
  })

  it.each(['configDigest', 'compiler'] as const)(
    'counts what was seen with another %s for nothing',
    async (key) => {
      const history = historyOf(['', '', '', 'x', 'x', 'x', 'x', 'x'])
      await bisect(history)
      const looks = history.seen.length
      await bisect(history)
      expect(history.seen).toHaveLength(2)
      const collect: typeof collectAll = async (collections, options) =>
        (await history.collect(collections, options)).map((one) =>
          one.kind === 'evidence' ? { ...one, how: { ...one.how, [key]: 'another' } } : one,
        )
      await bisect(history, { collect })
      expect(history.seen).toHaveLength(looks)
    },
  )

  it('looks again at commits that were skipped: it may have been the machine', async () => {
    const history = historyOf(['', '', '!', '!x', 'x', 'x'])
    const first = await bisect(history)
    const again = await bisect(history)
    expect(again).toEqual(first)
    expect(history.seen.filter((state) => state.startsWith('!'))).toHaveLength(2)
  })

  it('counts a damaged memory, and one of another question, for nothing', async () => {
    const history = historyOf(['', 'x', 'x', 'gx'])
    const file = history.tree.path('.work/released/bisection')
    const first = await bisect(history)
    const text = readFileSync(file, 'utf8')
    const [key = '', body = '', digest = ''] = text.split('\n')
    const edited = body.replaceAll('"kind":"intact"', '"kind":"broken"')
    expect(edited).not.toBe(body)
    for (const damaged of [
      text.slice(0, -20),
      '',
      `other\n${body}\n${digest}\n`,
      `${key}\n${edited}\n${digest}\n`,
      `${key}\n[[]]\n${digest}\n`,
      `${key}\n${body}\n`,
    ]) {
      writeFileSync(file, damaged)
      expect(await bisect(history)).toEqual(first)
    }
  })

  it.each<[string, Asked, RegExp]>([
    ['a good commit behind the bad one', { good: 'c2', bad: 'c0' }, /does not come after/],
    ['one commit twice', { good: 'c1', bad: 'c1' }, /does not come after/],
    ['a commit that is not there', { bad: 'nowhere' }, /nowhere/],
    [
      'a symbol that the good commit does not export',
      { sought: { kind: 'symbol', symbol: 'nope' } },
      /"nope" is not exported/,
    ],
  ])('refuses %s', async (_, asked, message) => {
    const { found, problems } = await bisect(historyOf(['', 'x', 'x']), asked)
    expect(found).toBeUndefined()
    expect(problems.map((one) => one.message).join()).toMatch(message)
  })

  it('is an error where one of the ends does not compile', async () => {
    for (const states of [
      ['!', 'x'],
      ['', '!'],
    ]) {
      const { found, problems } = await bisect(historyOf(states))
      expect([found, problems.map(({ kind }) => kind)]).toEqual([undefined, ['build-failed']])
    }
  })

  it('finds the first bad commit of any history in which a break stays', { timeout: 300_000 }, async () => {
    const someHistory = fc.record({
      length: fc.integer({ min: 2, max: 9 }),
      x: fc.nat(9),
      g: fc.nat(9),
    })
    await fc.assert(
      fc.asyncProperty(someHistory, async ({ length, x, g }) => {
        const states = Array.from(
          { length },
          (_, at) => `${at > 0 && at >= x ? 'x' : ''}${at > 0 && at >= g ? 'g' : ''}`,
        )
        const { found } = await bisect(historyOf(states))
        const first = (letter: string) => states.findIndex((state) => state.includes(letter))
        expect(new Map(found?.map(([name, at]) => [name, Number(at)]))).toEqual(
          new Map([
            ...(first('x') > 0 ? [['s#x', first('x')] as const] : []),
            ...(first('g') > 0 ? [['g', first('g')] as const] : []),
          ]),
        )
      }),
      { numRuns: 12 },
    )
  })
})
