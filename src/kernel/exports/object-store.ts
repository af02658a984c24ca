import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import * as z from 'zod'
import { exportTypes } from '../../abi/export.ts'
import type { Argv, EnabledObject } from './enabled-object.ts'
import type { Evaluation } from './evaluate-object.ts'
import type { FactStore } from './file-facts.ts'
import { readKept, writeKept } from './kept-json.ts'

/** Evaluations of earlier runs, each with all that it depends on. */
export interface ObjectStore {
  /** What an earlier run found out, if it would be found out again. */
  readonly find: (object: EnabledObject) => Promise<Evaluation | undefined>
  /**
   * Keeps an evaluation, and takes over the file with type definitions if there is one; to be called while the files are
   * still as they were read.
   */
  readonly keep: (object: EnabledObject, evaluation: Evaluation, types: string) => Promise<void>
  /** Where the type definitions behind an object's exports are kept; those of genksyms only. */
  readonly typesOf: (object: EnabledObject) => string | undefined
}

const evaluationShape: z.ZodType<Evaluation> = z
  .object({
    kind: z.literal('evaluation'),
    exports: z.array(
      z
        .object({
          symbol: z.string().min(1),
          crc: z.int().min(0).max(0xffffffff),
          type: z.enum(exportTypes),
          namespace: z.string().optional(),
          file: z.string(),
          line: z.int().min(0),
        })
        // JSON has no undefined.
        .transform((row) => ({ ...row, namespace: row.namespace })),
    ),
    dependencies: z.array(z.string()).min(1),
    unseen: z.array(z.string()).optional(),
  })
  .transform((one) => ({ ...one, unseen: one.unseen }))

const keptShape = z.object({
  /** The commands, the programs they start, the files that their options name. */
  commands: z.string(),
  /** The content of each dependency, and which other files carry its name. */
  inputs: z.string(),
  /** SHA-256 of the type definitions beside it. */
  types: z.string().exactOptional(),
  evaluation: evaluationShape,
})

type Kept = z.infer<typeof keptShape>

interface ObjectStoreOptions {
  readonly folder: string
  /** The folder that commands run in. */
  readonly output: string
  readonly facts: FactStore
  /** Tells one state of a program from another; `undefined` when it is not there. */
  readonly programIdentity: (program: string) => string | undefined
  /** All files of source tree and build folder that could be included, absolute paths. */
  readonly includable: Iterable<string>
}

/**
 * Opens a folder of evaluations. An evaluation holds as long as its commands, its programs and the content of every file
 * it read are the same, and no file came or went that has the name of one of these: the preprocessor might find it first.
 */
export function openObjectStore({
  folder,
  output,
  facts,
  programIdentity,
  includable,
}: ObjectStoreOptions): ObjectStore {
  const namesakes = namesakeDigests(includable)
  const pathOf = (object: EnabledObject, suffix: string): string => join(folder, `${object.object}.${suffix}`)
  const typesOf = (object: EnabledObject): string | undefined =>
    object.checksums.kind === 'genksyms' ? pathOf(object, 'symtypes') : undefined
  const commandsOf = (object: EnabledObject): string => {
    const { source, compile, checksums, assembler } = object
    const commands = [compile, checksums.command, assembler?.listing.command ?? []]
    const programs = commands.map(([program = '']) => programIdentity(program))
    const files = commands.flatMap(optionFiles).map((path) => facts.of(resolve(output, path))?.digest)
    return sha256(JSON.stringify([source, checksums.kind, commands, assembler?.prototypes, programs, files]))
  }
  const inputsOf = (paths: readonly string[]): string | undefined => {
    const hash = createHash('sha256')
    for (const path of paths) {
      const digest = facts.of(path)?.digest
      if (digest === undefined) return undefined
      hash.update(`${path}\0${digest}\0${namesakes(basename(path))}\0`)
    }
    return hash.digest('hex')
  }
  const typesDigest = (object: EnabledObject, { exports }: Evaluation): string | undefined => {
    const place = exports.length > 0 ? typesOf(object) : undefined
    // Not from `facts`: an object that is evaluated again has other types in the same run.
    return place === undefined ? undefined : digestOf(place)
  }
  return {
    find: async (object) => {
      const kept = await readKept(pathOf(object, 'json'), keptShape)
      if (kept?.commands !== commandsOf(object)) return undefined
      if (kept.types !== typesDigest(object, kept.evaluation)) return undefined
      return kept.inputs === inputsOf(kept.evaluation.dependencies) ? kept.evaluation : undefined
    },
    keep: async (object, evaluation, types) => {
      const path = pathOf(object, 'json')
      // In this order, an interruption never leaves the types of one state beside the checksums of another.
      await rm(path, { force: true })
      await mkdir(dirname(path), { recursive: true })
      const place = typesOf(object)
      if (place !== undefined && evaluation.exports.length > 0) await rename(types, place)
      const inputs = inputsOf(evaluation.dependencies)
      if (inputs === undefined) return
      const digest = typesDigest(object, evaluation)
      const kept: Kept = { commands: commandsOf(object), inputs, evaluation }
      await writeKept(path, digest === undefined ? kept : { ...kept, types: digest })
    },
    typesOf,
  }
}

/**
 * The files that options of a compiler name, as `-fplugin=` and `-frandomize-layout-seed-file=` do: no dependency list has
 * them, yet they shape what is compiled.
 */
function optionFiles(command: Argv): readonly string[] {
  return command.flatMap((word) => /^-f[\w-]+=(.*\/.*)$/.exec(word)?.[1] ?? [])
}

/** The digest of a file's content; empty when it cannot be read. */
function digestOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return ''
  }
}

function namesakeDigests(paths: Iterable<string>): (name: string) => string {
  const byName = new Map<string, string[]>()
  for (const path of paths) {
    const name = basename(path)
    const found = byName.get(name)
    if (found) found.push(path)
    else byName.set(name, [path])
  }
  const digests = new Map<string, string>()
  return (name) => {
    const known = digests.get(name)
    if (known !== undefined) return known
    const digest = sha256((byName.get(name) ?? []).sort().join('\0'))
    digests.set(name, digest)
    return digest
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
