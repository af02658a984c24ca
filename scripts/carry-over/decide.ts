import { earlierEvidence } from '../../src/gate/carry-over.ts'
import { prepare } from '../../src/gate/prepare.ts'
import { collectionOf } from '../../src/gate/wanted.ts'
import { tool } from '../../src/version.ts'

/** A kernel, one variant of it, and the work folder of a check that looked at it. */
interface Place {
  readonly repository: string
  readonly config: string
  readonly variant: string
  readonly kept: string
}

/**
 * Makes what asks kabi-gate whether the kept evidence of one commit holds for another that is checked out.
 * @returns gives what keeps it from holding, a line each; none where it holds
 */
export async function decider({ repository, config, variant, kept }: Place) {
  const { signal } = new AbortController()
  const request = {
    source: repository,
    config,
    cwd: repository,
    variants: [variant],
    symvers: [],
    strategy: undefined,
  }
  const { value: prepared, problems } = await prepare({ ...request, signal, kernelOnly: true })
  const [guarded] = prepared?.guarded ?? []
  if (!prepared || !guarded) throw new Error(JSON.stringify(problems))
  const collection = await collectionOf(prepared, guarded)
  const { digestOf } = prepared
  return async (commit: string): Promise<readonly string[]> => {
    const about = { tool, source: repository, commit, workDir: kept, signal, digestOf }
    const found = (await earlierEvidence(about, [collection])).get(variant)
    if (!found) throw new Error('there is no evidence to carry over')
    if (found.evidence) return []
    return found.changes.flatMap(({ path, doubt }) => (doubt ? [`${doubt} ${path}`] : []))
  }
}
