import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TreeIdentity } from '../abi/baseline.ts'
import { typePool } from '../abi/types/type-pool.ts'
import type { Basis, Collected, Evidence, Failure, KernelBuild, SentFile } from '../abi/evidence.ts'
import type { Export, Symvers } from '../abi/export.ts'
import type { Layouts } from '../abi/layouts/layout.ts'
import { parseLayouts } from '../abi/layouts/parse-layouts.ts'
import { parseSymvers } from '../abi/parse-symvers.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { fileProblem } from '../io/file-problem.ts'
import type { Verdict } from '../judge/verdict.ts'
import { parseBasis } from './basis-file.ts'
import { decoded } from './decoded.ts'
import { unpack } from './gzipped.ts'
import { fileNames, limits, type ContentName } from './limits.ts'
import { basisWith } from './dependencies.ts'
import { openDependencies } from './open-dependencies.ts'
import { openTypes } from './open-types.ts'
import { parseRecord } from './parse-record.ts'
import { badFile, notPlain, readPlainFile } from '../io/read-plain-file.ts'
import type { EvidenceRecord, FoundRecord } from './record.ts'
import { sha256 } from './sha256.ts'

/** What evidence must be about to be accepted. */
export interface Expectations {
  /** The one that judges. */
  readonly tool: Verdict['tool']
  /** What `planDigest` says of each variant that is to be judged. */
  readonly plans: ReadonlyMap<string, string>
  /** The commit of the kernel tree; any when not given. */
  readonly commit?: string | undefined
  /** Takes evidence of another commit for the one that is expected, or says in half a sentence why it does not hold. */
  readonly carry?: (evidence: Evidence) => Promise<Evidence | string>
  /** It was accepted before, so that its types need not be looked through: whoever opens them does so. */
  readonly acceptedBefore?: boolean
  /** The exports to keep of each variant; the others are only counted. Without an entry all are kept. */
  readonly wanted?: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * Reads the evidence of one variant, which is not trusted: sizes are bounded, also while unpacking, no link is followed, no
 * file is opened that the format does not name, and everything is checked against its digest and its form.
 *
 * Evidence that is not accepted is a failure with the problems that say why: `bad-evidence`, `stale-evidence`, `unreadable`, and
 * those of `parseSymvers` and `readConsolidated`. Where not even its variant is known, the value is undefined.
 * @param folder as `writeEvidence` made it, under any name
 */
export async function readEvidence(
  folder: string,
  expectations: Expectations,
): Promise<Read<Collected | undefined>> {
  const stray = await strayEntry(folder)
  if (stray) return { value: undefined, problems: [stray] }
  const file = join(folder, fileNames.record)
  const text = await readPlainFile(file, limits.record.bytes)
  if (text.problems.length > 0) return { value: undefined, problems: text.problems }
  const { value: record, problems } = parseRecord(decoded(text.value) ?? '', file)
  if (!record) return { value: undefined, problems }
  const stale = staleness(record, expectations, file)
  const failure = (some: readonly Problem[]): Failure => ({
    kind: 'failure',
    variant: record.variant,
    problems: some.map((problem) => ({ ...problem, variant: record.variant })),
  })
  if (stale) return { value: failure([stale]), problems: [] }
  if (record.kind === 'failure') return { value: failure(record.problems), problems: [] }
  const other = otherCommit(record, expectations, file)
  if (other && !expectations.carry) return { value: failure([other]), problems: [] }
  const read = await readFound(folder, record, expectations)
  if (!read.value) return { value: failure(read.problems), problems: [] }
  if (!other || !expectations.carry) return { value: read.value, problems: [] }
  const carried = await expectations.carry(read.value)
  if (typeof carried !== 'string') return { value: carried, problems: [] }
  const message = `${other.message} It does not hold for that one: ${carried}.`
  return { value: failure([{ ...other, message }]), problems: [] }
}

/** The problem of a folder that is none, or in which something stands that does not belong there. */
async function strayEntry(folder: string): Promise<Problem | undefined> {
  try {
    if (!(await lstat(folder)).isDirectory()) return badFile(folder, 'is no folder')
    const known: readonly string[] = Object.values(fileNames)
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (!known.includes(entry.name)) return badFile(path, 'does not belong to evidence')
      if (!entry.isFile()) return badFile(path, notPlain)
    }
    return undefined
  } catch (error) {
    return fileProblem('unreadable', folder, error)
  }
}

