import { lstat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { renamed } from '../base/base-plan.ts'
import { typesPlaces } from '../baseline/find-stored-types.ts'
import { variantOfFile } from '../baseline/find-whitelists.ts'
import { whitelistFiles } from '../baseline/whitelist-files.ts'
import { openBaseCommit } from '../git/open-commit.ts'
import type { GitSession } from '../git/run-git.ts'
import type { Problem, Read } from '../problem/problem.ts'

/** A whitelist or a folder of whitelists that somebody named. */
interface OpenLists {
  /** Where it can be read. */
  readonly path: string
  /** Names its files as a person knows them, in what was made of them. */
  readonly named: <T>(value: T) => T
  /** Nothing can be read after this. */
  readonly close: () => Promise<void>
}

/**
 * Opens what a command line names: a path, or `REF:PATH` as git-show(1) has it, which is relative to the top of the repository
 * or, where it begins with `./` or `../`, to the folder of the session. What exists under the very name is meant itself.
 *
 * Problems, without a value: those of `openBaseCommit` and of bringing the files.
 */
export async function openLists(name: string, git: GitSession): Promise<Read<OpenLists | undefined>> {
  const path = resolve(git.cwd, name)
  const [, ref, inside] = /^([^:]+):(.*)$/s.exec(name) ?? []
  if (ref === undefined || inside === undefined || (await exists(path))) {
    return { value: { path, named: (value) => value, close: () => Promise.resolve() }, problems: [] }
  }
  const { value: commit, problems } = await openBaseCommit(git.cwd, ref, git)
  if (!commit) return { value: undefined, problems }
  const { top, folder, bring, close } = commit
  const there = join(folder, /^\.\.?(?:\/|$)/.test(inside) ? relative(top, resolve(git.cwd, inside)) : inside)
  const named = <T>(value: T): T => renamed(value, (text) => text.replaceAll(`${folder}/`, `${ref}:`))
  const faults = isOutside(relative(folder, there)) ? [outside(name)] : await bring(filesAt(there))
  if (faults.length === 0) return { value: { path: there, named, close }, problems: [] }
  await close()
  return { value: undefined, problems: named(faults) }
}

/** What stands at a path, and what belongs to it if it is a list. */
function filesAt(path: string): readonly string[] {
  const variant = variantOfFile(path)
  return [
    path,
    whitelistFiles(path).baseline,
    whitelistFiles(path).layouts,
    ...typesPlaces(path).map(({ file }) => file),
    ...(variant === undefined ? [] : [join(dirname(path), `Module.kabi_${variant}`)]),
  ]
}

function isOutside(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path)
}

function outside(name: string): Problem {
  return { kind: 'usage', message: `${name} leads out of the repository.` }
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
