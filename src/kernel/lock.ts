import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { Problem } from '../abi/problem.ts'
import { errorCode } from '../io/file-problem.ts'

export interface Lock {
  readonly release: () => Promise<void>
}

/** Who holds a lock: a process id alone may soon belong to another process. */
interface Holder {
  readonly pid: number
  /** In clock ticks since the machine started; empty where the system does not tell. */
  readonly started: string
}

/**
 * Makes a lock file that names this process. A file left by a process that is gone is taken over.
 * @returns a `busy` problem when a living process holds it.
 * @throws the system's error when the file cannot be written.
 */
export async function takeLock(path: string): Promise<Lock | Problem> {
  const own = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) } satisfies Holder)
  // A link appears with its content or not at all, unlike a file that is opened and then written.
  const draft = `${path}.${randomUUID()}`
  try {
    await writeFile(draft, own)
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await linked(draft, path)) return { release: () => rm(path, { force: true }) }
      const found = await readFile(path, 'utf8').catch(() => '')
      const holder = parseHolder(found)
      if (holder && (await isAlive(holder))) return busy(path, holder.pid)
      await removeStale(path, found)
    }
    return busy(path, undefined)
  } finally {
    await rm(draft, { force: true })
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Takes the file away under a name of its own first, and puts it back if it was not the stale one after all. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
    if ((await readFile(aside, 'utf8')) !== stale) await linked(aside, path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  } finally {
    await rm(aside, { force: true })
  }
}

function parseHolder(text: string): Holder | undefined {
  const match = /^\{"pid":(\d+),"started":"(\d*)"\}$/.exec(text)
  return match ? { pid: Number(match[1]), started: match[2] ?? '' } : undefined
}

async function isAlive({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false
  }
  const now = await startOf(pid)
  return now === '' || now === started
}

/** Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may itself hold spaces and parentheses. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function busy(path: string, pid: number | undefined): Problem {
  const who = pid === undefined ? 'another kabi-gate' : `another kabi-gate (process ${pid})`
  return { kind: 'busy', message: `${who} is building in this folder`, place: { file: path } }
}
