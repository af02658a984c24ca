import { realpath } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { withKnownNames } from './base-plan.ts'
import type { Problem } from '../problem/problem.ts'
import type { PatchSource } from '../git/read-patch.ts'
import { openBaseCommit, topOf, type BaseCommit } from '../git/open-commit.ts'
import type { GitSession } from '../git/run-git.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'

/**
 * Does some work with the commit that a request wants to trust, which is the base of the patch too where the request names
 * no patch. Files get the names that a person knows in what comes of it.
 * @param refuse what comes of a commit that cannot be opened
 */
export async function withBase<Request extends BaseRequest, Result>(
  request: Request,
  refuse: (problems: readonly Problem[]) => Result,
  work: (request: Request, base: BaseCommit | undefined) => Promise<Result>,
): Promise<Result> {
  const { baselineRef, source, signal } = request
  if (baselineRef === undefined) return work(request, undefined)
  const session = { env: scrubbedEnvironment(process.env), signal }
  const { value: base, problems } = await openBaseCommit(repositoryOf(request), baselineRef, session)
  if (!base) return refuse(problems)
  try {
    const same = source !== undefined && (await hasTree(base, { ...session, cwd: source }))
    const implied = same ? ({ kind: 'base', ref: baselineRef } as const) : undefined
    return withKnownNames(await work({ ...request, patch: request.patch ?? implied }, base), base)
  } finally {
    await base.close()
  }
}

/** True when the commit has the kernel tree, which may come from elsewhere. */
async function hasTree({ top, has }: BaseCommit, git: GitSession): Promise<boolean> {
  if ((await topOf(git)) !== top) return false
  return has(relative(top, join(await realpath(git.cwd), 'Makefile')))
}

/** What `withBase` needs to know of a request. */
export interface BaseRequest {
  readonly config: string | undefined
  readonly source: string | undefined
  readonly cwd: string
  readonly patch?: PatchSource | undefined
  readonly baselineRef?: string | undefined
  readonly signal: AbortSignal
}

/** A folder of the repository that has the configuration. */
function repositoryOf({ config, source, cwd }: BaseRequest): string {
  const tree = source ?? cwd
  return config === undefined || config.startsWith(join(tree, '/')) ? tree : dirname(config)
}
