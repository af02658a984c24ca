import { createHash } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
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

interface Kept {
  /** The commands, the programs they start, the files that their options name. */
  readonly commands: string
  /** The content of each dependency, and which other files carry its name. */
  readonly inputs: string
  readonly evaluation: Evaluation
}

export interface ObjectStoreOptions {
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
  return {
    find: async (object) => {
      const kept = await readKept<Kept>(pathOf(object, 'json'))
      if (kept?.commands !== commandsOf(object)) return undefined
      return kept.inputs === inputsOf(kept.evaluation.dependencies) ? kept.evaluation : undefined
    },
    keep: async (object, evaluation, types) => {
      const path = pathOf(object, 'json')
      // In this order, an interruption never leaves the types of one state beside the checksums of another.
      await rm(path, { force: true })
      await mkdir(dirname(path), { recursive: true })
      const kept = typesOf(object)
      if (kept !== undefined && evaluation.exports.length > 0) await rename(types, kept)
      const inputs = inputsOf(evaluation.dependencies)
      if (inputs === undefined) return
      await writeKept(path, { commands: commandsOf(object), inputs, evaluation } satisfies Kept)
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
