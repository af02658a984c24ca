import type { Problem, Read } from '../problem/problem.ts'
import { run } from '../processes/run.ts'
import type { Environment } from '../processes/scrubbed-environment.ts'
import { gitEnvironment } from './git-environment.ts'

/** Where and how git is run. */
export interface GitSession {
  readonly cwd: string
  readonly env: Environment
  readonly signal: AbortSignal
}

/**
 * What every call of git begins with: it reads and writes nothing beside, and starts neither a file monitor nor a hook that the
 * settings of the tree name.
 */
export const gitArguments = [
  '--no-pager',
  '--no-optional-locks',
  '--no-replace-objects',
  ...['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.attributesFile=/dev/null'],
]

/** Last lines of an error output that a problem shows. */
const mostLines = 5

/**
 * Runs git in a tree, writing nothing into it, and gives the lines of its standard output.
 *
 * Problems, with no lines: `missing-tool`, `interrupted`, `unreadable` for any end but exit code 0.
 */
export async function runGit(
  { cwd, env, signal }: GitSession,
  words: readonly string[],
): Promise<Read<readonly string[]>> {
  const stdout: string[] = []
  const stderr: string[] = []
  const ended = await run(
    {
      program: 'git',
      args: [...gitArguments, ...words],
      cwd,
      env: await gitEnvironment(env),
    },
    { signal, onLine: (line, stream) => (stream === 'stdout' ? stdout : stderr).push(line) },
  )
  const what = `git ${words[0] ?? ''}`
  const failed = (problem: Problem): Read<readonly string[]> => ({ value: [], problems: [problem] })
  switch (ended.kind) {
    case 'exited':
      if (ended.code === 0) return { value: stdout, problems: [] }
      return failed({
        kind: 'unreadable',
        message: `${what} ended with exit code ${ended.code}.`,
        ...(stderr.length > 0 ? { excerpt: stderr.slice(-mostLines) } : {}),
        advice: 'Run the same command of git in the kernel tree by hand.',
      })
    case 'killed':
      return failed({ kind: 'unreadable', message: `${what} was ended from outside by ${ended.signal}.` })
    case 'not-started':
      return failed({
        kind: 'missing-tool',
        message: `git could not be started (${ended.code}).`,
        advice: 'Install git, or give the patch as a file.',
      })
    case 'interrupted':
      return failed({ kind: 'interrupted', message: `${what} was stopped before it had finished` })
  }
}
