import type { Collected, Strategy } from '../abi/evidence.ts'
import type { Layouts } from '../abi/layouts/layout.ts'
import type { Problem } from '../problem/problem.ts'
import type { VariantPlan } from '../config/plan.ts'
import { fileProblem } from '../io/file-problem.ts'
import { collectExports } from './collect-exports.ts'
import { collectFull } from './collect-full.ts'
import { collectPrebuilt } from './collect-prebuilt.ts'
import type { Progress } from './progress.ts'

export interface CollectOptions {
  /** Kernel source tree, an absolute path; needed by a strategy that builds. It is never written to. */
  readonly source?: string
  /** Folder for everything a build writes, one folder a variant inside. */
  readonly workDir: string
  /** Compilers to run at once. */
  readonly jobs: number
  /** Ends the collection and all its processes. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** The symbols that matter; a strategy may find out about more, but not about fewer. */
export type Wanted = 'all' | ReadonlySet<string>

/** What is to be found out about a variant. */
export interface Sought {
  readonly wanted: Wanted
  /** The object that may export a symbol, by symbol; where strategy `exports` looks first. */
  readonly places?: ReadonlyMap<string, string>
  /**
   * Whether the layouts of the types behind the wanted symbols are found out, too: all, or those that a release had. Strategy
   * `exports` asks the compiler, the others look into vmlinux.
   */
  readonly layouts?: Layouts | 'all'
}

type Collector = (variant: VariantPlan, options: CollectOptions, sought: Sought) => Promise<Collected>

const collectors: Readonly<Record<Strategy, Collector>> = {
  full: collectFull,
  exports: collectExports,
  prebuilt: collectPrebuilt,
}

/**
 * Finds out what a variant's kernel exports, the way its strategy says. Whatever goes wrong on the way, in the tree, the
 * build or the file system, is a failure with the problems that explain it; only a defect of this program throws.
 */
export async function collect(
  variant: VariantPlan,
  options: CollectOptions,
  sought: Sought = { wanted: 'all' },
): Promise<Collected> {
  const named = (problems: readonly Problem[]): readonly Problem[] =>
    problems.map((problem) => ({ variant: variant.name, ...problem }))
  if (options.signal.aborted) {
    const message = 'the run was stopped before this variant'
    return { kind: 'failure', variant: variant.name, problems: named([{ kind: 'interrupted', message }]) }
  }
  try {
    const collected = await collectors[variant.strategy](variant, options, sought)
    return collected.kind === 'failure'
      ? { ...collected, problems: named(collected.problems) }
      : { ...collected, notes: named(collected.notes) }
  } catch (error) {
    if (!isSystemError(error)) throw error
    return { kind: 'failure', variant: variant.name, problems: named([systemProblem(error, options)]) }
  }
}

/** The tree is only ever read; elsewhere the system call tells. */
function systemProblem(error: NodeJS.ErrnoException, { source, workDir }: CollectOptions): Problem {
  const path = error.path ?? workDir
  const reads = ['scandir', 'opendir', 'read', 'readlink', 'realpath', 'stat', 'lstat', 'access']
  const inTree = source !== undefined && (path === source || path.startsWith(`${source}/`))
  if (inTree || reads.includes(error.syscall ?? '')) return fileProblem('unreadable', path, error)
  return { ...fileProblem('unwritable', path, error), advice }
}

const advice = 'Make room or correct the permissions, or name another folder with --work-dir.'

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}
