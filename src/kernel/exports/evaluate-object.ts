import { readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { compilerExports, genksymsNames } from './compiler-exports.ts'
import { computeChecksums, type ChecksumFiles } from './compute-checksums.ts'
import { elfExports } from './elf-exports.ts'
import type { Argv, EnabledObject } from './enabled-object.ts'
import type { ExportAttributes } from './export-attributes.ts'
import { exportPlaces } from './export-places.ts'
import { exportedNames, placeOf, type ExportedName } from './exported-names.ts'
import type { FactStore } from './file-facts.ts'
import type { KernelTree } from './kernel-tree.ts'
import type { PlainExports } from './plain-exports.ts'
import { runCompiler } from './run-compiler.ts'
import type { Stopped } from './run-program.ts'
import { unseenBodies } from './unseen-bodies.ts'

/** An export of one object; which module that is, the object does not know. */
interface ObjectExport extends ExportAttributes {
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
  /** See `unseenBodies`; absent where the compiler's text was not looked at. */
  readonly unseen?: readonly string[] | undefined
}

/** What evaluations have in common. */
interface EvaluationContext {
  readonly tree: KernelTree
  readonly facts: FactStore
  /** The kernel knows namespaces (since Linux 5.4). */
  readonly namespaces: boolean
  readonly plain: PlainExports
}

/** Files that an evaluation may write. */
interface EvaluationFiles {
  /** Removed at the end; others with a suffix beside it too. */
  readonly scratch: string
  /** Where the type definitions behind the exports go (`genksyms -T`); not made for an object without exports. */
  readonly types: string
}

/**
 * Computes the checksums of an object's exports as the kernel's build does. For genksyms the text is preprocessed; what the
 * object exports is another matter, told by the text that the compiler gets, without `-D__GENKSYMS__`, or where that leaves
 * it to the assembler, by the compiled object. For gendwarfksyms the object is compiled anyway.
 */
export async function evaluateObject(
  context: EvaluationContext,
  object: EnabledObject,
  files: EvaluationFiles,
): Promise<Evaluation | Stopped> {
  const written = ['i', 'd', 'second.i', 'second.o', 'listed', 'o', 'c', 'names', 'whole.c', 'whole.i']
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
  const compiled = checkedFile(object, files)
  const made = await runCompiler(tree, object.compile, files.scratch, compiled)
  if (made.kind !== 'compiled') return made
  const { output: text, read: dependencies } = made
  const names = exportedNames(text)
  const told =
    (await exportsOfShortText(context, object, text, names, dependencies, files)) ??
    (await exportsOfWholeText(context, object, files))
  if (told.kind !== 'told') return told
  const all = [...new Set([...dependencies, ...told.dependencies])]
  const own = resolve(tree.output, object.source)
  const known = new Set([own, ...all.map((file) => resolve(tree.output, file))])
  const places = new Map<string, Place>(names.map((name) => [name.symbol, name]))
  const exports = [...told.exports].map(([symbol, { type, namespace, place }]) => {
    const { file, line } = places.get(symbol) ?? place ?? { file: own, line: 0 }
    const path = resolve(tree.output, file)
    // A `#line` names what it likes, also what nobody reads.
    return { symbol, type, namespace, ...(known.has(path) ? { file: path, line } : { file: own, line: 0 }) }
  })
  // Genksyms is given no export to compute the checksum of; the build records zero for these.
  if (names.length === 0) {
    return { kind: 'evaluation', exports: exports.map((one) => ({ ...one, crc: 0 })), dependencies: all }
  }
  const evaluation = await withChecksums(tree, object, checksumFiles(compiled, text, files), exports, all)
  if (evaluation.kind !== 'evaluation' || evaluation.exports.length === 0) return evaluation
  return { ...evaluation, unseen: unseenBodies(await readFile(files.types), [text, ...told.texts]) }
}

interface Place {
  readonly file: string
  readonly line: number
}

/** What an object exports, as the compiler or the assembler has it. */
interface Told {
  readonly kind: 'told'
  readonly exports: ReadonlyMap<string, ExportAttributes & { readonly place?: Place }>
  readonly dependencies: readonly string[]
  /** What the compiler gets, where that is not the text of genksyms. */
  readonly texts: readonly Buffer[]
}

/**
 * Spares the second preprocessing of the whole text where all exports are written out and nothing that was read could make
 * them anything else: their lines are preprocessed alone, by the same command.
 * @returns undefined where that is not sure
 */
async function exportsOfShortText(
  { tree, namespaces, plain }: EvaluationContext,
  object: EnabledObject,
  text: Buffer,
  names: readonly ExportedName[],
  dependencies: readonly string[],
  { scratch }: EvaluationFiles,
): Promise<Told | Stopped | undefined> {
  const compiler = forCompiler(object)
  if (compiler.some((word) => beyondReaders.test(word))) return undefined
  const short = plain.shortText(names, dependencies)
  if (short === undefined) return undefined
  if (genksymsNames(text)?.join() !== names.map(({ symbol }) => symbol).join()) return undefined
  if (names.length === 0) return { kind: 'told', exports: new Map(), dependencies: [], texts: [] }
  const source = `${scratch}.c`
  const output = `${scratch}.second.i`
  await writeFile(source, short)
  const argv = [...compiler.slice(0, -1), '-xc', '-']
  const read = await runCompiler(tree, argv, scratch, output, source)
  if (read.kind !== 'compiled') return read.kind === 'interrupted' ? read : undefined
  if (!plain.meansTheSame(read.read, dependencies, short.match(/\w+/g) ?? [])) return undefined
  const found = compilerExports(read.output, namespaces)
  if (found.kind === 'doubt') return undefined
  return { kind: 'told', exports: withoutPlaces(found.exports), dependencies: [], texts: [] }
}

/** Options with which a text means what its readers here do not know: trigraphs, which no kernel uses, and hidden words. */
const beyondReaders = /^-(?:trigraphs|ansi|std=(?!gnu))|GENKSYMS|__COUNTER__/

async function exportsOfWholeText(
  { tree, namespaces }: EvaluationContext,
  object: EnabledObject,
  { scratch }: EvaluationFiles,
): Promise<Told | Stopped> {
  const output = `${scratch}.second.i`
  const made = await runCompiler(tree, forCompiler(object), scratch, output)
  if (made.kind !== 'compiled') return made
  const { output: text, read: dependencies } = made
  const found = compilerExports(text, namespaces)
  if (found.kind === 'doubt') {
    const told = await exportsOfObject(tree, namespaces, forCompiler(object), scratch)
    return told.kind === 'told' ? { ...told, texts: [text] } : told
  }
  const exports = [...found.exports].map(
    ([symbol, { at, ...attributes }]) => [symbol, { ...attributes, place: placeOf(text, at) }] as const,
  )
  return { kind: 'told', exports: new Map(exports), dependencies, texts: [text] }
}

/** The last word: compiles or assembles what a command preprocesses. */
async function exportsOfObject(
  tree: KernelTree,
  namespaces: boolean,
  preprocess: Argv,
  scratch: string,
): Promise<Told | Stopped> {
  const output = `${scratch}.second.o`
  const argv = [...preprocess.filter((word) => word !== '-E' && word !== '-c'), '-c']
  const made = await runCompiler(tree, argv, scratch, output)
  if (made.kind !== 'compiled') return made
  const exports = elfExports(made.output, namespaces)
  return exports ? { kind: 'told', exports, dependencies: made.read, texts: [] } : notUnderstood
}

/** The command without what the kernel's build puts before the options of the compiler (scripts/Makefile.build). */
function forCompiler({ compile }: EnabledObject): Argv {
  const at = compile.indexOf('-D__GENKSYMS__')
  return compile.filter((_, index) => index !== at)
}

function withoutPlaces(
  exports: ReadonlyMap<string, ExportAttributes>,
): ReadonlyMap<string, ExportAttributes> {
  return new Map([...exports].map(([symbol, { type, namespace }]) => [symbol, { type, namespace }]))
}

async function evaluateCompiled(
  context: EvaluationContext,
  object: EnabledObject,
  files: EvaluationFiles,
): Promise<Evaluation | Stopped> {
  const { tree, facts } = context
  const compiled = checkedFile(object, files)
  const made = await runCompiler(tree, object.compile, files.scratch, compiled)
  if (made.kind !== 'compiled') return made
  const dependencies = made.read
  const attributes = elfExports(made.output, context.namespaces)
  if (!attributes) return notUnderstood
  const placeOf = exportPlaces([resolve(tree.output, object.source), ...dependencies], facts)
  const exports = [...attributes].map(([symbol, found]) => ({ symbol, ...found, ...placeOf(symbol) }))
  return withChecksums(tree, object, checksumFiles(compiled, made.output, files), exports, dependencies)
}

async function evaluateAssembler(
  context: EvaluationContext,
  object: EnabledObject,
  { prototypes, listing }: NonNullable<EnabledObject['assembler']>,
  files: EvaluationFiles,
): Promise<Evaluation | Stopped> {
  const { tree, namespaces } = context
  const { scratch } = files
  const told = await exportsOfObject(tree, namespaces, listing.command, scratch)
  if (told.kind !== 'told') return told
  const { exports: attributes, dependencies } = told
  if (attributes.size === 0) return { kind: 'evaluation', exports: [], dependencies }
  const compiled = checkedFile(object, files)
  const source = `${scratch}.c`
  const exported = [...attributes.keys()].map((symbol) => `EXPORT_SYMBOL(${symbol});`)
  await writeFile(source, [...prototypes, ...exported, ''].join('\n'))
  const declared = await runCompiler(tree, object.compile, scratch, compiled, source)
  if (declared.kind !== 'compiled') return declared
  const file = resolve(tree.output, object.source)
  const exports = [...attributes].map(([symbol, found]) => ({ symbol, ...found, file, line: 0 }))
  const read = checksumFiles(compiled, declared.output, files)
  return withChecksums(tree, object, read, exports, [...new Set([...dependencies, ...declared.read])])
}

const notUnderstood: Stopped = {
  kind: 'failed',
  why: 'the compiler made no ELF file with exports as they are known, each with an entry of its own and a checksum of genksyms',
  stderr: [],
}

/** What the program for checksums reads. */
function checkedFile({ checksums }: EnabledObject, { scratch }: EvaluationFiles): string {
  return `${scratch}.${checksums.kind === 'genksyms' ? 'i' : 'o'}`
}

function checksumFiles(compiled: string, output: Buffer, { scratch, types }: EvaluationFiles): ChecksumFiles {
  return { compiled, output, types, names: `${scratch}.names` }
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
