import { execFileSync } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fileLister } from '../../src/git/list-files.ts'
import { objectReader, type ObjectReader } from '../../src/git/object-reader.ts'
import { checkoutOf, git, gitEnvironment } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const tooLarge = { kind: 'unreadable', message: 'too large' } as const

function readerOf(cwd: string): ObjectReader {
  const reader = objectReader({ cwd, env: gitEnvironment, signal: new AbortController().signal })
  onTestFinished(() => reader.close())
  return reader
}

describe('reading objects of a repository', () => {
  const files = { a: 'first\n', 'b/c': 'x'.repeat(200_000), 'b/d': '' }

  it('gives each as it is stored, also when asked for many at once, and nothing for one that is not there', async () => {
    const { folder, commit } = checkoutOf(files)
    const reader = readerOf(folder)
    const names = [`${commit}:a`, `${commit}:b/c`, `${commit}:no`, `${commit}:b/d`]
    const read = await Promise.all(names.map((name) => reader.read(name, 1_000_000, tooLarge)))
    expect(read.map((one) => (one && 'bytes' in one ? one.bytes.toString() : one))).toEqual([
      files.a,
      files['b/c'],
      undefined,
      '',
    ])
  })

  it('refuses one that is too large, and gives no more after that', async () => {
    const { folder, commit } = checkoutOf(files)
    const reader = readerOf(folder)
    expect(await reader.read(`${commit}:b/c`, 199_999, tooLarge)).toBe(tooLarge)
    expect(await reader.read(`${commit}:a`, 1_000_000, tooLarge)).toBe(tooLarge)
  })

  it('says what git says outside of a repository', async () => {
    expect(await readerOf(temporaryFolder()).read('HEAD', 1000, tooLarge)).toMatchObject({
      kind: 'unreadable',
      excerpt: [expect.stringContaining('not a git repository')],
    })
  })
})

it.each(['..', '.', 'a/b', '\xff'])('a folder with a file of the name %j is refused', async (name) => {
  const { folder, commit } = checkoutOf({ a: 'first\n' })
  const blob = Buffer.from(git(folder, 'rev-parse', `${commit}:a`), 'hex')
  const input = Buffer.concat([Buffer.from(`100644 ${name}\0`, 'latin1'), blob])
  const args = ['-C', folder, 'hash-object', '-t', 'tree', '-w', '--stdin', '--literally']
  const tree = execFileSync('git', args, { input, encoding: 'utf8', env: gitEnvironment }).trim()
  const made = git(folder, 'commit-tree', '-m', 'odd', tree)
  const { value, problems } = await fileLister(readerOf(folder), made, 'the base commit')([''], 100)
  expect(value).toEqual([])
  expect(problems).toMatchObject([{ kind: 'unreadable' }])
})
