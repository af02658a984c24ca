import { existsSync } from 'node:fs'
import { realpath, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Collected } from '../abi/evidence.ts'
import type { Problem, Read } from '../problem/problem.ts'
import type { KernelConfig } from '../config/plan.ts'
import { checkOut } from '../git/check-out.ts'
import { makeFolder } from '../io/make-folder.ts'
import { topOf } from '../git/open-commit.ts'
import type { CollectOptions } from '../kernel/collect.ts'
import { collectAll, type Collection } from '../kernel/collect-all.ts'
import { takeLock } from '../kernel/lock.ts'
import { resolveCommit } from '../git/resolve-commit.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'

/** Where a released kernel is in git, and how to collect it. */
interface ReleasedRequest extends CollectOptions {
  /** The kernel tree in whose repository the commit is. */
  readonly source: string
  readonly ref: string
}

/**
 * Collects the kernels of a commit and does something with them while the checkout is there. It is one of its own below
 * the work folder, and goes when all is done; what was built stays there, for the next time and because problems name its log. Kernel configurations that lie in the tree are those of
 * the commit, where it has them.
 *
 * Problems, without a value: those of `resolveCommit` and `checkOut`; `busy`.
 */
export async function withReleased<T>(
  request: ReleasedRequest,
  collections: readonly Collection[],
  use: (collected: readonly Collected[]) => Promise<T>,
  collectVariants = collectAll,
): Promise<Read<T | undefined>> {
  const { source, ref, workDir, signal } = request
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
    const there = collections.map(({ variant, ...rest }) => ({
      ...rest,
      variant: variant.config ? { ...variant, config: configAt(variant.config, source, tree) } : variant,
    }))
    return { value: await use(await collectVariants(there, { ...request, source: tree, workDir: folder })), problems: [] }
  } finally {
    await rm(checkout, { recursive: true, force: true })
    await lock.release()
  }
}

function failed(problem: Problem): Read<undefined> {
  return { value: undefined, problems: [problem] }
}

function configAt({ from, fragments, set }: KernelConfig, source: string, tree: string): KernelConfig {
  const moved = (path: string): string => {
    const inside = relative(source, path)
    const there = join(tree, inside)
    return !inside.startsWith('..') && existsSync(there) ? there : path
  }
  return {
    from: from.kind === 'file' ? { ...from, path: moved(from.path) } : from,
    fragments: fragments.map(moved),
    set,
  }
}
