import { realpath } from 'node:fs/promises'
import { doubter, type DoubtKind } from '../abi/carry-over.ts'
import type { Collected, Evidence } from '../abi/evidence.ts'
import type { TreeChange } from '../abi/tree-change.ts'
import { isSource } from '../abi/tree-file.ts'
import type { VariantPlan } from '../config/plan.ts'
import { keptCommits, keptOf, noteUse } from '../evidence/kept-evidence.ts'
import { readBasis, readEvidence } from '../evidence/read-evidence.ts'
import { writeEvidence } from '../evidence/write-evidence.ts'
import { objectReader, type ObjectReader } from '../git/object-reader.ts'
import { changesBetween } from '../git/tree-changes.ts'
import type { Verdict } from '../judge/verdict.ts'
import { layoutsDigest } from '../kernel/basis.ts'
import type { Collection } from '../kernel/collect-all.ts'
import { factsOf } from '../kernel/exports/file-facts.ts'
import { preparationKey } from '../kernel/preparation-key.ts'
import type { Problem } from '../problem/problem.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'

/** A commit that is to be looked at, and where evidence of others is kept. */
export interface CarryRequest {
  readonly tool: Verdict['tool']
  /** A kernel tree that holds the commit and nothing else, the top of its git checkout. */
  readonly source: string
  /** Its whole name. */
  readonly commit: string
  readonly workDir: string
  readonly signal: AbortSignal
  /** As `planDigest` says. */
  readonly digestOf: (variant: VariantPlan) => string
  /** Read evidence also where it does not hold. */
  readonly why?: boolean
}

/** A change of the tree, and why evidence may depend on it, if it may. */
export interface JudgedChange {
  readonly path: string
  readonly doubt: DoubtKind | undefined
}

/** What is known of a variant at an earlier commit. */
export interface Earlier {
  /** The commit, its whole name. */
  readonly from: string
  readonly changes: readonly JudgedChange[]
  /** What was found out there. */
  readonly known?: Evidence
  /** Present where it holds for the commit that is to be looked at. */
  readonly evidence?: Evidence
}

/**
 * Finds evidence of earlier commits that holds for this one. That is decided from the trees of both commits in git alone: see
 * `doubter`. It has to come from the same kabi-gate, plan, programs and environment, and to know every symbol and layout that is asked
 * for. Whatever is in doubt does not hold.
 * @returns by variant; the first commit whose evidence holds, else the one that was of use last
 */
export async function earlierEvidence(
  request: CarryRequest,
  collections: readonly Collection[],
): Promise<ReadonlyMap<string, Earlier>> {
  const { source, workDir, signal } = request
  const git = { cwd: source, env: scrubbedEnvironment(process.env), signal }
  const objects = objectReader(git)
  const known = new Map<string, readonly TreeChange[] | undefined>()
  const changesSince = async (from: string): Promise<readonly TreeChange[] | undefined> => {
    if (!known.has(from)) known.set(from, (await changesBetween(git, from, request.commit)).value)
    return known.get(from)
  }
  const commits = await keptCommits(workDir)
  const found = new Map<string, Earlier>()
  try {
    for (const collection of collections) {
      const { name } = collection.variant
      for (const from of commits) {
        const earlier = await earlierOf({ ...request, from, objects, changesSince }, collection)
        if (!earlier) continue
        if (earlier.evidence || !found.has(name)) found.set(name, earlier)
        if (earlier.evidence) break
      }
    }
  } finally {
    await objects.close()
  }
  for (const { evidence, from } of found.values()) if (evidence) await noteUse(workDir, from)
  return found
}

interface Asking extends CarryRequest {
  readonly from: string
  readonly objects: ObjectReader
  readonly changesSince: (commit: string) => Promise<readonly TreeChange[] | undefined>
}

