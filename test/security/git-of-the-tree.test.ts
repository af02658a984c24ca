import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { runMain } from '../cli/run-main.ts'
import { patched, released, workspace } from '../support/workspace.ts'
import { writeProgram } from '../kernel-unit/fake-kernel.ts'
import { checkout, listFile } from './checkout.ts'
import { git } from '../support/git.ts'

const check = (cwd: string, ref: string) => runMain(['check', '--baseline-ref', ref], { cwd })

const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

describe('git, when the gate runs it,', () => {
  it('starts no program that the settings of the user name, as an earlier build may have written them', async () => {
    const { folder } = checkout({ '.gitattributes': '*.c filter=evil diff=evil\n', 'a.c': 'int a;\n' })
    writeFileSync(join(folder, 'a.c'), 'int b;\n')
    const home = workspace({})
    const evil = join(home, 'evil')
    const program = join(home, 'program')
    writeProgram(program, `touch ${evil}\ncat\n`)
    writeFileSync(
      join(home, '.gitconfig'),
      `[filter "evil"]\n clean = ${program}\n smudge = ${program}\n[diff "evil"]\n textconv = ${program}\n` +
        `[diff]\n external = ${program}\n[core]\n fsmonitor = ${program}\n hooksPath = ${home}\n pager = ${program}\n`,
    )
    vi.stubEnv('HOME', home)
    const { code } = await check(folder, git(folder, 'rev-parse', 'HEAD^'))
    vi.unstubAllEnvs()
    expect(code).toBe(0)
    expect(existsSync(evil)).toBe(false)
  })

  it('still reads a tree of somebody else that the settings of the user call safe', async () => {
    const { folder, base } = checkout({})
    const home = workspace({ '.gitconfig': `[safe]\n directory = ${folder}\n` })
    vi.stubEnv('HOME', home)
    // As git's own tests do it, where nobody can give files away.
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1')
    const { code } = await check(folder, base)
    vi.unstubAllEnvs()
    expect(code).toBe(0)
  })

  it('takes no commit from an object that stands in for another', async () => {
    const lax = released.replace('0x22222222', '0xdeadbeef')
    const { folder, base } = checkout({ [listFile]: lax }, patched)
    git(folder, 'replace', base, 'HEAD')
    expect((await check(folder, base)).code).toBe(1)
  })
})

describe('a name that stands for two commits', () => {
  it.each([
    ['a tag like a branch of the server', 'origin/main', 'refs/tags/origin/main', 'refs/remotes/origin/main'],
    ['a tag like a branch', 'release', 'refs/tags/release', 'refs/heads/release'],
    ['a branch like one of the server', 'origin/x', 'refs/heads/origin/x', 'refs/remotes/origin/x'],
    ['a branch like HEAD', 'HEAD', 'HEAD', 'refs/heads/HEAD'],
    ['a tag like a server', 'origin', 'refs/tags/origin', 'refs/remotes/origin/HEAD'],
  ])('is refused: %s', async (_, name, one, other) => {
    const { folder, base, patched: head } = checkout({ [listFile]: undefined }, patched)
    if (one !== 'HEAD') git(folder, 'update-ref', one, head)
    git(folder, 'update-ref', other, base)
    for (const ref of [name, `${name}~0`]) {
      const { code, stdout } = await check(folder, ref)
      expect(code).toBe(2)
      expect(oneLine(stdout)).toContain('has more than one meaning here')
      for (const meaning of [one, other]) expect(stdout).toContain(meaning)
    }
    expect((await check(folder, other)).code).toBe(1)
  })

  it('is refused where a branch is named like the beginning of a commit', async () => {
    const { folder, base, patched: head } = checkout({ [listFile]: undefined }, patched)
    git(folder, 'update-ref', `refs/heads/${base.slice(0, 8)}`, head)
    const { code, stdout } = await check(folder, base.slice(0, 8))
    expect(code).toBe(2)
    expect(oneLine(stdout)).toContain(base)
  })

  it('is no matter where both are the same commit', async () => {
    const { folder, base } = checkout({})
    git(folder, 'update-ref', 'refs/heads/v1', base)
    git(folder, 'tag', '-a', '-m', 'v1', 'v1', base)
    expect((await check(folder, 'v1')).code).toBe(0)
  })
})
