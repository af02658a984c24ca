import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { kabiYml, released, whitelist, workspace } from '../e2e/workspace.ts'

export const listFile = 'whitelists/x86_64/kabi_whitelist'

export function git(folder: string, ...args: readonly string[]): string {
  const person = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org']
  return execFileSync('git', ['-C', folder, ...person, ...args], { encoding: 'utf8' }).trim()
}

export interface Checkout {
  readonly folder: string
  /** The commit that the patch starts from. */
  readonly base: string
  /** The commit of the patch. */
  readonly patched: string
}

/**
 * A checkout whose newest commit is a patch on top of another.
 * @param patch files as the patch leaves them; undefined ones it takes away
 * @param symvers what the build leaves behind
 */
export function checkout(patch: Readonly<Record<string, string | undefined>>, symvers = released): Checkout {
  const folder = workspace({
    Makefile: 'VERSION = 6\n',
    '.gitignore': 'Module.symvers\n.runner\nevidence\n',
    'kabi.yml': kabiYml,
    [listFile]: whitelist,
  })
  const commit = (message: string): string => {
    git(folder, 'add', '--all')
    git(folder, 'commit', '--quiet', '--allow-empty', '-m', message)
    return git(folder, 'rev-parse', 'HEAD')
  }
  git(folder, 'init', '--quiet')
  const base = commit('base')
  for (const [name, text] of Object.entries(patch)) {
    rmSync(join(folder, name), { force: true, recursive: true })
    if (text === undefined) continue
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const patched = commit('patch')
  writeFileSync(join(folder, 'Module.symvers'), symvers)
  return { folder, base, patched }
}
