import { realpath, rm } from 'node:fs/promises'
import { doubter, doubtTexts, type DoubtKind } from '../abi/carry-over.ts'
import type { Basis, Collected, Evidence } from '../abi/evidence.ts'
import type { TreeChange } from '../abi/tree-change.ts'
import { isSource } from '../abi/tree-file.ts'
import type { VariantPlan } from '../config/plan.ts'
import { basisWith } from '../evidence/dependencies.ts'
import { keptCommits, keptOf, noteUse } from '../evidence/kept-evidence.ts'
import { openDependencies } from '../evidence/open-dependencies.ts'
import { readBasis, readEvidence } from '../evidence/read-evidence.ts'
import { writeEvidence } from '../evidence/write-evidence.ts'
import { objectReader, type ObjectReader } from '../git/object-reader.ts'
import { changesBetween } from '../git/tree-changes.ts'
import type { Verdict } from '../judge/verdict.ts'
import { layoutsDigest } from '../kernel/basis.ts'
import type { Collection } from '../kernel/collect-all.ts'
import { factsOf } from '../kernel/exports/file-facts.ts'
import { configurationDigest, preparationKey } from '../kernel/preparation-key.ts'
import type { GitSession } from '../git/run-git.ts'
import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
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
  /** Ask only what the objects of the wanted symbols read, where there is evidence of more. */
  readonly bySymbols?: boolean
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
  /** What was found out there; of the commit itself also where it lacks something that is asked for. */
  readonly known?: Evidence
  /** Present where it holds for the commit that is to be looked at. */
  readonly evidence?: Evidence
}

/**
 * Finds evidence of earlier commits that holds for this one. That is decided from the trees of both commits in git alone: see
 * `doubter`. It has to come from the same kabi-gate, plan, programs and environment, and to know every symbol and layout that is asked
 * for. Whatever is in doubt does not hold.
 * @returns by variant; the first commit whose evidence holds, of those that were of use last, else the very last one
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
  const kept = await keptCommits(workDir)
  const commits = request.bySymbols ? kept : kept.slice(0, mostTried)
  const found = new Map<string, Earlier>()
  try {
    for (const collection of collections) {
      const { name } = collection.variant
      const setup = await setupOf(request, collection)
      if (setup === undefined) continue
      for (const from of commits) {
        const earlier = await earlierOf({ ...request, from, objects, changesSince, setup }, collection)
        if (!earlier) continue
        if (earlier.evidence || !found.has(name) || from === request.commit) found.set(name, earlier)
        if (earlier.evidence) break
      }
    }
  } finally {
    await objects.close()
  }
  for (const { evidence, from } of found.values()) if (evidence) await noteUse(workDir, from)
  return found
}

/** Commits whose evidence is asked, a few hundredths of a second each: where nothing holds, that comes on top of a look. */
const mostTried = 8

interface Asking extends CarryRequest {
  readonly from: string
  readonly objects: ObjectReader
  readonly changesSince: (commit: string) => Promise<readonly TreeChange[] | undefined>
  /** How evidence would be made today: see `Basis`. */
  readonly setup: string
}

/** Undefined where nothing of that commit is of any use. */
async function earlierOf(about: Asking, collection: Collection): Promise<Earlier | undefined> {
  const { from, workDir, commit } = about
  const { name } = collection.variant
  const folder = `${keptOf(workDir, from)}/${name}`
  const basis = await readBasis(folder)
  if (basis?.setup !== about.setup || basis.layouts !== layoutsDigest(collection.layouts)) return undefined
  const changes = await about.changesSince(from)
  if (!changes) return undefined
  const judged = judgedBy(basis, changes)
  if (isDoubted(judged) && !about.why && !about.bySymbols) return { from, changes: judged }
  const plans = new Map([[name, about.digestOf(collection.variant)]])
  const { value: known } = await readEvidence(folder, {
    ...{ tool: about.tool, plans, commit: from },
    acceptedBefore: true,
  })
  if (known?.kind !== 'evidence') return undefined
  const part = narrowed(known, collection.wanted)
  if (!part) return from === commit ? { from, changes: [], known } : undefined
  const some = isDoubted(judged) && about.bySymbols ? await basisOf(known, part) : undefined
  const { judged: all, evidence } = await carried(part, some ?? basis, { ...about, changes })
  if (!evidence) return { from, changes: all, known }
  const how = { ...evidence.how, source: about.source }
  return { from, changes: all, known, evidence: { ...evidence, how } }
}

async function setupOf(
  { source, signal }: CarryRequest,
  { variant }: Collection,
): Promise<string | undefined> {
  const env = scrubbedEnvironment(process.env)
  const kbuild = { variant, source: await realpath(source), env, signal }
  return variant.config && preparationKey(kbuild, variant.config)
}

function judgedBy(basis: Basis, changes: readonly TreeChange[]): readonly JudgedChange[] {
  const doubtOf = doubter(basis)
  return changes.map((change) => ({ path: change.path, doubt: doubtOf(change) }))
}

function isDoubted(changes: readonly JudgedChange[]): boolean {
  return changes.some(({ doubt }) => doubt)
}

/**
 * What evidence rests on, with what its objects read; undefined where it does not say so.
 * @param part of which the objects count; absent: all of them
 */
async function basisOf({ basis, build }: Evidence, part?: Evidence): Promise<Basis | undefined> {
  const sent = build?.sent?.dependencies
  const dependencies = sent && (await openDependencies(sent)).value
  return basis && dependencies && basisWith(basis, dependencies, part?.build?.objects)
}

