import fc from 'fast-check'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSearch } from '../../src/range/search.ts'
import { scrubbedEnvironment } from '../../src/processes/scrubbed-environment.ts'
import { commitAll, git } from '../support/git.ts'
import { writeFiles } from '../support/write-files.ts'

/** Twelve commits after the first, two of them on a branch that the ninth merges. */
let folder = ''
let commits: readonly string[] = []

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'kabi-gate-test-')))
  writeFiles(folder, { file: '0' })
  commitAll(folder, '0')
  const one = (name: string) => {
    writeFiles(folder, { [name]: name })
    commitAll(folder, name)
  }
  for (const name of ['1', '2', '3']) one(name)
  git(folder, 'checkout', '--quiet', '-b', 'side')
  for (const name of ['4', '5']) one(name)
  git(folder, 'checkout', '--quiet', '-')
  for (const name of ['6', '7', '8']) one(name)
  git(folder, 'merge', '--quiet', '--no-ff', '-m', 'merge', 'side')
  for (const name of ['10', '11', '12']) one(name)
  commits = git(folder, 'rev-list', '--reverse', '--topo-order', 'HEAD').split('\n')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function search(culprit: string, suspects: readonly string[], skipped: readonly string[] = []) {
  const [good = ''] = commits
  const session = { cwd: folder, env: scrubbedEnvironment(process.env), signal: new AbortController().signal }
  const between = { git: session, good, bad: commits.at(-1) ?? '', firstParent: false }
  const broken = new Set(git(folder, 'rev-list', '--ancestry-path', `${culprit}..HEAD`).split('\n')).add(
    culprit,
  )
  const found = openSearch(between, suspects)
  const looked: string[] = []
  for (;;) {
    const next = await found.next()
    if (next.kind === 'stuck') throw new Error(next.problem.message)
    if (next.kind === 'found') return { commits: next.commits, looked }
    looked.push(next.commit)
    const kind = skipped.includes(next.commit) ? 'skipped' : broken.has(next.commit) ? 'broken' : 'intact'
    found.learn(
      next.commit,
      kind === 'broken'
        ? { kind, as: { kind: 'symbol', finding: 'removed', name: 'f', symbols: ['f'], lines: [] } }
        : kind === 'skipped'
          ? { kind, why: '' }
          : { kind },
    )
  }
}

describe('the search for one commit', () => {
  it('proves a right suspicion by a look at the commit and one at each that it came after', async () => {
    for (const culprit of commits.slice(2)) {
      const { commits: found, looked } = await search(culprit, [culprit])
      expect(found).toEqual([culprit])
      const parents = git(folder, 'rev-parse', `${culprit}^@`).split('\n')
      expect(parents).toEqual(expect.arrayContaining(looked.slice(culprit === commits.at(-1) ? 0 : 1)))
    }
  })

  it('finds the commit whoever is suspected', async () => {
    const any = fc.integer({ min: 1, max: 12 })
    const asked = fc.tuple(any, fc.array(any, { maxLength: 3 }))
    await fc.assert(
      fc.asyncProperty(asked, async ([culprit, suspects]) => {
        const names = suspects.map((at) => commits[at] ?? '')
        const { commits: found, looked } = await search(commits[culprit] ?? '', names)
        expect(found).toEqual([commits[culprit]])
        expect(new Set(looked).size).toBe(looked.length)
      }),
      { numRuns: 30 },
    )
  })

  it('tells between which commits it is when what a suspect came after cannot be looked at', async () => {
    const [culprit = '', before = ''] = [commits[12], commits[11]]
    const { commits: found } = await search(culprit, [culprit], [before])
    expect(found).toEqual([culprit, before])
  })
})
