import type { Collected, Evidence } from '../abi/evidence.ts'
import type { Symvers } from '../abi/export.ts'
import { formatSymvers } from '../abi/format-symvers.ts'
import { formatLayouts } from '../abi/layouts/format-layouts.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { checksumsOf } from '../abi/types/recompute.ts'
import { readProtectedTypes } from '../baseline/read-protected-types.ts'
import { typesFor } from '../baseline/types-for.ts'
import type { Verdict } from '../judge/verdict.ts'
import { formatBasis } from './basis-file.ts'
import { formatDependencies, makeDependencies } from './dependencies.ts'
import { pack } from './gzipped.ts'
import { fileNames, limits, type ContentName } from './limits.ts'
import { excessOfTypes } from './open-types.ts'
import { formatRecord } from './parse-record.ts'
import { formatVersion, type EvidenceRecord, type FoundRecord } from './record.ts'
import { sha256 } from './sha256.ts'

/** Who collected, and what was asked for. */
export interface Collector {
  readonly tool: Verdict['tool']
  /** As `planDigest` says. */
  readonly plan: string
  /** The commit whose configuration counts; absent: that of the tree itself does. */
  readonly base?: string | undefined
}

/**
 * Makes the files of an evidence folder, by name. The same evidence gives the same bytes. What only explains, types and
 * dependencies, is left out, with a note, where it cannot be read or is more than a reader accepts.
 *
 * Problem, without a value: `bad-evidence` for more than a reader accepts.
 * @param symbols the protected symbols
 */
export async function evidenceFiles(
  collected: Collected,
  { tool, plan, base }: Collector,
  symbols: ReadonlySet<string>,
): Promise<Read<ReadonlyMap<string, Uint8Array> | undefined>> {
  const { kind, variant } = collected
  const common = { version: formatVersion, variant, tool: { ...tool }, plan, base: base ?? null } as const
  const files = new Map<string, Uint8Array>()
  const notes: Problem[] = []
  let record: EvidenceRecord
  if (kind === 'failure') {
    record = { ...common, kind, problems: recordedProblems(collected.problems, variant) }
  } else {
    files.set(fileNames.symvers, encoded(formatSymvers(collected.symvers.exports)))
    const more = { types: typesOf, layouts: layoutsOf, dependencies: dependenciesOf, basis: basisOf }
    for (const name of ['types', 'layouts', 'dependencies', 'basis'] as const) {
      const { value, problems } = await more[name](collected, symbols)
      notes.push(...problems)
      if (value) files.set(fileNames[name], value)
    }
    record = { ...common, kind, ...foundRecord(collected, notes, files) }
  }
  files.set(fileNames.record, encoded(formatRecord(record)))
  for (const name of ['record', 'symvers'] as const) {
    const { length } = files.get(fileNames[name]) ?? new Uint8Array()
    if (length > limits[name].bytes) return { value: undefined, problems: [tooLarge(variant, name, length)] }
  }
  return { value: files, problems: [] }
}

function foundRecord(
  { variant, symvers, how, tree, carried, build, notes }: Evidence,
  more: readonly Problem[],
  files: ReadonlyMap<string, Uint8Array>,
): Omit<FoundRecord, 'version' | 'variant' | 'tool' | 'plan' | 'base' | 'kind'> {
  const { strategy, source, compiler, configDigest, seconds } = how
  const described = (name: ContentName) => {
    const bytes = files.get(fileNames[name])
    return bytes && { size: bytes.length, sha256: sha256(bytes) }
  }
  const types = described('types')
  const layouts = described('layouts')
  const dependencies = described('dependencies')
  const basis = described('basis')
  return {
    how: {
      strategy,
      ...(source === undefined ? {} : { source }),
      ...(compiler === undefined ? {} : { compiler }),
      ...(configDigest === undefined ? {} : { configDigest }),
      seconds,
    },
    tree: tree ?? null,
    ...(carried ? { carried: { ...carried } } : {}),
    ...(build ? { build: buildRecord(build) } : {}),
    symvers: placesOf(symvers),
    notes: recordedProblems([...notes, ...more], variant),
    files: {
      [fileNames.symvers]: described('symvers') ?? { size: 0, sha256: sha256(new Uint8Array()) },
      ...(types ? { [fileNames.types]: types } : {}),
      ...(layouts ? { [fileNames.layouts]: layouts } : {}),
      ...(dependencies ? { [fileNames.dependencies]: dependencies } : {}),
      ...(basis ? { [fileNames.basis]: basis } : {}),
    },
  }
}

