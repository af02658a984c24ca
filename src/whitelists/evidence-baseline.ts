import type { Baseline, TreeIdentity } from '../abi/baseline.ts'
import type { Evidence } from '../abi/evidence.ts'
import { makeBaseline } from '../abi/make-baseline.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { fileProblem } from '../io/file-problem.ts'
import { headerOptions } from '../kernel/header-options.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { treeIdentity } from '../git/tree-identity.ts'

/** Describes how the checksums of some symbols came about; the value is undefined for evidence that does not say. */
export type DescribeEvidence = (
  evidence: Evidence,
  symbols: ReadonlySet<string>,
) => Promise<Read<Baseline | undefined>>

/**
 * Makes the function that describes evidence. Variants of one source tree share its identity, which takes seconds.
 *
 * Problems of the function, without a value: those of `treeIdentity`, and `unreadable` for a header.
 */
export function evidenceDescriber(signal: AbortSignal): DescribeEvidence {
  const identities = new Map<string, Promise<TreeIdentity | Problem>>()
  const identityOf = (source: string): Promise<TreeIdentity | Problem> => {
    const known = identities.get(source) ?? treeIdentity(source, scrubbedEnvironment(process.env), signal)
    identities.set(source, known)
    return known
  }
  return async (evidence, symbols) => {
    const { build, how } = evidence
    if (!build) return { value: undefined, problems: [] }
    const identity = how.source === undefined ? undefined : await identityOf(how.source)
    if (identity && 'kind' in identity) return { value: undefined, problems: [identity] }
    try {
      const options = headerOptions(restricted(build, symbols))
      return { value: makeBaseline(evidence, identity, options), problems: [] }
    } catch (error) {
      const path = error instanceof Error && 'path' in error ? String(error.path) : (how.source ?? '')
      return { value: undefined, problems: [fileProblem('unreadable', path, error)] }
    }
  }
}

/** The build without the objects that export none of the symbols. */
function restricted(
  build: NonNullable<Evidence['build']>,
  symbols: ReadonlySet<string>,
): NonNullable<Evidence['build']> {
  if (!build.objects) return build
  const objects = [...build.objects].filter(([, { exports }]) => exports.some((name) => symbols.has(name)))
  return { ...build, objects: new Map(objects) }
}
