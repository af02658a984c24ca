import type { Collected } from '../abi/evidence.ts'
import type { Problem } from '../problem/problem.ts'
import { writeEvidence } from '../evidence/write-evidence.ts'
import { collectChanged, insideOf } from './collect-changed.ts'
import { collectionOf, symbolsOf } from './wanted.ts'
import { prepare } from './prepare.ts'
import type { CheckRequest } from './request.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { headCommit, treeIdentity } from '../git/tree-identity.ts'
import { refuseEvent } from '../judge/refuse-event.ts'
import { openBase, type Base } from '../base/open-base.ts'

/** The part of a run on several machines that looks at one variant. */
export interface CollectRequest extends Omit<CheckRequest, 'override' | 'patch' | 'symbols'> {
  /** The folder for the evidence, one folder a variant inside. */
  readonly output: string
  /** The event of the workflow run, in one. */
  readonly event: string | undefined
}

/**
 * Collects one variant and leaves its evidence, or that it failed and why, in the folder for it. Decides nothing.
 * @returns all problems, notes too; without an error, the evidence is there
 */
export async function collectVariant(request: CollectRequest): Promise<readonly Problem[]> {
  const refused = refuseEvent(request.event) ?? refuseVariants(request.variants)
  if (refused) return [refused]
  const { value: base, problems } = await openBase(request)
  if (!base) return problems
  try {
    return base.named(await collectWith(request, base))
  } finally {
    await base.close()
  }
}

async function collectWith(request: CollectRequest, { commit, named }: Base): Promise<readonly Problem[]> {
  // What the patch is matters to who judges.
  const { value: prepared, problems } = await prepare({ ...request, patch: undefined }, commit)
  const [first] = prepared?.guarded ?? []
  if (!prepared || !first) return problems
  const { variant, whitelist } = first
  if (!whitelist) return [...problems, nothingGuarded(variant.name)]
  const collection = await collectionOf(prepared, first, request.allExports)
  const { digestOf } = prepared
  const { collected: all } = await collectChanged([collection], { ...request, digestOf })
  const [collected] = all
  if (!collected) throw new Error(`nothing was collected for ${variant.name}`)
  const found = await identified(collected, request)
  // Nobody who reads the evidence knows the folder of the base's files.
  const written = found.kind === 'failure' ? named(found) : { ...found, notes: named(found.notes) }
  const collector = { tool: request.tool, plan: digestOf(variant), base: commit?.commit }
  const unwritten = await writeEvidence(request.output, written, collector, symbolsOf(whitelist))
  return [...problems, ...(written.kind === 'failure' ? written.problems : written.notes), ...unwritten]
}

/** Adds which tree it was. A build by somebody else is taken to be of the commit that is checked out. */
async function identified(
  collected: Collected,
  { source, output, signal }: Pick<CollectRequest, 'source' | 'output' | 'signal'>,
): Promise<Collected> {
  if (collected.kind === 'failure' || collected.tree) return collected
  const env = scrubbedEnvironment(process.env)
  const tree = collected.how.source
  const found =
    tree === undefined
      ? await headCommit(source, env, signal)
      : await treeIdentity(tree, env, signal, insideOf(tree, output))
  if (!found) return collected
  return 'kind' in found
    ? { kind: 'failure', variant: collected.variant, problems: [{ ...found, variant: collected.variant }] }
    : { ...collected, tree: found }
}

function refuseVariants(variants: readonly string[]): Problem | undefined {
  if (variants.length === 1) return undefined
  return {
    kind: 'usage',
    message: `collect looks at one variant, and ${variants.length === 0 ? 'none was named' : `${variants.length} were named`}.`,
    advice: 'Name the variant: --variant on the command line, the input variant of the action.',
  }
}

function nothingGuarded(variant: string): Problem {
  return {
    kind: 'usage',
    variant,
    message: `Variant ${variant} promises nothing, so there is nothing to collect.`,
    advice: 'Collect the variants that `kabi-gate plan --matrix` lists.',
  }
}
