import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { Problem } from '../problem/problem.ts'
import { gitEnvironment } from './git-environment.ts'
import { bringObjects } from './partial-clone.ts'
import { gitArguments, type GitSession } from './run-git.ts'

/** An object of a repository as it is stored: no filter, no hook and no attribute of the tree has a say. */
interface StoredObject {
  /** Its full name, in hexadecimal digits. */
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

/** Reads objects of one repository, one after the other, through one process of git that is started when it is needed. */
export interface ObjectReader {
  /**
   * Gives an object; undefined when the repository has none of that name. Problems: `missing-tool`, `interrupted`, `unreadable`;
   * after one of them the reader gives no more.
   * @param name as gitrevisions(7) has it, in one line
   * @param tooLarge the problem that an object of more than `maxBytes` is
   */
  readonly read: (
    name: string,
    maxBytes: number,
    tooLarge: Problem,
  ) => Promise<StoredObject | undefined | Problem>
  /** Has objects at hand that will be read, by their whole names: see `bringObjects`. */
  readonly bring: (objects: readonly string[]) => Promise<readonly Problem[]>
  readonly close: () => Promise<void>
}

/** Opens the repository of a folder. Format: BATCH OUTPUT of git-cat-file(1). */
export function objectReader(git: GitSession): ObjectReader {
  let batch: ReturnType<typeof startBatch> | undefined
  let last: Promise<unknown> = Promise.resolve()
  return {
    read: (...question) => {
      const answered = last.then(async () => (await (batch ??= startBatch(git))).read(...question))
      last = answered
      return answered
    },
    bring: (objects) => bringObjects(git, objects),
    close: async () => {
      await last
      await (await batch)?.close()
    },
  }
}

/** Answers one question at a time. */
async function startBatch({ cwd, env, signal }: GitSession): Promise<Omit<ObjectReader, 'bring'>> {
  const child = spawn('git', [...gitArguments, 'cat-file', '--batch'], {
    cwd,
    env: await gitEnvironment(env),
    signal,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = endOf(child)
  const output = takeFrom(child.stdout)
  let failed: Problem | undefined
  const fail = async (problem?: Problem): Promise<Problem> => {
    child.kill()
    // A program counts as closed when its output was read to the end or given up.
    child.stdout.destroy()
    const { code, stderr } = await ended
    failed ??= signal.aborted
      ? { kind: 'interrupted', message: 'git cat-file was stopped before it had finished' }
      : code === 'ENOENT'
        ? { kind: 'missing-tool', message: 'git could not be started (ENOENT).' }
        : (problem ?? incomplete(stderr))
    return failed
  }
  const read: ObjectReader['read'] = async (name, maxBytes, tooLarge) => {
    if (failed) return failed
    child.stdin.write(`${name}\n`)
    const header = (await output.line())?.toString('latin1')
    if (header === undefined) return fail()
    if (header.endsWith(' missing')) return undefined
    const [, object, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(header) ?? []
    if (object === undefined || type === undefined)
      return fail({ kind: 'unreadable', message: 'git cat-file gave no object.' })
    if (Number(size) > maxBytes) return fail(tooLarge)
    const bytes = await output.bytes(Number(size) + 1)
    if (bytes?.at(-1) !== 10) return fail()
    return { name: object, type, bytes: bytes.subarray(0, -1) }
  }
  return {
    read,
    close: async () => {
      child.stdin.end()
      await ended
    },
  }
}

function incomplete(stderr: string): Problem {
  const message = 'git cat-file did not give every file.'
  const excerpt = stderr.split('\n').filter((line) => line !== '')
  return { kind: 'unreadable', message, ...(excerpt.length > 0 ? { excerpt: excerpt.slice(0, 5) } : {}) }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** How a program ended: the system's code when it could not be started, and the beginning of its error output. */
function endOf(child: Child): Promise<{ readonly code?: string; readonly stderr: string }> {
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < 4096) stderr += text
  })
  // What git does not read when it fails is no second failure.
  child.stdin.on('error', () => undefined)
  return new Promise((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ code: error.code, stderr })
    })
    child.on('close', () => resolve({ stderr }))
  })
}

/** Takes lines and numbers of bytes from a stream; undefined when it ends before. */
function takeFrom(stream: Readable): {
  readonly line: () => Promise<Buffer | undefined>
  readonly bytes: (count: number) => Promise<Buffer | undefined>
} {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest: Buffer = Buffer.alloc(0)
  const next = async (): Promise<Buffer | undefined> => {
    try {
      const chunk = await chunks.next()
      return chunk.done ? undefined : chunk.value
    } catch {
      return undefined
    }
  }
  const bytes = async (count: number): Promise<Buffer | undefined> => {
    const parts = [rest]
    let length = rest.length
    while (length < count) {
      const chunk = await next()
      if (!chunk) return undefined
      parts.push(chunk)
      length += chunk.length
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts)
    rest = all.subarray(count)
    return all.subarray(0, count)
  }
  const line = async (): Promise<Buffer | undefined> => {
    for (;;) {
      const end = rest.indexOf(10)
      if (end >= 0) return (await bytes(end + 1))?.subarray(0, -1)
      const chunk = await next()
      if (!chunk) return undefined
      rest = Buffer.concat([rest, chunk])
    }
  }
  return { line, bytes }
}
