import { readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { assemblerListing } from './assembler-listing.ts'
import type { Argv, EnabledObject } from './enabled-object.ts'
import { exportAttributes, type ExportAttributes } from './export-attributes.ts'
import { exportedNames, type ExportedName } from './exported-names.ts'
import type { KernelTree } from './kernel-tree.ts'
import { parseChecksums } from './parse-checksums.ts'
import { parseDependencies } from './parse-dependencies.ts'
import { plainTypes } from './plain-types.ts'
import { runProgram, type Stopped } from './run-program.ts'

/** An export of one object; which module that is, the object does not know. */
export interface ObjectExport extends ExportAttributes {
  readonly symbol: string
  /** 0 when genksyms found no declaration, as in a `Module.symvers`. */
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
 * Computes the checksums of an object's exports as the kernel's build does, without compiling it: preprocess, then
 * genksyms. The text is preprocessed a second time, without `-D__GENKSYMS__`, where only that tells an export's type.
 */
export async function evaluateObject(
  context: EvaluationContext,
  object: EnabledObject,
  files: EvaluationFiles,
): Promise<Evaluation | Stopped> {
  const written = ['i', 'd', 'second.i', 'S.i', 'o', 'c'].map((suffix) => `${files.scratch}.${suffix}`)
  try {
    return object.assembler
      ? await evaluateAssembler(context, object, object.assembler, files)
      : await evaluateC(context, object, files)
  } finally {
    await Promise.all(written.map((path) => rm(path, { force: true })))
  }
}

async function evaluateC(
  context: EvaluationContext,
  object: EnabledObject,
  files: EvaluationFiles,
): Promise<Evaluation | Stopped> {
  const { tree } = context
  const text = `${files.scratch}.i`
  const dependencies = await preprocess(tree, object.preprocess, files.scratch, text)
  if ('kind' in dependencies) return dependencies
  const names = exportedNames(await readFile(text))
  if (names.length === 0) return { kind: 'evaluation', exports: [], dependencies }
  const checksums = await genksyms(tree, object.genksyms, text, files.types)
  if ('kind' in checksums) return checksums
  const attributes = await attributesOf(context, object, names, dependencies, files)
  if ('kind' in attributes) return attributes
  const exports: ObjectExport[] = []
  for (const { symbol, file, line } of names) {
    const found = attributes.get(symbol)
    if (!found) return { kind: 'failed', why: `the export type of ${symbol} cannot be told`, stderr: [] }
    exports.push({
      symbol,
      crc: checksums.get(symbol) ?? 0,
      ...found,
      file: resolve(tree.output, file),
      line,
    })
  }
  return { kind: 'evaluation', exports, dependencies }
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
    !object.preprocess.some((word) => word.startsWith('-DDEFAULT_SYMBOL_NAMESPACE')) &&
    !dependencies.some((path) => context.redefinesExports(path))
  const plain = ordinary ? await plainTypes(names, tree.output) : undefined
  if (plain) return new Map([...plain].map(([symbol, type]) => [symbol, { type, namespace }]))
  const text = `${scratch}.second.i`
  const argv = object.preprocess.filter((word) => word !== '-D__GENKSYMS__')
  const stopped = await preprocess(tree, argv, scratch, text)
  return 'kind' in stopped ? stopped : exportAttributes(await readFile(text, 'utf8'), namespaces)
}

async function evaluateAssembler(
  { tree, namespaces }: EvaluationContext,
  object: EnabledObject,
  { prototypes, listing }: NonNullable<EnabledObject['assembler']>,
  files: EvaluationFiles,
): Promise<Evaluation | Stopped> {
  const { scratch } = files
  const listed = `${scratch}.${listing.kind === 'text' ? 'S.i' : 'o'}`
  const dependencies = await preprocess(tree, listing.command, scratch, listed)
  if ('kind' in dependencies) return dependencies
  const attributes = assemblerListing(listing.kind, await readFile(listed), namespaces)
  if (!attributes) return { kind: 'failed', why: 'the assembled object is no ELF file', stderr: [] }
  if (attributes.size === 0) return { kind: 'evaluation', exports: [], dependencies }
  const text = `${scratch}.i`
  const source = `${scratch}.c`
  const exported = [...attributes.keys()].map((symbol) => `EXPORT_SYMBOL(${symbol});`)
  await writeFile(source, [...prototypes, ...exported, ''].join('\n'))
  const declared = await preprocess(tree, object.preprocess, scratch, text, source)
  if ('kind' in declared) return declared
  const checksums = await genksyms(tree, object.genksyms, text, files.types)
  if ('kind' in checksums) return checksums
  const file = resolve(tree.output, object.source)
  return {
    kind: 'evaluation',
    exports: [...attributes].map(([symbol, found]) => ({
      symbol,
      crc: checksums.get(symbol) ?? 0,
      ...found,
      file,
      line: 0,
    })),
    dependencies: [...new Set([...dependencies, ...declared])],
  }
}

/** Runs a compiler so that it writes a file, and gives the files it read. */
async function preprocess(
  tree: KernelTree,
  argv: Argv,
  scratch: string,
  output: string,
  input?: string,
): Promise<readonly string[] | Stopped> {
  const rule = `${scratch}.d`
  const outcome = await runProgram(tree, [...argv, '-MD', '-MF', rule, '-o', output], input)
  if (outcome.kind !== 'done') return outcome
  const read = parseDependencies(await readFile(rule, 'utf8'))
  return read.filter((path) => path !== '-').map((path) => resolve(tree.output, path))
}

async function genksyms(
  tree: KernelTree,
  argv: Argv,
  text: string,
  types: string,
): Promise<ReadonlyMap<string, number> | Stopped> {
  const outcome = await runProgram(tree, [...argv, '-T', types], text)
  return outcome.kind === 'done' ? parseChecksums(outcome.stdout.join('\n')) : outcome
}
