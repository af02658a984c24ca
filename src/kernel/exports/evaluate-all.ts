import { readTreeFile } from '../../io/read-tree-file.ts'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ListedObject } from './dry-run-reader.ts'
import { evaluateObject, type Evaluation } from './evaluate-object.ts'
import { mapConcurrently } from '../../processes/map-concurrently.ts'
import type { FactStore } from './file-facts.ts'
import type { GeneratedFiles } from './generated-files.ts'
import type { KernelTree } from './kernel-tree.ts'
import type { ObjectStore } from './object-store.ts'
import { plainExports } from './plain-exports.ts'
import type { Stopped } from './run-program.ts'

/** An object with what was found out about it. */
export interface Evaluated {
  readonly object: ListedObject
  readonly result: Evaluation | Stopped
}

/** Evaluates objects, several at once; each is evaluated anew, or taken from an earlier run, or fails. */
type Evaluate = (objects: readonly ListedObject[]) => Promise<readonly Evaluated[]>

export interface EvaluateProgress {
  readonly done: number
  readonly total: number
  /** The object at which work begins. */
  readonly item?: string
}

interface EvaluatorOptions {
  readonly tree: KernelTree
  readonly facts: FactStore
  readonly store: ObjectStore
  readonly generated: GeneratedFiles
  readonly onProgress: (progress: EvaluateProgress) => void
}

/**
 * Makes an evaluator. An object that fails for want of a generated file is built by make, which generates it, and
 * evaluated once more.
 */
export function evaluator({ tree, facts, store, generated, onProgress }: EvaluatorOptions): Evaluate {
  const namespaces = mentions(join(tree.source, 'include/linux/export.h'), 'EXPORT_SYMBOL_NS')
  const context = { tree, facts, namespaces, plain: plainExports(tree.source, tree.output) }
  const evaluateOne = async (object: ListedObject, slot: number): Promise<Evaluated> => {
    const kept = await store.find(object)
    if (kept) return { object, result: kept }
    const scratch = join(tree.work, 'scratch', `${slot}`)
    const types = `${scratch}.symtypes`
    const result = await evaluateObject(context, object, { scratch, types })
    if (result.kind === 'evaluation') {
      await store.keep(object, result, types)
      generated.learn(object, result.dependencies)
    }
    return { object, result }
  }
  const evaluateEach = (objects: readonly ListedObject[]): Promise<readonly Evaluated[]> => {
    let done = 0
    const total = objects.length
    return mapConcurrently(objects, tree.jobs + 1, (object, slot) => {
      onProgress({ done: done++, total, item: object.object })
      return evaluateOne(object, slot)
    })
  }
  return async (objects) => {
    const scratch = join(tree.work, 'scratch')
    await mkdir(scratch, { recursive: true })
    const outdated = await generated.refresh(objects)
    const first = await evaluateEach(objects.filter(({ object }) => !outdated.has(object)))
    const failed = first.filter(({ result }) => result.kind === 'failed').map(({ object }) => object)
    const unmade = new Map([...outdated, ...(await generated.make(failed))])
    const second = await evaluateEach(failed.filter(({ object }) => !unmade.has(object)))
    await rm(scratch, { recursive: true, force: true })
    const results = new Map([...first, ...second].map(({ object, result }) => [object.object, result]))
    return objects.flatMap((object) => {
      const result = unmade.get(object.object) ?? results.get(object.object)
      return result ? [{ object, result }] : []
    })
  }
}

function mentions(path: string, text: string): boolean {
  try {
    return readTreeFile(path).includes(text)
  } catch {
    return false
  }
}
