import { realpath, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { makeFolder } from '../io/make-folder.ts'
import { takeLock } from '../kernel/lock.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { checkOut, moveCheckout } from './check-out.ts'
import { topOf } from './open-commit.ts'
import { resolveCommit } from './resolve-commit.ts'

/** A kernel tree of some commit, in a folder of its own. */
export interface Checkout {
  /** The kernel tree, an absolute path. */
  readonly tree: string
  /** The commit's whole name: the checkout has no branches and tags. */
  readonly commit: string
  /** Where kernels of such checkouts are built; it stays. */
  readonly workDir: string
  /** The commit that it holds now, its whole name; undefined where a change of it failed. */
  readonly here: () => string | undefined
  /** Changes it to another commit of the repository; what is the same in both is not touched. */
  readonly moveTo: (ref: string) => Promise<Problem | undefined>
}

interface CheckoutRequest {
  /** The kernel tree in whose repository the commit is; its work tree is not touched. */
  readonly source: string
  readonly ref: string
  readonly workDir: string
  readonly signal: AbortSignal
}

/**
 * Does something with a checkout of a commit, one of its own below the work folder, which goes when all is done. What was
 * built stays there, for the next time and because problems name its log.
 *
 * Problems, without a value: those of `resolveCommit` and `checkOut`; `busy`.
 */
export async function withCheckout<T>(
  { source, ref, workDir, signal }: CheckoutRequest,
  use: (checkout: Checkout) => Promise<T>,
): Promise<Read<T | undefined>> {
  const git = { cwd: source, env: scrubbedEnvironment(process.env), signal }
  const commit = await resolveCommit(git, ref)
  if (typeof commit !== 'string') return failed(commit)
  const top = await topOf(git)
  if (top === undefined) return failed({ kind: 'usage', message: `${ref} is a commit of no work tree.` })
  const folder = join(workDir, 'released')
  await makeFolder(folder)
  const lock = await takeLock(join(folder, 'lock'))
  if ('kind' in lock) return failed(lock)
  const checkout = join(folder, 'tree')
  try {
    const problem = await checkOut(git, commit, checkout)
    if (problem) return failed(problem)
    const tree = join(checkout, relative(top, await realpath(source)))
    let here: string | undefined = commit
    const moveTo = async (other: string): Promise<Problem | undefined> => {
      const there = await resolveCommit(git, other)
      if (typeof there !== 'string') return there
      here = undefined
      const stuck = await moveCheckout({ ...git, cwd: checkout }, there)
      if (!stuck) here = there
      return stuck
    }
    return { value: await use({ tree, commit, workDir: folder, here: () => here, moveTo }), problems: [] }
  } finally {
    await rm(checkout, { recursive: true, force: true })
    await lock.release()
  }
}

function failed(problem: Problem): Read<undefined> {
  return { value: undefined, problems: [problem] }
}
