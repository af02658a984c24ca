import type { Problem } from '../problem/problem.ts'
import { runGit, type GitSession } from './run-git.ts'

/**
 * Brings objects that a partial clone does not have, all at once: git itself would ask the server for each when it is read. Does nothing
 * in a repository that is whole. Problems: those of `runGit`, where the server does not give them.
 *
 * Source: PARTIAL CLONES of gitrepository-layout(5), and how git fetches what it misses (`promisor-remote.c`).
 * @param objects whole names
 */
export async function bringObjects(git: GitSession, objects: readonly string[]): Promise<readonly Problem[]> {
  if (objects.length === 0) return []
  const clone = clones.get(git.cwd) ?? { promisor: promisorOf(git), there: new Set() }
  clones.set(git.cwd, clone)
  const { there } = clone
  const remote = await clone.promisor
  if (remote === undefined) return []
  const reaching = { ...git, env: { ...git.env, ...proxies(process.env) } }
  const missing = [...new Set(objects)].filter((object) => !there.has(object))
  for (let at = 0; at < missing.length; at += mostAtOnce) {
    const some = missing.slice(at, at + mostAtOnce)
    const { problems } = await runGit(reaching, [...fetchArguments, remote, ...some])
    if (problems.length > 0) return problems
    for (const object of some) there.add(object)
  }
  return []
}

/** What is known of a repository. */
interface Clone {
  /** As `promisorOf` says. */
  readonly promisor: Promise<string | undefined>
  /** Objects that came. */
  readonly there: Set<string>
}

/** By folders, for as long as the process lives: the two sides of a patch have most files in common. */
const clones = new Map<string, Clone>()

/** Names on one command line. */
const mostAtOnce = 1000

/** Nothing is told of what is there: the server would take a blob for a commit and refuse. Nothing is tidied up meanwhile either. */
const fetchArguments = [
  ...['-c', 'fetch.negotiationAlgorithm=noop', '-c', 'gc.auto=0', '-c', 'maintenance.auto=false', 'fetch'],
  ...['--quiet', '--no-tags', '--no-write-fetch-head', '--recurse-submodules=no', '--filter=blob:none'],
]

/** The remote that gives what is missing; undefined in a repository that is whole. */
async function promisorOf(git: GitSession): Promise<string | undefined> {
  const { value } = await runGit(git, ['config', '--get-regexp', '^remote\\..*\\.promisor$', 'true'])
  return /^remote\.([\w.-]+)\.promisor /.exec(value[0] ?? '')?.[1]
}

/** The way out of a machine, which a build has no need of. */
function proxies(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && /^(?:https?|no|all)_proxy$/i.test(name) ? [[name, value] as const] : [],
    ),
  )
}

/** Whether the work tree holds only some of the files of its commit, as `git sparse-checkout` made it. */
export async function isSparse(git: GitSession): Promise<boolean> {
  const { value } = await runGit(git, ['config', '--type=bool', '--get', 'core.sparseCheckout'])
  return value[0] === 'true'
}
