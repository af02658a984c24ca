import { rm } from 'node:fs/promises'
import type { Problem } from '../problem/problem.ts'
import type { VariantPlan } from '../config/plan.ts'
import type { BuildLog } from './build-log.ts'
import { endedProblem } from './ended-problem.ts'
import { errorExcerpt } from './error-excerpt.ts'
import { run, type Ended, type RunOptions } from '../processes/run.ts'
import type { Environment } from '../processes/scrubbed-environment.ts'
import { toolchainVariables } from './toolchain-commands.ts'

/** What all calls of make for one variant have in common. */
export interface Kbuild {
  readonly variant: VariantPlan
  /** The kernel tree, an absolute path without symbolic links. */
  readonly source: string
  readonly env: Environment
  readonly log: BuildLog
  readonly signal: AbortSignal
  /** The tree's Makefile names cross tools of its own, which a native build must not use. */
  readonly namesCrossTools: boolean
}

/** One call of make. */
interface MakeCall {
  /** Where it writes, as in O=. */
  readonly output: string
  readonly targets: readonly string[]
  readonly jobs: number
}

type OnLine = RunOptions['onLine']

/**
 * Runs make; everything it prints goes to the log.
 * @returns a problem of the kind given, unless make ended with exit code 0.
 * @throws the system's error when the log cannot be written.
 */
export async function make(
  kbuild: Kbuild,
  call: MakeCall,
  kind: 'configure-failed' | 'build-failed',
  onLine?: OnLine,
): Promise<Problem | undefined> {
  const { log } = kbuild
  const args = makeArguments(kbuild, call)
  const excerpt = errorExcerpt()
  log.write(`+ make ${args.join(' ')}`)
  const ended = await runMake(kbuild, call, args, (line, stream) => {
    log.write(line)
    excerpt.add(line, stream)
    onLine?.(line, stream)
  })
  const what = `make ${call.targets.join(' ')}`
  return endedProblem(ended, { what, kind, excerpt: excerpt.lines(), log: log.path })
}

/** Lets make print the commands it would run, as far as it knows them, whatever the end. */
export async function dryRun(kbuild: Kbuild, call: MakeCall, onLine: OnLine): Promise<void> {
  await runMake(kbuild, call, ['-n', '-k', ...makeArguments(kbuild, call)], onLine)
}

async function runMake(
  { source, env, signal }: Kbuild,
  { output }: MakeCall,
  args: readonly string[],
  onLine: OnLine,
): Promise<Ended> {
  const ended = await run({ program: 'make', args, cwd: source, env, untrusted: true }, { signal, onLine })
  // Make deletes a file that it could not finish, but not when it is killed; its date would pass for a finished one.
  const halfWritten = ended.kind === 'killed' || (ended.kind !== 'not-started' && ended.forced)
  if (halfWritten) await rm(output, { recursive: true, force: true })
  return ended
}

function makeArguments(kbuild: Kbuild, { output, targets, jobs }: MakeCall): string[] {
  return [...makeSettings(kbuild, output), `-j${jobs}`, ...targets]
}

/** What every call of make for a variant says: where it works, and for what machine and compiler. */
export function makeSettings({ variant, source, namesCrossTools }: Kbuild, output: string): string[] {
  return [
    // First, because of two assignments to one variable the later counts.
    ...variant.makeArgs,
    '-C',
    source,
    `O=${output}`,
    `ARCH=${variant.arch}`,
    ...(namesCrossTools && !variant.toolchain.crossCompile ? ['CROSS_COMPILE='] : []),
    ...toolchainVariables(variant.toolchain),
  ]
}
