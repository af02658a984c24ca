import { join, resolve } from 'node:path'
import type { ObjectRecord } from '../../abi/evidence.ts'
import { readTreeText } from '../../io/read-tree-file.ts'
import { keptPairs, readKept, writeKept } from '../exports/kept-json.ts'
import type { KernelTree } from '../exports/kernel-tree.ts'
import type { ObjectInputs } from '../exports/object-inputs.ts'
import { includableHeaders, type Header } from './includable-headers.ts'
import type { Probe } from './find-layouts.ts'
import { probeHeaders } from './probe-headers.ts'
import { keptProbe } from './probe-store.ts'

/** What a kernel's objects were found to read. */
interface Read {
  readonly objects: ReadonlyMap<string, ObjectRecord>
  readonly inputs: ObjectInputs
}

/** Stands for all headers among those that were refused. */
const all = 'all'

/**
 * Asks an object together with the headers that objects read and that seem to have what is asked for. Answers are kept in a folder,
 * and so is which headers could not be compiled there, so that they are left out at once until they change.
 */
export function askHeaders(tree: KernelTree, { objects, inputs }: Read, folder: string): Probe {
  const memory = join(folder, 'refused.json')
  const stateOf = (paths: readonly string[]): string => inputs.files(paths) ?? ''
  const probe: Probe = async (object, asked) => {
    const before = new Map(await readKept(memory, keptPairs))
    const chosen = includableHeaders(headersOf(objects), asked)
    const known = chosen.paths.filter((path) => {
      const state = before.get(inputs.paths.away(path))
      return state !== undefined && state === stateOf([path])
    })
    const headers = chosen.paths.filter((path) => !known.includes(path))
    const state = stateOf([resolve(tree.output, object.source), ...headers])
    if (before.get(all) === state) return { kind: 'failed', why: 'they could not be compiled', stderr: [] }
    const question = { headers, asked: chosen.asked }
    const { answer, refused } = await probeHeaders(tree, object, question, join(tree.work, 'layouts-headers'))
    const pairs = [...known, ...refused].map((path): [string, string] => [
      inputs.paths.away(path),
      stateOf([path]),
    ])
    if (answer.kind === 'failed') pairs.push([all, state])
    await writeKept(memory, pairs)
    // What was left out may compile when it changes.
    return answer.kind === 'probed'
      ? { ...answer, dependencies: [...answer.dependencies, ...known, ...refused] }
      : answer
  }
  const kept = keptProbe(folder, inputs, probe)
  return (object, asked) => kept({ ...object, object: 'headers' }, asked)
}

/** Characters of all headers: several times more than those of a whole kernel. */
const mostCharacters = 2 ** 28

/** The headers that objects read, each once, in the order in which they read them; none where they are too long. */
function headersOf(objects: ReadonlyMap<string, ObjectRecord>): readonly Header[] {
  const paths = new Set([...objects.values()].flatMap(({ dependencies }) => dependencies))
  const headers: Header[] = []
  let characters = 0
  for (const path of paths) {
    const text = path.endsWith('.h') ? readTreeText(path) : undefined
    if (text === undefined) continue
    characters += text.length
    if (characters > mostCharacters) return []
    headers.push({ path, text })
  }
  return headers
}