/** Between which commits evidence is to hold, and where their objects are. */
interface Between {
  /** The commit that was looked at, and the one that is asked about; whole names. */
  readonly from: string
  readonly commit: string
  readonly changes: readonly TreeChange[]
  readonly objects: ObjectReader
}

/** Judges all changes; where none is in doubt, the evidence is that of the commit that is asked about. */
async function carried(
  evidence: Evidence,
  basis: Basis,
  { from, commit, changes, objects }: Between,
): Promise<{ readonly judged: readonly JudgedChange[]; readonly evidence?: Evidence }> {
  const named = judgedBy(basis, changes)
  const judged = isDoubted(named) ? named : await withExports(objects, changes, evidence)
  if (isDoubted(judged)) return { judged }
  const why = { from, changed: changes.length, read: basis.files.size }
  return { judged, evidence: { ...evidence, tree: { commit }, carried: why } }
}

/** Says of changes that are in no doubt by their names which sources may export what was found elsewhere. */
async function withExports(
  objects: ObjectReader,
  changes: readonly TreeChange[],
  { symvers }: Evidence,
): Promise<readonly JudgedChange[]> {
  const symbols = new Set(symvers.exports.map(({ symbol }) => symbol))
  const all: JudgedChange[] = []
  // What does not come is in doubt when it is read.
  await objects.bring(changes.flatMap(({ path, after }) => (isSource(path) && after ? [after.object] : [])))
  for (const change of changes) {
    const doubt = (await mayExport(objects, change, symbols)) ? 'exports' : undefined
    all.push({ path: change.path, doubt })
  }
  return all
}

/** Evidence of no more than what is asked for; undefined where it does not know of all: a symbol that is nowhere may be anywhere. */
export function narrowed(evidence: Evidence, wanted: Collection['wanted']): Evidence | undefined {
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

/** A commit, and the repository that has it and those of which there is evidence. */
interface CarryTarget {
  readonly git: GitSession
  /** Its whole name. */
  readonly commit: string
  /** What is asked for of a variant; undefined for one of which nothing is. */
  readonly askedOf: (variant: string) => Asked | undefined
}

/** What has to be known of a variant. */
type Asked = Pick<Collection, 'variant' | 'wanted' | 'layouts'>

/**
 * Makes what proves from two trees of git that evidence of another machine holds for a commit, or says in half a sentence why it does
 * not. It runs nothing of the tree: which programs there are on this machine does not matter.
 * @returns with `close`, to be called at the end
 */
export function carrier({ git, commit, askedOf }: CarryTarget) {
  const objects = objectReader(git)
  const known = new Map<string, ReturnType<typeof changesBetween>>()
  const changesSince = (from: string): ReturnType<typeof changesBetween> => {
    const changes = known.get(from) ?? changesBetween(git, from, commit)
    known.set(from, changes)
    return changes
  }
  const carry = async (evidence: Evidence): Promise<Evidence | string> => {
    const { variant, tree } = evidence
    const asked = askedOf(variant)
    const from = tree && 'commit' in tree ? tree.commit : undefined
    const basis = await basisOf(evidence)
    if (!asked?.variant.config || from === undefined || evidence.carried || !basis)
      return 'it does not say what it rests on'
    if (basis.configuration !== configurationDigest(asked.variant.config))
      return 'the configuration is another one'
    if (basis.layouts !== layoutsDigest(asked.layouts)) return 'other layouts are asked for'
    const part = narrowed(evidence, asked.wanted)
    if (!part) return 'it does not know all symbols that are asked for'
    const { value: changes, problems } = await changesSince(from)
    if (!changes) return `git does not tell what changed since: ${problems[0]?.message ?? ''}`
    const { judged, evidence: holding } = await carried(part, basis, { from, commit, changes, objects })
    if (holding) return holding
    const [first, ...others] = judged.flatMap(({ path, doubt }) => (doubt ? [{ path, doubt }] : []))
    if (!first) throw new Error('evidence does not hold, and nothing is in doubt')
    return `${quote(first.path)} ${doubtTexts[first.doubt]}${andMore(others.length)}`
  }
  return { carry, close: objects.close }
}

function andMore(others: number): string {
  return others === 0 ? '' : `, and ${others} more ${others === 1 ? 'file is' : 'files are'} in doubt`
}

/**
 * Keeps what was collected of an unchanged commit for others; what cannot be kept, or not with all that explains it, is collected again
 * another time.
 */
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
    const plan = digestOf(variant)
    const folder = keptOf(workDir, commit)
    await writeEvidence(folder, { ...one, tree: { commit } }, { tool, plan }, symbols)
    const expected = { tool, plans: new Map([[variant.name, plan]]), commit }
    const { value } = await readEvidence(`${folder}/${variant.name}`, expected)
    if (value?.kind === 'evidence' && explainsAsMuch(value, one)) await noteUse(workDir, commit)
    else await rm(`${folder}/${variant.name}`, { recursive: true, force: true })
  }
}

/** Whether what was read back has all that was written. */
function explainsAsMuch({ build, layouts, basis }: Evidence, one: Evidence): boolean {
  const hadTypes = [...(one.build?.objects?.values() ?? [])].some(({ types }) => types !== undefined)
  const { types, dependencies } = build?.sent ?? {}
  return (
    basis !== undefined &&
    dependencies !== undefined &&
    (types !== undefined || !hadTypes) &&
    (layouts !== undefined || !one.layouts)
  )
}
