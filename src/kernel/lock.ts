import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { Problem } from '../problem/problem.ts'
import { draftOf, removeStaleDrafts, startOf } from '../io/drafts.ts'
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
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? '' } satisfies Holder)
  // A link appears with its content or not at all, unlike a file that is opened and then written.
  await removeStaleDrafts(path)
  const draft = draftOf(path)
  try {
    await writeFile(draft, own)
    if (await linked(draft, path)) return { release: () => rm(path, { force: true }) }
    const holder = await livingHolder(path)
    if (holder) return busy(path, holder)
    return await takeOver(path, draft)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Only who holds the second lock removes a stale first one, so that nobody removes the one that replaced it. */
async function takeOver(path: string, draft: string): Promise<Lock | Problem> {
  const guard = `${path}.takeover`
  if (!(await linked(draft, guard))) {
    const holder = await livingHolder(guard)
    if (holder || !(await setAside(guard, draftOf(path)))) return busy(guard, holder)
    if (!(await linked(draft, guard))) return busy(guard, await livingHolder(guard))
  }
  try {
    const holder = await livingHolder(path)
    if (holder) return busy(path, holder)
    await rm(path, { force: true })
    if (!(await linked(draft, path))) return busy(path, await livingHolder(path))
    return { release: () => rm(path, { force: true }) }
  } finally {
    await rm(guard, { force: true })
  }
}

/**
 * Takes away a lock file whose holder is gone; of several processes that try, one does. False when it was another one by then.
 */
async function setAside(path: string, aside: string): Promise<boolean> {
  try {
    await rename(path, aside)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
  const living = await livingHolder(aside)
  if (living) await linked(aside, path)
  await rm(aside, { force: true })
  return living === undefined
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

/** Undefined when the file is not there, cannot be understood, or names a process that is gone. */
async function livingHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const match = /^\{"pid":(\d+),"started":"(\d*)"\}$/.exec(text)
  if (!match) return undefined
  const holder = { pid: Number(match[1]), started: match[2] ?? '' }
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return undefined
  }
  const now = startOf(holder.pid)
  return now === undefined || now === holder.started ? holder : undefined
}

function busy(path: string, holder: Holder | undefined): Problem {
  const problem = { kind: 'busy', place: { file: path } } as const
  if (holder)
    return { ...problem, message: `another kabi-gate (process ${holder.pid}) is building in this folder` }
  return {
    ...problem,
    message: 'another kabi-gate has just begun, or broke off while it began, to build in this folder',
    advice: 'Run it again; if the message stays and no other runs, remove the file named.',
  }
}