/** Undefined where nothing of that commit is of any use. */
async function earlierOf(about: Asking, collection: Collection): Promise<Earlier | undefined> {
  const { from, workDir, commit, objects } = about
  const { variant, layouts } = collection
  const folder = `${keptOf(workDir, from)}/${variant.name}`
  const basis = await readBasis(folder)
  if (!basis || !variant.config || basis.layouts !== layoutsDigest(layouts)) return undefined
  const { signal } = about
  const kbuild = {
    variant,
    source: await realpath(about.source),
    env: scrubbedEnvironment(process.env),
    signal,
  }
  if (basis.setup !== (await preparationKey(kbuild, variant.config))) return undefined
  const changes = await about.changesSince(from)
  if (!changes) return undefined
  const doubtOf = doubter(basis)
  const judged = changes.map((change) => ({ ...change, doubt: doubtOf(change) }))
  const inDoubt = judged.some(({ doubt }) => doubt)
  if (inDoubt && !about.why) return { from, changes: judged }
  const expected = {
    tool: about.tool,
    plans: new Map([[variant.name, about.digestOf(variant)]]),
    commit: from,
  }
  const { value } = await readEvidence(folder, expected)
  if (value?.kind !== 'evidence') return undefined
  const evidence = narrowed(value, collection.wanted)
  if (!evidence) return undefined
  if (inDoubt) return { from, changes: judged, known: value }
  const exported = new Set(value.symvers.exports.map(({ symbol }) => symbol))
  const all: JudgedChange[] = []
  for (const change of judged)
    all.push((await mayExport(objects, change, exported)) ? { path: change.path, doubt: 'exports' } : change)
  if (all.some(({ doubt }) => doubt)) return { from, changes: all, known: value }
  const carried = { from, changed: all.length, read: basis.files.size }
  const how = { ...evidence.how, source: about.source }
  return { from, changes: all, known: value, evidence: { ...evidence, how, tree: { commit }, carried } }
}

/** Evidence of no more than what is asked for; undefined where it does not know of all: a symbol that is nowhere may be anywhere. */
function narrowed(evidence: Evidence, wanted: Collection['wanted']): Evidence | undefined {
  const { symvers, build } = evidence
  if (wanted === 'all' || !build?.objects) return undefined
  const exports = symvers.exports.filter(({ symbol }) => wanted.has(symbol))
  if (exports.length !== wanted.size) return undefined
  const objects = [...build.objects].flatMap(([object, record]) => {
    const asked = record.exports.filter((symbol) => wanted.has(symbol))
    return asked.length > 0 ? [[object, { ...record, exports: asked }] as const] : []
  })
  return { ...evidence, symvers: { ...symvers, exports }, build: { ...build, objects: new Map(objects) } }
}

/** More than a source of a kernel has. */
const mostBytes = 32 * 1024 * 1024

const tooLarge: Problem = { kind: 'unreadable', message: 'a source is larger than any of a kernel' }

/** Whether a source that changed names a symbol in an export, or includes another source, which may. */
async function mayExport(
  objects: ObjectReader,
  { path, after }: TreeChange,
  symbols: ReadonlySet<string>,
): Promise<boolean> {
  if (!isSource(path) || !after) return false
  const text = await objects.read(after.object, mostBytes, tooLarge)
  if (!text || 'kind' in text) return true
  const { exported = [], sources = [] } = factsOf(text.bytes)
  return sources.length > 0 || exported.some((symbol) => symbols.has(symbol))
}

/** Keeps what was collected of an unchanged commit for others; what cannot be kept is collected again another time. */
export async function keepEvidence(
  { tool, workDir, commit, digestOf }: CarryRequest,
  collections: readonly Collection[],
  collected: readonly Collected[],
): Promise<void> {
  const variants = new Map(collections.map(({ variant }) => [variant.name, variant]))
  for (const one of collected) {
    const variant = variants.get(one.variant)
    if (!variant || one.kind === 'failure' || !one.basis || one.carried) continue
    const symbols = new Set(one.symvers.exports.map(({ symbol }) => symbol))
    const evidence = { ...one, tree: { commit } }
    await writeEvidence(keptOf(workDir, commit), evidence, { tool, plan: digestOf(variant) }, symbols)
    await noteUse(workDir, commit)
  }
}
