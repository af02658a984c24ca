import { createHash } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { EnabledObject } from './enabled-object.ts'
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
  /** Where the type definitions behind an object's exports are kept. */
  readonly typesOf: (object: EnabledObject) => string
}

interface Kept {
  /** The commands and the programs they start. */
  readonly commands: string
  /** The content of each dependency, and which other files carry its name. */
  readonly inputs: string
  readonly evaluation: Evaluation
}

export interface ObjectStoreOptions {
  readonly folder: string
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
  facts,
  programIdentity,
  includable,
}: ObjectStoreOptions): ObjectStore {
  const namesakes = namesakeDigests(includable)
  const pathOf = (object: EnabledObject, suffix: string): string => join(folder, `${object.object}.${suffix}`)
  const commandsOf = (object: EnabledObject): string => {
    const { source, preprocess, genksyms, assembler } = object
    const programs = [preprocess, genksyms, assembler?.listing.command ?? []].map(([program = '']) =>
      programIdentity(program),
    )
    return sha256(JSON.stringify([source, preprocess, genksyms, assembler, programs]))
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
      if (evaluation.exports.length > 0) await rename(types, pathOf(object, 'symtypes'))
      const inputs = inputsOf(evaluation.dependencies)
      if (inputs === undefined) return
      await writeKept(path, { commands: commandsOf(object), inputs, evaluation } satisfies Kept)
    },
    typesOf: (object) => pathOf(object, 'symtypes'),
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
