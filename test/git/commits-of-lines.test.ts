import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PatchLine } from '../../src/abi/cause.ts'
import { commitsOfLines } from '../../src/git/commits-of-lines.ts'
import { commitAll, git, gitEnvironment } from '../support/git.ts'
import { workspace, writeFiles } from '../support/workspace.ts'

const header = (...fields: readonly string[]) =>
  `struct x {\n${fields.map((one) => `\t${one};\n`).join('')}};\n`
const added = (line: number, field: string, file = 'include/x.h'): PatchLine => ({
  ...{ file, line, kind: 'added', text: `\t${field};` },
})
const removed = (line: number, field: string): PatchLine => ({ ...added(line, field), kind: 'removed' })

/** A history, and who made which line of it. */
function history(...commits: readonly (readonly [string, Readonly<Record<string, string>>])[]) {
  const folder = workspace({ 'include/x.h': header('int a', 'int gone') })
  const base = commitAll(folder, 'release')
  for (const [subject, files] of commits) {
    writeFiles(folder, files)
    commitAll(folder, subject)
  }
  return { folder, base }
}

async function subjects(
  { folder, base }: { folder: string; base: string },
  lines: readonly PatchLine[],
): Promise<readonly (string | undefined)[]> {
  const session = { cwd: folder, env: gitEnvironment, signal: new AbortController().signal }
  const found = await commitsOfLines(session, base, lines)
  return lines.map((line) => found.get(line)?.subject)
}

describe('the commit of a line of the patch', () => {
  const two = () =>
    history(
      ['add b', { 'include/x.h': header('int a', 'int b', 'int gone') }],
      ['drop gone', { 'include/x.h': header('int a', 'int b') }],
      ['add c', { 'include/x.h': header('int c', 'int a', 'int b') }],
    )

  it('is the one that added it, or that removed it', async () => {
    expect(await subjects(two(), [added(2, 'int c'), added(4, 'int b'), removed(5, 'int gone')])).toEqual([
      ...['add c', 'add b', 'drop gone'],
    ])
  })

  it('has its whole name, its subject and the day of its author', async () => {
    const { folder, base } = history([
      'add b "quoted"',
      { 'include/x.h': header('int a', 'int b', 'int gone') },
    ])
    const session = { cwd: folder, env: gitEnvironment, signal: new AbortController().signal }
    const line = added(3, 'int b')
    expect((await commitsOfLines(session, base, [line])).get(line)).toEqual({
      hash: git(folder, 'rev-parse', 'HEAD'),
      subject: 'add b "quoted"',
      date: git(folder, 'log', '-1', '--format=%as'),
    })
  })

  it('is looked for in the work tree: lines that nobody committed have none, and move the others', async () => {
    const { folder, base } = two()
    writeFiles(folder, { 'include/x.h': header('int mine', 'int c', 'int a', 'int b') })
    expect(await subjects({ folder, base }, [added(2, 'int mine'), added(3, 'int c')])).toEqual([
      undefined,
      'add c',
    ])
  })

  it('is unknown for a line of the base, for one that is not there, and for a file that is not there', async () => {
    const lines = [
      added(3, 'int a'),
      added(2, 'int b'),
      added(1, 'x', 'include/none.h'),
      removed(9, 'int never'),
    ]
    expect(await subjects(two(), lines)).toEqual([undefined, undefined, undefined, undefined])
  })

  it('is unknown for a line that two commits removed', async () => {
    const twice = history(
      ['drop', { 'include/x.h': header('int a') }],
      ['again', { 'include/x.h': header('int a', 'int gone') }],
      ['drop once more', { 'include/x.h': header('int a') }],
    )
    expect(await subjects(twice, [removed(3, 'int gone')])).toEqual([undefined])
  })

  it('is that of the merged branch, not the merge', async () => {
    const { folder, base } = history(['main', { 'other.h': 'int o;\n' }])
    git(folder, 'checkout', '--quiet', '-b', 'topic', base)
    writeFiles(folder, { 'include/x.h': header('int a', 'int b', 'int gone') })
    commitAll(folder, 'topic: add b')
    git(folder, 'checkout', '--quiet', 'main')
    git(folder, 'merge', '--quiet', '--no-ff', '-m', 'merge', 'topic')
    expect(await subjects({ folder, base }, [added(3, 'int b')])).toEqual(['topic: add b'])
  })

  it('is unknown in a checkout without history', async () => {
    const { folder, base } = two()
    const shallow = join(workspace({}), 'copy')
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${folder}`, shallow], {
      env: gitEnvironment,
      stdio: 'ignore',
    })
    git(shallow, 'fetch', '--quiet', '--depth=1', 'origin', base)
    const lines = [added(2, 'int c'), added(4, 'int b'), removed(5, 'int gone')]
    expect(await subjects({ folder: shallow, base }, lines)).toEqual([undefined, undefined, undefined])
  })

  it('is found from a kernel tree that lies in a folder of its repository', async () => {
    const folder = workspace({ 'linux/include/x.h': header('int a') })
    const base = commitAll(folder, 'release')
    writeFiles(folder, { 'linux/include/x.h': header('int a', 'int b') })
    commitAll(folder, 'add b')
    expect(await subjects({ folder: join(folder, 'linux'), base }, [added(3, 'int b')])).toEqual(['add b'])
  })

  it('is not led astray by settings of the repository, names of files and texts of lines', async () => {
    const name = '-L1,1 "x" äö.h'
    const { folder, base } = history(['add', { [name]: '--- a\n@@ -1,9 @@\nint b;\n' }])
    git(folder, 'config', 'log.showSignature', 'true')
    git(folder, 'config', 'color.ui', 'always')
    git(folder, 'config', 'diff.external', 'false')
    writeFiles(folder, { [name]: 'int b;\n' })
    commitAll(folder, 'drop')
    const line = (at: number, text: string, kind: PatchLine['kind']): PatchLine => ({
      file: name,
      line: at,
      kind,
      text,
    })
    expect(
      await subjects({ folder, base }, [
        ...[line(1, 'int b;', 'added'), line(1, '--- a', 'removed'), line(1, '@@ -1,9 @@', 'removed')],
      ]),
    ).toEqual(['add', 'drop', 'drop'])
  })
})
