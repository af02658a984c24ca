import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { endGroup, signalGroup } from './end-group.ts'
import { guardPrograms, runMark } from './leftovers.ts'
import { lineSplitter } from './line-splitter.ts'
import { findProgram } from './find-program.ts'
import { ownProcesses } from './own-processes.ts'
import type { Environment } from './scrubbed-environment.ts'

/** A program with its arguments; no shell reads them. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Environment
  /** Set for what the kernel tree has a say in: it gets processes of its own where the machine allows that. */
  readonly untrusted?: true
}

export type Stream = 'stdout' | 'stderr'

export interface RunOptions {
  /** Ends the program and everything it started. */
  readonly signal: AbortSignal
  /** Takes each line of output; an error thrown in it ends the program and is thrown on by `run`. */
  readonly onLine: (line: string, stream: Stream) => void
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs?: number
}

/** How a program ended. `forced`: SIGKILL was needed for it or a child, so files may be half written. */
export type Ended =
  | { readonly kind: 'exited'; readonly code: number; readonly forced: boolean }
  /** By a signal that did not come from here. */
  | { readonly kind: 'killed'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'interrupted'; readonly forced: boolean }
  /** `code` is the system's, such as ENOENT. */
  | { readonly kind: 'not-started'; readonly code: string }

type Child = ChildProcessByStdio<null, Readable, Readable>

/**
 * Runs a program in a process group of its own, with no standard input, and waits until the whole group is gone. When
 * this process dies suddenly, a shell that waits for that ends what it had started.
 */
export async function run(command: Command, options: RunOptions): Promise<Ended> {
  if (options.signal.aborted) return { kind: 'interrupted', forced: false }
  const { signal, onLine, graceMs = 5_000 } = options
  const { cwd, env, untrusted } = command
  guardPrograms()
  const apart = untrusted && (await isThere(command)) ? await ownProcesses() : []
  const [program = '', ...args] = [...apart, command.program, ...command.args]
  const child = spawn(program, args, {
    cwd,
    env: { ...env, ...runMark() },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { pid } = child
  let ending: Promise<boolean> | undefined
  const stop = (): Promise<boolean> => (ending ??= pid ? endGroup(pid, graceMs) : Promise.resolve(false))
  const onAbort = (): void => void stop()
  const onParentExit = (): void => {
    if (pid) signalGroup(pid, 'SIGKILL')
  }
  signal.addEventListener('abort', onAbort, { once: true })
  process.once('exit', onParentExit)
  try {
    const output = pid ? readOutput(child, onLine, onAbort) : undefined
    const exit = await exitOf(child)
    const forced = await stop()
    if (exit.kind === 'not-started') return exit
    await output?.drained()
    if (exit.code !== 0 && signal.aborted) return { kind: 'interrupted', forced }
    const by = exit.signal ?? (apart.length > 0 ? signalOf(exit.code) : undefined)
    return by ? { kind: 'killed', signal: by } : { kind: 'exited', code: exit.code, forced }
  } finally {
    signal.removeEventListener('abort', onAbort)
    process.removeListener('exit', onParentExit)
  }
}

/** What is not there is not put behind other words, which would say so on standard error only. */
async function isThere({ program, cwd, env }: Command): Promise<boolean> {
  const place = program.includes('/') ? resolve(cwd, program) : program
  return (await findProgram(place, env['PATH'] ?? '')) !== undefined
}

/** The signal that a shell tells by its exit code. */
function signalOf(code: number): NodeJS.Signals | undefined {
  const found = Object.entries(constants.signals).find(([, number]) => number === code - 128)
  return found?.[0] as NodeJS.Signals | undefined
}

type Exit =
  | { readonly kind: 'ended'; readonly code: number; readonly signal: NodeJS.Signals | null }
  | { readonly kind: 'not-started'; readonly code: string }

function exitOf(child: Child): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'not-started', code: error.code ?? error.message }),
    )
    child.once('exit', (code, signal) => resolve({ kind: 'ended', code: code ?? -1, signal }))
  })
}

/** A daemon may keep the pipe open after its starter has ended; it is left alone when it is silent for this long. */
const idleMs = 1_000

function readOutput(child: Child, onLine: RunOptions['onLine'], onFailure: () => void) {
  const failures: unknown[] = []
  const guarded = (work: () => void): void => {
    if (failures.length > 0) return
    try {
      work()
    } catch (error) {
      failures.push(error)
      onFailure()
    }
  }
  let chunks = 0
  const finishers: (() => void)[] = []
  for (const stream of ['stdout', 'stderr'] as const) {
    const splitter = lineSplitter((line) => onLine(line, stream))
    child[stream].on('data', (chunk: Buffer) => {
      chunks++
      guarded(() => splitter.push(chunk))
    })
    child[stream].on('error', (error) => guarded(() => fail(error)))
    finishers.push(() => guarded(() => splitter.end()))
  }
  const closed = new Promise<'closed'>((resolve) => child.once('close', () => resolve('closed')))
  /** Waits for the rest of the output. @throws what `onLine` threw. */
  const drained = async (): Promise<void> => {
    let seen
    do {
      seen = chunks
      // The pipe keeps the process waiting as long as it is open, so the timer need not.
      const idle = delay(idleMs, 'idle', { ref: false })
      if ((await Promise.race([closed, idle])) === 'closed') break
    } while (seen !== chunks)
    child.stdout.destroy()
    child.stderr.destroy()
    for (const finish of finishers) finish()
    if (failures.length > 0) throw failures[0]
  }
  return { drained }
}

function fail(error: Error): never {
  throw error
}
