import { spawn } from 'node:child_process'

/** What a step's program said and how it ended; `code` is null when a signal ended it. */
export interface Ended {
  readonly code: number | null
  readonly output: string
}

/** How long a program may take to heed a signal before the next, harder one, in milliseconds; the runner's own figures. */
const patience = { interrupt: 7_500, terminate: 2_500 }

/**
 * Runs the program of a step. When the signal aborts, it gets SIGINT, then SIGTERM, then its whole process group SIGKILL.
 */
export function runProgram(
  command: readonly [string, ...string[]],
  {
    cwd,
    env,
    signal,
  }: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<Ended> {
  const [program, ...args] = command
  return new Promise((settle, fail) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const timers: NodeJS.Timeout[] = []
    const killGroup = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended.
      }
    }
    const cancel = () => {
      child.kill('SIGINT')
      timers.push(setTimeout(() => child.kill('SIGTERM'), patience.interrupt))
      timers.push(setTimeout(killGroup, patience.interrupt + patience.terminate))
    }
    if (signal.aborted) cancel()
    else signal.addEventListener('abort', cancel, { once: true })
    const end = () => {
      signal.removeEventListener('abort', cancel)
      for (const timer of timers) clearTimeout(timer)
      killGroup()
    }
    child.on('error', (error) => {
      end()
      fail(error)
    })
    // What a program leaves behind may hold its output open: it is ended with the step.
    child.on('exit', killGroup)
    child.on('close', (code) => {
      end()
      settle({ code, output })
    })
  })
}
