import type { Problem, Read } from '../problem/problem.ts'
import type { Plan, VariantPlan } from './plan.ts'

/** The value of `strategy.matrix` in a workflow: one job for each variant that promises something. */
export interface Matrix {
  readonly include: readonly MatrixLeg[]
}

interface MatrixLeg extends Pick<VariantPlan, 'arch' | 'strategy'> {
  readonly variant: string
  /** For `runs-on`. */
  readonly runner: NonNullable<VariantPlan['runner']>
}

/** GitHub starts no workflow run whose matrix is larger. */
const mostLegs = 256

/** The runner of a variant that names none: GitHub's own, the release that the documentation speaks of. */
const standardRunner = 'ubuntu-24.04'

/** Makes the matrix of a plan. More jobs than GitHub allows are a `config` problem, without a value. */
export function matrixOf({ file, variants }: Plan): Read<Matrix | undefined> {
  const include = variants
    .filter(({ guard }) => guard.kind === 'stable')
    .map(({ name, arch, strategy, runner }): MatrixLeg => ({
      variant: name,
      arch,
      strategy,
      runner: runner ?? standardRunner,
    }))
  if (include.length <= mostLegs) return { value: { include }, problems: [] }
  const problem: Problem = {
    kind: 'config',
    message: `The plan has ${include.length} variants to collect; a matrix of GitHub has at most ${mostLegs} jobs.`,
    place: { file },
    advice: 'Split the configuration in two, and run a workflow for each.',
  }
  return { value: undefined, problems: [problem] }
}