function staleness(record: EvidenceRecord, { tool, plans }: Expectations, file: string): Problem | undefined {
  const { variant } = record
  const stale = (message: string): Problem => ({ kind: 'stale-evidence', message, place: { file } })
  if (record.tool.version !== tool.version) {
    return stale(`It was collected by kabi-gate ${record.tool.version}, and this is ${tool.version}.`)
  }
  const plan = plans.get(variant)
  if (plan === undefined) {
    return { ...stale(`The plan has no variant ${quote(variant)} to collect.`), kind: 'bad-evidence' }
  }
  if (record.plan !== plan) {
    const what = 'architecture, configuration, strategy, toolchain or arguments of make'
    return stale(`Variant ${variant} was collected with another ${what} than the plan has.`)
  }
  return undefined
}

/** The problem of evidence that is not of the commit that is expected. */
function otherCommit({ tree }: FoundRecord, { commit }: Expectations, file: string): Problem | undefined {
  const found = tree && 'commit' in tree ? tree.commit : undefined
  if (commit === undefined || found === commit) return undefined
  const message = `It is of ${treeInWords(tree)}, expected was commit ${commit}.`
  return { kind: 'stale-evidence', message, place: { file } }
}

/** Continues "evidence of". */
export function treeInWords(tree: TreeIdentity | null | undefined): string {
  if (!tree) return 'a kernel tree of which no commit is known'
  return 'commit' in tree
    ? `commit ${tree.commit}`
    : `a tree that is no unchanged commit (digest ${tree.digest.slice(0, 12)})`
}

async function readFound(
  folder: string,
  record: FoundRecord,
  expectations: Expectations,
): Promise<Read<Evidence | undefined>> {
  const contents = new Map<ContentName, Uint8Array>()
  for (const name of ['symvers', 'types', 'layouts', 'dependencies', 'basis'] as const) {
    const { value, problems } = await readContent(folder, name, record)
    if (problems.length > 0) return { value: undefined, problems }
    if (value) contents.set(name, value)
  }
  const path = (name: ContentName): string => join(folder, fileNames[name])
  const { value: symvers, problems: faults } = symversOf(
    contents.get('symvers'),
    record,
    path('symvers'),
    expectations.wanted?.get(record.variant),
  )
  if (!symvers) return { value: undefined, problems: faults }
  const packed = contents.get('layouts')
  const layouts = packed ? await openLayouts(packed, path('layouts')) : { value: undefined, problems: [] }
  if (layouts.problems.length > 0) return { value: undefined, problems: layouts.problems }
  const basis = await openBasis(contents.get('basis'), path('basis'))
  if (basis.problems.length > 0) return { value: undefined, problems: basis.problems }
  const { variant, how, tree, carried, build, notes } = record
  const evidence: Evidence = {
    kind: 'evidence',
    ...{ variant, symvers, how, notes },
    ...(tree ? { tree } : {}),
    ...(carried ? { carried } : {}),
    ...(layouts.value ? { layouts: layouts.value } : {}),
    ...(basis.value ? { basis: basis.value } : {}),
  }
  const objects = build?.objects
  const sentFile = (name: ContentName): SentFile | undefined => {
    const bytes = contents.get(name)
    return bytes && { file: path(name), bytes }
  }
  const types = sentFile('types')
  const dependencies = sentFile('dependencies')
  const bad = types && !expectations.acceptedBefore ? await faultsOfTypes(types, objects) : []
  if (bad.length > 0) return { value: undefined, problems: bad }
  if (!objects && dependencies)
    return refused(path('dependencies'), 'stands beside a build that has no objects')
  const made = types && !objects ? { types: { kind: 'sent', ...types } as const } : {}
  if (!build) return { value: { ...evidence, ...made }, problems: [] }
  const problems = dependencies ? (await openDependencies(dependencies)).problems : []
  if (problems.length > 0) return { value: undefined, problems }
  const complete = buildOf(build, {
    ...(types && objects ? { types } : {}),
    ...(dependencies ? { dependencies } : {}),
  })
  return { value: { ...evidence, ...made, build: complete }, problems: [] }
}

function buildOf(
  { arch, kernel, genksyms, options, objects, unseen: seen }: NonNullable<FoundRecord['build']>,
  sent: NonNullable<KernelBuild['sent']>,
): KernelBuild {
  const build = { arch, kernel, genksyms, options: new Map(options) }
  if (!objects) return build
  const unseen = new Map(seen)
  const records = objects.map(
    ([object, exports]) =>
      [object, { exports, types: undefined, dependencies: [], unseen: unseen.get(object) }] as const,
  )
  return {
    ...{ ...build, objects: new Map(records) },
    ...(sent.types || sent.dependencies ? { sent } : {}),
  }
}

