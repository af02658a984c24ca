import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { lstat, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'

/*
 * Files and folders that get their real name once they are complete. Their names say which process makes them, so that what a
 * process left that was killed can be told from what another is still at, and goes away with the next run.
 */

const draft = /^\.(.+)\.([0-9a-f]{8})-(\d+)-(\d*)-\d+\.(?:tmp|old)$/

let count = 0

/** Where a file or folder is made before it is given its name: beside it, hidden. */
export function draftOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${holder()}.tmp`)
}

/** True for the name of something unfinished, which nobody is to read. */
export function isDraft(name: string): boolean {
  return draft.test(name)
}

/** Removes what processes that are gone left unfinished in place of a file or folder. What cannot be removed stays. */
export async function removeStaleDrafts(path: string): Promise<void> {
  for (const stale of await staleDrafts(path))
    await rm(stale, { recursive: true, force: true }).catch(() => undefined)
}

/** What processes that are gone left unfinished in place of a file or folder. */
export async function staleDrafts(path: string): Promise<readonly string[]> {
  const names = await readdir(dirname(path)).catch(() => [])
  return names
    .filter((name) => draft.exec(name)?.[1] === basename(path) && isStale(name))
    .map((name) => join(dirname(path), name))
}

const temporary = 'kabi-gate'

/**
 * Makes a private folder among the temporary files of the machine, without symbolic links in its path. Those of this user that
 * killed runs left are removed.
 */
export async function temporaryFolder(): Promise<string> {
  // A relative one would be in the kernel tree.
  const folder = isAbsolute(tmpdir()) ? tmpdir() : '/tmp'
  for (const name of await readdir(folder).catch(() => [])) {
    const [, own] = /^kabi-gate(\..*\.tmp)-\w{6}$/.exec(name) ?? []
    if (own === undefined || !isStale(`.${temporary}${own}`)) continue
    const path = join(folder, name)
    const stat = await lstat(path).catch(() => undefined)
    if (stat?.isDirectory() && stat.uid === process.getuid?.()) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined)
    }
  }
  return realpath(await mkdtemp(join(folder, `${temporary}.${holder()}.tmp-`)))
}

function holder(): string {
  return `${machine()}-${process.pid}-${startOf(process.pid) ?? ''}-${count++}`
}

/** A draft of another machine, or of another container on it, may be somebody's who is at work. */
function isStale(name: string): boolean {
  const [, , where, pid = '', started = ''] = draft.exec(name) ?? []
  if (where !== machine() || started === '') return false
  return startOf(Number(pid)) !== started
}

/** Process numbers mean something within one machine and one PID namespace. */
function machine(): string {
  return createHash('sha256').update(`${hostname()} ${namespace()}`).digest('hex').slice(0, 8)
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/**
 * When a process was started, in clock ticks since the machine was: field 22 of /proc/PID/stat (proc(5)), where the name in
 * field 2 may itself hold spaces and parentheses. Undefined when there is no such process, or no /proc.
 */
export function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