function buildRecord({
  arch,
  kernel,
  genksyms,
  options,
  objects,
}: NonNullable<Evidence['build']>): NonNullable<FoundRecord['build']> {
  const sorted = <T>(entries: Iterable<[string, T]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    arch,
    ...(kernel === undefined ? {} : { kernel }),
    genksyms,
    options: sorted(options),
    ...(objects
      ? {
          objects: sorted(objects).map(([object, { exports }]): [string, string[]] => [object, [...exports]]),
          unseen: sorted(objects).flatMap(([object, { unseen }]): [string, string[]][] =>
            unseen ? [[object, [...unseen]]] : [],
          ),
        }
      : {}),
  }
}

function placesOf({ file, exports }: Symvers): FoundRecord['symvers'] {
  const files = new Map<string, number>()
  for (const { file: path } of exports) if (!files.has(path)) files.set(path, files.size)
  const places = exports.map(({ file: path, line }): [number, number] => [files.get(path) ?? 0, line])
  return { file, files: [...files.keys()], places }
}

function recordedProblems(problems: readonly Problem[], variant: string): FoundRecord['notes'] {
  return problems.map(({ kind, message, place, excerpt, advice }) => ({
    kind,
    message,
    ...(place ? { place: { ...place } } : {}),
    variant,
    ...(excerpt ? { excerpt: [...excerpt] } : {}),
    ...(advice === undefined ? {} : { advice }),
  }))
}

async function typesOf(
  { build, types, symvers }: Evidence,
  symbols: ReadonlySet<string>,
): Promise<Read<Uint8Array | undefined>> {
  const { value, problems } = build?.objects
    ? await readProtectedTypes(build.objects, symbols)
    : types?.kind === 'path'
      ? await typesMade(types.path, symvers, symbols)
      : { value: undefined, problems: [] }
  const [fault] = problems.filter(isError)
  if (fault) return { value: undefined, problems: [leftOut(`the types are not known: ${fault.message}`)] }
  if (!value || value.length === 0) return { value: undefined, problems: [] }
  return packed(value, 'types')
}

/** Those that a build made itself, as far as its checksums come out of them. */
async function typesMade(
  path: string,
  { exports }: Symvers,
  symbols: ReadonlySet<string>,
): Promise<Read<Uint8Array | undefined>> {
  const checksums = checksumsOf(exports.filter(({ symbol }) => symbols.has(symbol)))
  const { value, problems } = await typesFor(path, checksums)
  return { value: value?.bytes, problems }
}

async function layoutsOf({ layouts }: Evidence): Promise<Read<Uint8Array | undefined>> {
  return layouts ? packed(encoded(formatLayouts(layouts)), 'layouts') : { value: undefined, problems: [] }
}

async function dependenciesOf(
  { build, how: { source } }: Evidence,
  symbols: ReadonlySet<string>,
): Promise<Read<Uint8Array | undefined>> {
  if (!build?.objects || source === undefined) return { value: undefined, problems: [] }
  const objects = [...build.objects]
    .filter(([, { exports }]) => exports.some((symbol) => symbols.has(symbol)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  if (objects.length === 0) return { value: undefined, problems: [] }
  return packed(encoded(formatDependencies(makeDependencies(new Map(objects), source))), 'dependencies')
}

/** Without it, the evidence holds for its own commit alone. */
async function basisOf({ basis }: Evidence): Promise<Read<Uint8Array | undefined>> {
  const words = basis ? basis.files.size + basis.names.size : 0
  if (!basis || words > limits.basis.words) return { value: undefined, problems: [] }
  const { value } = await packed(encoded(formatBasis(basis)), 'basis')
  return { value, problems: [] }
}

async function packed(
  content: Uint8Array,
  name: Exclude<ContentName, 'symvers'>,
): Promise<Read<Uint8Array | undefined>> {
  const { bytes, unpacked } = limits[name]
  const excess = name === 'types' ? excessOfTypes(content) !== undefined : content.length > unpacked
  const archive = excess ? undefined : await pack(content)
  if (archive && archive.length <= bytes) return { value: archive, problems: [] }
  const why = `its ${name} are larger than evidence may be.`
  return { value: undefined, problems: [name === 'layouts' ? withoutLayouts(why) : leftOut(why)] }
}

function leftOut(why: string): Problem {
  return { kind: 'not-explained', message: `The evidence will not tell why checksums changed: ${why}` }
}

function withoutLayouts(why: string): Problem {
  return { kind: 'no-layouts', message: `The evidence will not tell how types lie in memory: ${why}` }
}

function tooLarge(variant: string, name: 'record' | 'symvers', length: number): Problem {
  const message = `${fileNames[name]} would have ${length} bytes, more than the ${limits[name].bytes} that evidence may have.`
  return {
    kind: 'bad-evidence',
    variant,
    message,
    advice: 'This must not happen; please report it with the kernel.',
  }
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
