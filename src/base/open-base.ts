import { realpath } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { withKnownNames } from './base-plan.ts'
import type { Read } from '../problem/problem.ts'
import type { PatchSource } from '../git/read-patch.ts'
import { openBaseCommit, topOf, type BaseCommit } from '../git/open-commit.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'

/** Whose configuration, whitelists, waivers and rules count. */
export interface Base {
  /** The commit; absent: those of the work tree count. */
  readonly commit: BaseCommit | undefined
  /** Where the patch starts, as far as that follows from the commit. */
  readonly patch: PatchSource | undefined
  /** Names the commit's files as a person knows them, in what was made of them. */
  readonly named: <T>(value: T) => T
  /** Nothing of the commit can be read after this. */
  readonly close: () => Promise<void>
}

/** Opens what a request wants to trust. Problems: those of `openBaseCommit`. */
export async function openBase(request: BaseRequest): Promise<Read<Base | undefined>> {
  const { baselineRef, source, signal } = request
  if (baselineRef === undefined) return { value: workTree, problems: [] }
  const session = { env: scrubbedEnvironment(process.env), signal }
  const repository = repositoryOf(request)
  const { value: commit, problems } = await openBaseCommit(repository, baselineRef, session)
  if (!commit) return { value: undefined, problems }
  const same =
    source !== undefined &&
    (source === repository || (await topOf({ ...session, cwd: source })) === commit.top) &&
    (await hasTree(commit, source))
  const patch = same ? ({ kind: 'base', ref: baselineRef, commit: commit.commit } as const) : undefined
  const named = <T>(value: T): T => withKnownNames(value, commit)
  return { value: { commit, patch, named, close: commit.close }, problems: [] }
}

const workTree: Base = {
  commit: undefined,
  patch: undefined,
  named: (value) => value,
  close: () => Promise.resolve(),
}

/** True when the commit has the kernel tree, which lies in its repository. */
async function hasTree({ top, has }: BaseCommit, source: string): Promise<boolean> {
  return has(relative(top, join(await realpath(source), 'Makefile')))
}

/** What `openBase` needs to know of a request. */
export interface BaseRequest {
  readonly config: string | undefined
  readonly source: string | undefined
  readonly cwd: string
  readonly baselineRef?: string | undefined
  readonly signal: AbortSignal
}

/** A folder of the repository that has the configuration. */
function repositoryOf({ config, source, cwd }: BaseRequest): string {
  const tree = source ?? cwd
  return config === undefined || config.startsWith(join(tree, '/')) ? tree : dirname(config)
}
