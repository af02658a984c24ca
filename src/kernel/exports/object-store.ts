import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
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
  /** Removes what was not of use for the longest time where all that is kept takes too much room; to be called at the end. */
  readonly bound: () => Promise<void>
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

/** Evaluations of one object that are kept, for trees, configurations or compilers that take turns. */
const mostVersions = 4

/** Bytes of all evaluations: several times more than those of every export of a kernel. */
const mostBytes = 4 * 1024 ** 3

/**
 * Opens a folder of evaluations. An evaluation holds as long as what it was made from is the same: see `ObjectInputs`. Several of one
 * object lie side by side; those that were not of use for the longest time go.
 */
export function openObjectStore(folder: string, inputs: ObjectInputs, most = mostBytes): ObjectStore {
  /** The version of each object that counts in this run. */
  const current = new Map<string, string>()
  let grown = false
  const pathOf = ({ object }: EnabledObject, version: string, suffix: string): string =>
    join(folder, object, `${version}.${suffix}`)
  const typesOf = (object: EnabledObject): string | undefined => {
    const version = current.get(object.object)
    return object.checksums.kind === 'genksyms' && version !== undefined
      ? pathOf(object, version, 'symtypes')
      : undefined
  }
  /** Not from `facts`: an object that is evaluated again has other types in the same run. */
  const typesDigest = (object: EnabledObject, version: string, { exports }: Evaluation) =>
    hasTypes(object, exports) ? digestOf(pathOf(object, version, 'symtypes')) : undefined
  const holds = (object: EnabledObject, version: string, kept: Kept): boolean =>
    kept.types === typesDigest(object, version, kept.evaluation) &&
    kept.inputs === inputs.dependencies(kept.evaluation.dependencies)
  return {
    find: async (object) => {
      const commands = inputs.commands(object)
      for (const version of await versionsIn(join(folder, object.object))) {
        const path = pathOf(object, version, 'json')
        const kept = await readKept(path, keptShape)
        if (kept?.commands !== commands) continue
        const evaluation = renamed(kept.evaluation, inputs.paths.home)
        if (!holds(object, version, { ...kept, evaluation })) continue
        current.set(object.object, version)
        const now = new Date()
        await utimes(path, now, now)
        return evaluation
      }
      return undefined
    },
    keep: async (object, evaluation, types) => {
      const commands = inputs.commands(object)
      const files = inputs.dependencies(evaluation.dependencies)
      const version = files === undefined ? 'unsure' : versionOf(commands, files)
      const path = pathOf(object, version, 'json')
      current.set(object.object, version)
      grown = true
      // In this order, an interruption never leaves the types of one state beside the checksums of another.
      await rm(path, { force: true })
      await mkdir(dirname(path), { recursive: true })
      if (hasTypes(object, evaluation.exports)) await rename(types, pathOf(object, version, 'symtypes'))
      if (files !== undefined) {
        const digest = typesDigest(object, version, evaluation)
        const kept: Kept = { commands, inputs: files, evaluation: renamed(evaluation, inputs.paths.away) }
        await writeKept(path, digest === undefined ? kept : { ...kept, types: digest })
      }
      for (const old of (await versionsIn(join(folder, object.object))).slice(mostVersions))
        await removeVersion(join(folder, object.object, old))
    },
    typesOf,
    bound: async () => {
      if (grown) await removeOldest(folder, most, new Set(current.values()))
    },
  }
}

/** @param path of its files, without their suffix */
async function removeVersion(path: string): Promise<void> {
  for (const suffix of ['json', 'symtypes']) await rm(`${path}.${suffix}`, { force: true })
}

/** What is kept of one state of an object: its files, without their suffix. */
interface Room {
  readonly path: string
  bytes: number
  used: number
}

/** @param spared versions that this run goes on with */
async function removeOldest(folder: string, most: number, spared: ReadonlySet<string>): Promise<void> {
  const rooms = new Map<string, Room>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = file.replace(/\.\w+$/, '')
    const { size, mtimeMs } = await stat(file)
    const room = rooms.get(path) ?? { path, bytes: 0, used: 0 }
    rooms.set(path, { path, bytes: room.bytes + size, used: Math.max(room.used, mtimeMs) })
  }
  let bytes = [...rooms.values()].reduce((sum, room) => sum + room.bytes, 0)
  for (const room of [...rooms.values()].sort((a, b) => a.used - b.used)) {
    if (bytes <= most) return
    if (spared.has(basename(room.path))) continue
    bytes -= room.bytes
    await removeVersion(room.path)
  }
}

/** The same with other names of files. */
function renamed(evaluation: Evaluation, name: (path: string) => string): Evaluation {
  const { exports, dependencies } = evaluation
  return {
    ...evaluation,
    exports: exports.map((row) => ({ ...row, file: name(row.file) })),
    dependencies: dependencies.map(name),
  }
}

/** Whether genksyms wrote the types behind an object's exports. */
function hasTypes({ checksums }: EnabledObject, exports: Evaluation['exports']): boolean {
  return checksums.kind === 'genksyms' && exports.length > 0
}

function versionOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 16)
}

/** The versions of a folder, that which was of use last first. */
async function versionsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  const kept = names.filter((name) => name.endsWith('.json'))
  const dated = await Promise.all(
    kept.map(async (name) => ({ name, used: (await stat(join(folder, name))).mtimeMs })),
  )
  return dated.sort((a, b) => b.used - a.used).map(({ name }) => name.slice(0, -'.json'.length))
}

/** The digest of a file's content; empty when it cannot be read. */
function digestOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return ''
  }
}
