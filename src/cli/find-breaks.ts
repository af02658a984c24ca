import type { Sought } from '../gate/bisect.ts'
import { resolveCommit } from '../git/resolve-commit.ts'
import type { GitSession } from '../git/run-git.ts'
import type { CollectOptions } from '../kernel/collect.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { tool } from '../version.ts'
import type { Bisection, NamedCommit } from './bisection.ts'
import type { collectRequest } from './collect-options.ts'

/** Which commits to bisect, for what. */
export interface Asked {
  readonly good: string
  readonly bad: string
  readonly sought: Sought
  /** What is sought as somebody wrote it. */
  readonly symbol: string | undefined
  readonly type: string | undefined
  readonly firstParent: boolean
}

interface FindBreaksRequest extends Asked, ReturnType<typeof collectRequest> {
  readonly onProgress: CollectOptions['onProgress']
}

/** Bisects as `bisectRange` does, and says of the answer what was asked. */
export async function findBreaks({ symbol, type, ...request }: FindBreaksRequest): Promise<Bisection> {
  const { good, bad, firstParent, variants, source, signal } = request
  const git = { cwd: source, env: scrubbedEnvironment(process.env), signal }
  const ends = { good: await named(git, good), bad: await named(git, bad) }
  const { bisectRange } = await import('../range/bisect-range.ts')
  const { value, problems } = await bisectRange({ ...request, tool, override: undefined })
  return {
    question: { ...ends, symbol: symbol ?? null, type: type ?? null, firstParent, variants },
    value,
    problems,
  }
}

async function named(git: GitSession, name: string): Promise<NamedCommit> {
  const commit = await resolveCommit(git, name)
  return { name, commit: typeof commit === 'string' ? commit : null }
}
