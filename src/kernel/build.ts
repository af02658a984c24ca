import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../problem/problem.ts'
import { builtObject, plannedObject } from './built-object.ts'
import { exists } from './exists.ts'
import { dryRun, make, type Kbuild } from './make.ts'
import type { Progress } from './progress.ts'

interface BuildOptions {
  /** The configured build folder. */
  readonly output: string
  readonly jobs: number
  readonly onProgress: (progress: Progress) => void
}

/** Genksyms leaves the types of each object beside it, where a build says so. */
const targets = ['KBUILD_SYMTYPES=1', 'vmlinux', 'modules']

/**
 * Builds a configured kernel and its modules. The Module.symvers of an earlier build is deleted first, so that one that
 * is there afterwards belongs to this kernel.
 * @returns a `build-failed` problem unless make ended with exit code 0.
 */
export async function build(kbuild: Kbuild, options: BuildOptions): Promise<Problem | undefined> {
  const { output, jobs, onProgress } = options
  const variant = kbuild.variant.name
  await rm(join(output, 'Module.symvers'), { force: true })
  let total: number | undefined
  if (!(await exists(join(output, 'vmlinux')))) {
    onProgress({ variant, phase: 'prepare', done: 0 })
    const call = { output, targets: ['prepare', 'modules_prepare'], jobs }
    const problem = await make(kbuild, call, 'build-failed')
    if (problem) return problem
    onProgress({ variant, phase: 'count', done: 0 })
    total = await countObjects(kbuild, output, jobs)
  }
  let done = 0
  onProgress(progressOf(variant, done, total))
  return make(kbuild, { output, targets, jobs }, 'build-failed', (line) => {
    const item = builtObject(line)
    if (item !== undefined) onProgress({ ...progressOf(variant, ++done, total), item })
  })
}

/** Counts what a first build will compile; undefined when the dry run does not tell. */
async function countObjects(kbuild: Kbuild, output: string, jobs: number): Promise<number | undefined> {
  let count = 0
  await dryRun(kbuild, { output, targets, jobs }, (line) => {
    if (plannedObject(line) !== undefined) count++
  })
  return count > 0 ? count : undefined
}

/** A few objects exist only once the others do; they are not in the total before they are built. */
function progressOf(variant: string, done: number, total: number | undefined): Progress {
  const progress = { variant, phase: 'build', done } as const
  return total === undefined ? progress : { ...progress, total: Math.max(total, done) }
}
