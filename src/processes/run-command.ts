import type { Problem, Read } from '../problem/problem.ts'
import { run } from './run.ts'
import type { Environment } from './scrubbed-environment.ts'

/** Where and how programs are run. */
export interface Session {
  readonly env: Environment
  readonly signal: AbortSignal
}

/** Last lines of an error output that a problem shows. */
const mostLines = 10

/**
 * Runs a program and gives the lines of its standard output.
 *
 * Problems, with no lines: `missing-tool`, `interrupted`; for any end but exit code 0 one of the kind given.
 */
export async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
  { env, signal }: Session,
  kind: 'download-failed' | 'unreadable' | 'disk-failed' = 'download-failed',
): Promise<Read<readonly string[]>> {
  const stdout: string[] = []
  const stderr: string[] = []
  const ended = await run(
    { program, args, cwd, env },
    {
      signal,
      onLine: (line, stream) => (stream === 'stdout' ? stdout : stderr).push(line),
    },
  )
  if (ended.kind === 'exited' && ended.code === 0) return { value: stdout, problems: [] }
  const what = [program, ...args].join(' ')
  return { value: [], problems: [problemOf()] }

  function problemOf(): Problem {
    switch (ended.kind) {
      case 'interrupted':
        return { kind: 'interrupted', message: `${what} was stopped before it had finished.` }
      case 'not-started':
        return { kind: 'missing-tool', message: `${program} could not be started (${ended.code}).` }
      case 'killed':
        return { kind, message: `${what} was ended from outside by ${ended.signal}.` }
      case 'exited':
        return {
          kind,
          message: `${what} ended with exit code ${ended.code}.`,
          excerpt: stderr.slice(-mostLines),
        }
    }
  }
}
