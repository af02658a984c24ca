import { run } from '../../processes/run.ts'
import type { Environment } from '../../processes/scrubbed-environment.ts'
import { findProgram } from '../../processes/find-program.ts'
import type { Need } from './need.ts'

/** Where to look, and with what. */
export interface Surroundings {
  /** As a build has it. */
  readonly env: Environment
  /** The command of the compiler for programs of the build itself. */
  readonly hostCompiler: string
  readonly signal: AbortSignal
}

/** What was found: words about it for a person, or undefined for nothing. */
export async function findNeed({ kind, name }: Need, where: Surroundings): Promise<string | undefined> {
  if (kind === 'program') return findProgram(name, where.env['PATH'] ?? '')
  return (await compiles(['-include', name], where)) ? 'found by the compiler' : undefined
}

/** Lets the host compiler read an empty program with these arguments. */
async function compiles(args: readonly string[], where: Surroundings): Promise<boolean> {
  const [program = '', ...flags] = where.hostCompiler.split(/\s+/)
  const command = {
    program,
    args: [...flags, '-fsyntax-only', ...args, '-x', 'c', '/dev/null'],
    cwd: '/',
    env: where.env,
  }
  const ended = await run(command, { signal: where.signal, onLine: () => undefined })
  return ended.kind === 'exited' && ended.code === 0
}
