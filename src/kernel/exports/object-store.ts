import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { exportTypes } from '../../abi/export.ts'
import type { EnabledObject } from './enabled-object.ts'
import type { Evaluation } from './evaluate-object.ts'
import { readKept, writeKept } from './kept-json.ts'
import type { ObjectInputs } from './object-inputs.ts'

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
  /** Of `ObjectInputs`. */
  commands: z.string(),
  /** The state of its dependencies. */
  inputs: z.string(),
  /** SHA-256 of the type definitions beside it. */
  types: z.string().exactOptional(),
  evaluation: evaluationShape,
})

type Kept = z.infer<typeof keptShape>

/** Opens a folder of evaluations. An evaluation holds as long as what it was made from is the same: see `ObjectInputs`. */
export function openObjectStore(folder: string, inputs: ObjectInputs): ObjectStore {
  const pathOf = (object: EnabledObject, suffix: string): string => join(folder, `${object.object}.${suffix}`)
  const typesOf = (object: EnabledObject): string | undefined =>
    object.checksums.kind === 'genksyms' ? pathOf(object, 'symtypes') : undefined
  const typesDigest = (object: EnabledObject, { exports }: Evaluation): string | undefined => {
    const place = exports.length > 0 ? typesOf(object) : undefined
    // Not from `facts`: an object that is evaluated again has other types in the same run.
    return place === undefined ? undefined : digestOf(place)
  }
  return {
    find: async (object) => {
      const kept = await readKept(pathOf(object, 'json'), keptShape)
      if (kept?.commands !== inputs.commands(object)) return undefined
      if (kept.types !== typesDigest(object, kept.evaluation)) return undefined
      return kept.inputs === inputs.files(kept.evaluation.dependencies) ? kept.evaluation : undefined
    },
    keep: async (object, evaluation, types) => {
      const path = pathOf(object, 'json')
      // In this order, an interruption never leaves the types of one state beside the checksums of another.
      await rm(path, { force: true })
      await mkdir(dirname(path), { recursive: true })
      const place = typesOf(object)
      if (place !== undefined && evaluation.exports.length > 0) await rename(types, place)
      const files = inputs.files(evaluation.dependencies)
      if (files === undefined) return
      const digest = typesDigest(object, evaluation)
      const kept: Kept = { commands: inputs.commands(object), inputs: files, evaluation }
      await writeKept(path, digest === undefined ? kept : { ...kept, types: digest })
    },
    typesOf,
  }
}

/** The digest of a file's content; empty when it cannot be read. */
function digestOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return ''
  }
}
