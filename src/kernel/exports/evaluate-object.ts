import { readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { assemblerListing } from './assembler-listing.ts'
import { computeChecksums, type ChecksumFiles } from './compute-checksums.ts'
import { elfExports } from './elf-exports.ts'
import type { EnabledObject } from './enabled-object.ts'
import { exportAttributes, type ExportAttributes } from './export-attributes.ts'
import { exportPlaces } from './export-places.ts'
import { exportedNames, type ExportedName } from './exported-names.ts'
import type { FactStore } from './file-facts.ts'
import type { KernelTree } from './kernel-tree.ts'
import { plainTypes } from './plain-types.ts'
import { runCompiler } from './run-compiler.ts'
import type { Stopped } from './run-program.ts'

/** An export of one object; which module that is, the object does not know. */
export interface ObjectExport extends ExportAttributes {
  readonly symbol: string
  /** 0 when it has none, as in a `Module.symvers`: genksyms found no declaration, gendwarfksyms no type. */
  readonly crc: number
  /** Where the export stands; an absolute path. */
  readonly file: string
  /** 0 where only the file is known. */
  readonly line: number
}

/** What was found out about one object. */
export interface Evaluation {
  readonly kind: 'evaluation'
  readonly exports: readonly ObjectExport[]
  /** Every file that was read; absolute paths. */
  readonly dependencies: readonly string[]
}

/** What evaluations have in common. */
export interface EvaluationContext {
  readonly tree: KernelTree
  readonly facts: FactStore
  /** The kernel knows namespaces (since Linux 5.4). */
  readonly namespaces: boolean
  /** True for a file that gives a macro such as EXPORT_SYMBOL a meaning of its own. */
  readonly redefinesExports: (path: string) => boolean
}

/** Files that an evaluation may write. */
export interface EvaluationFiles {
  /** Removed at the end; others with a suffix beside it too. */
  readonly scratch: string
  /** Where the type definitions behind the exports go (`genksyms -T`); not made for an object without exports. */
  readonly types: string
}

/**
 * Computes the checksums of an object's exports as the kernel's build does. For genksyms nothing is compiled, only
 * preprocessed; a second time, without `-D__GENKSYMS__`, where only that tells an export's type. For gendwarfksyms the
 * object is compiled, and its symbols tell the exports.
 */
export async function evaluateObject(
  context: EvaluationContext,
  object: EnabledObject,
  files: EvaluationFiles,
): Promise<Evaluation | Stopped> {
  const written = ['i', 'd', 'second.i', 'listed', 'o', 'c', 'names']
  try {
    if (object.assembler) return await evaluateAssembler(context, object, object.assembler, files)
    const evaluateC = object.checksums.kind === 'genksyms' ? evaluateText : evaluateCompiled
    return await evaluateC(context, object, files)
  } finally {
    await Promise.all(written.map((suffix) => rm(`${files.scratch}.${suffix}`, { force: true })))
  }
}

async function evaluateText(
  context: EvaluationContext,
  object: EnabledObject,
  files: EvaluationFiles,
): Promise<Evaluation | Stopped> {
  const { tree } = context
  const read = checksumFiles(object, files)
  const dependencies = await runCompiler(tree, object.compile, files.scratch, read.compiled)
  if ('kind' in dependencies) return dependencies
  const names = exportedNames(await readFile(read.compiled))
  if (names.length === 0) return { kind: 'evaluation', exports: [], dependencies }
  const attributes = await attributesOf(context, object, names, dependencies, files)
  if ('kind' in attributes) return attributes
  const exports: UncheckedExport[] = []
  for (const { symbol, file, line } of names) {
    const found = attributes.get(symbol)
    if (!found) return { kind: 'failed', why: `the export type of ${symbol} cannot be told`, stderr: [] }
    exports.push({ symbol, ...found, file: resolve(tree.output, file), line })
  }
  return withChecksums(tree, object, read, exports, dependencies)
}

async function evaluateCompiled(
  context: EvaluationContext,
  object: EnabledObject,
  files: EvaluationFiles,
): Promise<Evaluation | Stopped> {
  const { tree, facts } = context
  const read = checksumFiles(object, files)
  const dependencies = await runCompiler(tree, object.compile, files.scratch, read.compiled)
  if ('kind' in dependencies) return dependencies
  const attributes = elfExports(await readFile(read.compiled))
  if (!attributes) return notUnderstood
  const placeOf = exportPlaces([resolve(tree.output, object.source), ...dependencies], facts)
  const exports = [...attributes].map(([symbol, found]) => ({ symbol, ...found, ...placeOf(symbol) }))
  return withChecksums(tree, object, read, exports, dependencies)
}

async function attributesOf(
  context: EvaluationContext,
  object: EnabledObject,
  names: readonly ExportedName[],
  dependencies: readonly string[],
  { scratch }: EvaluationFiles,
): Promise<ReadonlyMap<string, ExportAttributes> | Stopped> {
  const { tree, namespaces } = context
  if (names.every(({ type }) => type !== undefined)) {
    return new Map(
      names.flatMap(({ symbol, type }) => (type ? [[symbol, { type, namespace: undefined }]] : [])),
    )
  }
  const namespace = namespaces ? '' : undefined
  const ordinary =
    !object.compile.some((word) => word.startsWith('-DDEFAULT_SYMBOL_NAMESPACE')) &&
    !dependencies.some((path) => context.redefinesExports(path))
  const plain = ordinary ? await plainTypes(names, tree.output) : undefined
  if (plain) return new Map([...plain].map(([symbol, type]) => [symbol, { type, namespace }]))
  const text = `${scratch}.second.i`
  const argv = object.compile.filter((word) => word !== '-D__GENKSYMS__')
  const stopped = await runCompiler(tree, argv, scratch, text)
  return 'kind' in stopped ? stopped : exportAttributes(await readFile(text, 'utf8'), namespaces)
}

async function evaluateAssembler(
  context: EvaluationContext,
  object: EnabledObject,
  { prototypes, listing }: NonNullable<EnabledObject['assembler']>,
  files: EvaluationFiles,
): Promise<Evaluation | Stopped> {
  const { tree, namespaces } = context
  const { scratch } = files
  const listed = `${scratch}.listed`
  const dependencies = await runCompiler(tree, listing.command, scratch, listed)
  if ('kind' in dependencies) return dependencies
  const attributes = assemblerListing(listing.kind, await readFile(listed), namespaces)
  if (!attributes) return notUnderstood
  if (attributes.size === 0) return { kind: 'evaluation', exports: [], dependencies }
  const read = checksumFiles(object, files)
  const source = `${scratch}.c`
  const exported = [...attributes.keys()].map((symbol) => `EXPORT_SYMBOL(${symbol});`)
  await writeFile(source, [...prototypes, ...exported, ''].join('\n'))
  const declared = await runCompiler(tree, object.compile, scratch, read.compiled, source)
  if ('kind' in declared) return declared
  const file = resolve(tree.output, object.source)
  const exports = [...attributes].map(([symbol, found]) => ({ symbol, ...found, file, line: 0 }))
  return withChecksums(tree, object, read, exports, [...new Set([...dependencies, ...declared])])
}

const notUnderstood: Stopped = {
  kind: 'failed',
  why: 'the compiler made no ELF file with exports as they are known',
  stderr: [],
}

function checksumFiles({ checksums }: EnabledObject, { scratch, types }: EvaluationFiles): ChecksumFiles {
  const suffix = checksums.kind === 'genksyms' ? 'i' : 'o'
  return { compiled: `${scratch}.${suffix}`, types, names: `${scratch}.names` }
}

type UncheckedExport = Omit<ObjectExport, 'crc'>

async function withChecksums(
  tree: KernelTree,
  object: EnabledObject,
  files: ChecksumFiles,
  exports: readonly UncheckedExport[],
  dependencies: readonly string[],
): Promise<Evaluation | Stopped> {
  if (exports.length === 0) return { kind: 'evaluation', exports: [], dependencies }
  const symbols = exports.map(({ symbol }) => symbol)
  const checksums = await computeChecksums(tree, object, symbols, files)
  if ('kind' in checksums) return checksums
  const complete = exports.map((one) => ({ ...one, crc: checksums.get(one.symbol) ?? 0 }))
  return { kind: 'evaluation', exports: complete, dependencies }
}