/** What evidence in a folder says that it rests on, before the rest of it is read; undefined where that cannot be read. */
export async function readBasis(folder: string): Promise<Basis | undefined> {
  const open = async <T>(name: 'basis' | 'dependencies', use: (file: SentFile) => Promise<Read<T>>) => {
    const file = join(folder, fileNames[name])
    const { value: bytes, problems } = await readPlainFile(file, limits[name].bytes)
    return problems.length > 0 ? undefined : (await use({ file, bytes })).value
  }
  const basis = await open('basis', ({ bytes, file }) => openBasis(bytes, file))
  const dependencies = await open('dependencies', openDependencies)
  return basis && dependencies && basisWith(basis, dependencies)
}

async function openBasis(bytes: Uint8Array | undefined, path: string): Promise<Read<Basis | undefined>> {
  if (!bytes) return { value: undefined, problems: [] }
  const unpacked = await unpack(bytes, limits.basis.unpacked)
  if (unpacked.kind !== 'bytes') return refused(path, unpacked.reason)
  const value = parseBasis(decoded(unpacked.bytes) ?? '')
  return value
    ? { value, problems: [] }
    : refused(path, 'does not say what evidence rests on as the format has it')
}

async function openLayouts(bytes: Uint8Array, path: string): Promise<Read<Layouts | undefined>> {
  const unpacked = await unpack(bytes, limits.layouts.unpacked)
  if (unpacked.kind !== 'bytes') return refused(path, unpacked.reason)
  const text = decoded(unpacked.bytes)
  if (text === undefined) return refused(path, 'is not text in UTF-8')
  const { value, problems } = parseLayouts(text, path)
  const [fault] = problems
  return fault
    ? { value: undefined, problems: [{ ...fault, kind: 'bad-evidence' }] }
    : { value, problems: [] }
}

/** Why types are not accepted. */
async function faultsOfTypes(
  sent: SentFile,
  objects: NonNullable<FoundRecord['build']>['objects'],
): Promise<readonly Problem[]> {
  const { value, problems } = await openTypes(sent, typePool(), () => true)
  const known = objects && new Set(objects.map(([object]) => object))
  const foreign = value?.objects.find(({ object }) => known && !known.has(`${object}.o`))
  if (problems.length > 0 || !foreign) return problems
  const what = `has types of ${quote(foreign.object)}, an object of which evidence.json does not know`
  return [badFile(sent.file, what)]
}

/** Reads a file beside the record, packed as it is; undefined when the record names none. */
async function readContent(
  folder: string,
  name: ContentName,
  { files }: FoundRecord,
): Promise<Read<Uint8Array | undefined>> {
  const path = join(folder, fileNames[name])
  const described = files[fileNames[name]]
  const there = await lstat(path).catch(() => undefined)
  if (!described)
    return there ? refused(path, 'is not named in evidence.json') : { value: undefined, problems: [] }
  const { value, problems } = await readPlainFile(path, limits[name].bytes)
  if (problems.length > 0) return { value: undefined, problems }
  if (value.length !== described.size || sha256(value) !== described.sha256) {
    return refused(path, 'is not the file of which evidence.json has size and digest')
  }
  return { value, problems: [] }
}

function symversOf(
  bytes: Uint8Array | undefined,
  { symvers: { file, files, places } }: FoundRecord,
  path: string,
  wanted: ReadonlySet<string> | undefined,
): Read<Symvers | undefined> {
  const text = bytes && decoded(bytes)
  if (text === undefined) return refused(path, 'is not text in UTF-8')
  const { value, problems } = parseSymvers(text, path)
  // decide() says these of any evidence, in the words of the build.
  const faults = problems.filter(({ kind }) => kind !== 'empty-symvers' && kind !== 'all-unversioned')
  if (faults.some(isError)) return { value: undefined, problems: faults }
  if (value.exports.length !== places.length) {
    return refused(
      path,
      `has ${value.exports.length} exports, and evidence.json the places of ${places.length}`,
    )
  }
  const exports: Export[] = []
  let others: Symvers['others']
  let index = 0
  for (const one of value.exports) {
    const [number = -1, line = 0] = places[index++] ?? []
    const found = files[number]
    if (found === undefined) return refused(path, 'has an export whose place is in no file of evidence.json')
    if (!wanted || wanted.has(one.symbol)) exports.push({ ...withOwnTexts(one), file: found, line })
    else
      others = { count: (others?.count ?? 0) + 1, versioned: (others?.versioned ?? false) || one.crc !== 0 }
  }
  return { value: others ? { file, exports, others } : { file, exports }, problems: [] }
}

/** A name that was cut out of a file keeps all of the file in memory, as long as there is no copy of it. */
function withOwnTexts(one: Export): Export {
  const own = (text: string) => Buffer.from(text).toString()
  const { symbol, module, namespace } = one
  return { ...one, symbol: own(symbol), module: own(module), namespace: namespace && own(namespace) }
}

function refused(path: string, what: string): Read<undefined> {
  return { value: undefined, problems: [badFile(path, what)] }
}
