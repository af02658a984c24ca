import type { Argv } from './enabled-object.ts'
import type { KernelTree } from './kernel-tree.ts'
import { isSystemFailure } from './system-failure.ts'

/** Why there is no result. */
export type Stopped =
  | {
      readonly kind: 'failed'
      readonly why: string
      readonly stderr: readonly string[]
      /** The machine did it, and not what the program was given. */
      readonly byMachine?: boolean
    }
  | { readonly kind: 'interrupted' }

export type Outcome = { readonly kind: 'done'; readonly stdout: readonly string[] } | Stopped

/** Lines of an error output that are kept. */
const mostLines = 20

/**
 * Runs a program in the build folder, as make does.
 * @param input a file for its standard input
 * @param onError is told of each line of its error output, also of those that are not kept
 */
export async function runProgram(
  tree: KernelTree,
  argv: Argv,
  input?: string,
  onError?: (line: string) => void,
): Promise<Outcome> {
  // The only use of a shell: it opens the file; program and arguments reach it as they are.
  const [program = '', ...args] = input === undefined ? argv : ['sh', '-c', 'exec "$@" <"$0"', input, ...argv]
  const stdout: string[] = []
  const stderr: string[] = []
  const onLine = (line: string, stream: 'stdout' | 'stderr'): void => {
    if (stream === 'stdout') stdout.push(line)
    else {
      onError?.(line)
      if (stderr.length < mostLines) stderr.push(line)
    }
  }
  const command = { program, args, cwd: tree.output, env: tree.env, untrusted: true } as const
  const ended = await tree.run(command, { signal: tree.signal, onLine })
  switch (ended.kind) {
    case 'exited':
      if (ended.code === 0) return { kind: 'done', stdout }
      return {
        kind: 'failed',
        why: `${argv[0] ?? ''} ended with exit code ${ended.code}`,
        stderr,
        byMachine: stderr.some(isSystemFailure),
      }
    case 'killed':
      return {
        kind: 'failed',
        why: `${argv[0] ?? ''} was ended from outside by ${ended.signal}`,
        stderr,
        byMachine: true,
      }
    case 'not-started':
      return {
        kind: 'failed',
        why: `${argv[0] ?? ''} could not be started (${ended.code})`,
        stderr,
        byMachine: true,
      }
    case 'interrupted':
      return ended
  }
}
