import { basename } from 'node:path/posix'
import type { Evidence } from '../abi/evidence.ts'
import { openDependencies } from '../evidence/open-dependencies.ts'
import type { Reach, ReachOfFile } from '../judge/verdict.ts'
import type { Collection } from '../kernel/collect-all.ts'
import type { Earlier, JudgedChange } from './carry-over.ts'

/** Says of each variant what the files that changed since its earlier evidence can reach. */
export function reachOf(
  collections: readonly Collection[],
  earlier: ReadonlyMap<string, Earlier>,
): Promise<readonly Reach[]> {
  return Promise.all(
    collections.map(async ({ variant: { name } }): Promise<Reach> => {
      const found = earlier.get(name)
      if (!found) return { variant: name, files: [] }
      const { from, changes, known } = found
      const readers = known ? await readersIn(known) : undefined
      return { variant: name, from, files: changes.map((change) => reachOfFile(change, known, readers)) }
    }),
  )
}

/** The objects that read a file, by its path in the tree and by its name alone. */
type Readers = ReadonlyMap<string, ReadonlySet<string>>

async function readersIn({ build }: Evidence): Promise<Readers | undefined> {
  const sent = build?.sent?.dependencies
  const dependencies = sent && (await openDependencies(sent)).value
  if (!dependencies) return undefined
  const { tree, generated, objects } = dependencies
  const readers = new Map<string, Set<string>>()
  for (const [object, numbers] of objects) {
    for (const number of numbers) {
      const path = tree[number] ?? generated[number - tree.length] ?? ''
      for (const key of [path, `*/${basename(path)}`]) {
        const known = readers.get(key)
        if (known) known.add(object)
        else readers.set(key, new Set([object]))
      }
    }
  }
  return readers
}

/** What was read for the build as a whole, or says what is built, reaches all there is; no objects are named then. */
function reachOfFile(
  { path, doubt }: JudgedChange,
  known: Evidence | undefined,
  readers: Readers | undefined,
): ReachOfFile {
  if (!doubt) return { path }
  const objects =
    doubt === 'read'
      ? readers?.get(path)
      : doubt === 'hides'
        ? readers?.get(`*/${basename(path)}`)
        : undefined
  if (!objects) return { path, doubt }
  const exported = [...objects].flatMap((object) => known?.build?.objects?.get(object)?.exports ?? [])
  return { path, doubt, objects: [...objects].sort(), symbols: new Set(exported).size }
}
