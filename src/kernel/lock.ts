import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
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
  if (!(await linked(draft, guard))) return busy(guard, await livingHolder(guard))
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
  const now = await startOf(holder.pid)
  return now === '' || now === holder.started ? holder : undefined
}

/** Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may itself hold spaces and parentheses. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
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
