import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { isContent } from '../../abi/tree-file.ts'
import type { Problem } from '../../problem/problem.ts'
import type { ListedObject } from './dry-run-reader.ts'
import type { FactStore } from './file-facts.ts'
import { keptPairs, readKept, writeKept } from './kept-json.ts'
import type { KernelTree } from './kernel-tree.ts'
import { listObjects, type Folders } from './list-objects.ts'
import { strayObjects } from './stray-objects.ts'

/** What of the build folder shows in command lines. */
const configuration = ['.config', 'include/config/auto.conf', 'include/generated/asm-offsets.h']

interface KeptListing {
  readonly key: string
  readonly folders: readonly string[] | 'all'
  /** The compilers that the Makefiles asked for their abilities, each with its state. */
  readonly programs: readonly (readonly [string, string])[]
  readonly objects: readonly ListedObject[]
}

const argv = z.array(z.string()).min(1)

const listedObject: z.ZodType<ListedObject> = z
  .object({
    object: z.string().min(1),
    source: z.string().min(1),
    modname: z.string().optional(),
    compile: argv,
    checksums: z.object({ kind: z.enum(['genksyms', 'gendwarfksyms']), command: argv }),
    assembler: z
      .object({
        prototypes: z.array(z.string()),
        listing: z.object({ kind: z.enum(['text', 'object']), command: argv }),
      })
      .exactOptional(),
    modules: z.array(z.string()).min(1),
  })
  // JSON has no undefined.
  .transform((object) => ({ ...object, modname: object.modname }))

const listing: z.ZodType<KeptListing> = z.object({
  key: z.string(),
  folders: z.array(z.string()).or(z.literal('all')),
  programs: keptPairs,
  objects: z.array(listedObject).min(1),
})

/**
 * Gives the enabled objects, from an earlier run when nothing changed that its list could depend on: the names of all
 * files, the content of all but sources, the configuration, the arguments of make, the environment, the compilers.
 * @param folders those of which all objects are asked for; there may be more
 */
export async function listObjectsOnce(
  tree: KernelTree,
  facts: FactStore,
  identity: (program: string) => string | undefined,
  folders: Folders,
): Promise<readonly ListedObject[] | Problem> {
  const path = join(tree.work, 'listing.json')
  const key = listingKey(tree, facts)
  const kept = await readKept(path, listing)
  if (
    kept?.key === key &&
    covers(kept.folders, folders) &&
    kept.programs.every(([program, state]) => (identity(program) ?? '') === state)
  ) {
    return kept.objects
  }
  const objects = await listWithoutStrays(tree, facts, folders)
  if ('kind' in objects) {
    // A part may say nothing that can be used where the whole does.
    const again = folders !== 'all' && objects.kind !== 'interrupted'
    return again ? listObjectsOnce(tree, facts, identity, 'all') : objects
  }
  const names = new Set(objects.map(({ compile }) => compile[0] ?? ''))
  const programs = [...names].map((name) => [name, identity(name) ?? ''] as const)
  await writeKept(path, {
    key,
    folders: folders === 'all' ? folders : [...folders],
    programs,
    objects,
  } satisfies KeptListing)
  return objects
}

function covers(kept: KeptListing['folders'], folders: Folders): boolean {
  if (kept === 'all') return true
  const known = new Set(kept)
  return folders !== 'all' && [...folders].every((folder) => known.has(folder))
}

/** An interrupted run may have left objects of its own, which make does not list. */
async function listWithoutStrays(
  tree: KernelTree,
  facts: FactStore,
  folders: Folders,
): Promise<readonly ListedObject[] | Problem> {
  let objects = await listObjects(tree, folders)
  for (let attempt = 0; attempt < 2; attempt++) {
    if ('kind' in objects) return objects
    const listed = new Set(objects.map(({ object }) => object))
    const strays = strayObjects(tree.output, listed, facts).filter(
      (path) => folders === 'all' || folders.has(dirname(path)),
    )
    if (strays.length === 0) return objects
    await Promise.all(strays.map((path) => rm(join(tree.output, path), { force: true })))
    objects = await listObjects(tree, folders)
  }
  return {
    kind: 'build-failed',
    message: 'make does not list objects of an earlier build',
    place: { file: tree.output },
    speaksOf: 'setup',
  }
}

function listingKey({ source, output, files, makeArgs, env }: KernelTree, facts: FactStore): string {
  const hash = createHash('sha256').update(JSON.stringify([source, output, makeArgs, env]))
  for (const path of configuration) hash.update(`${facts.of(join(output, path))?.digest ?? ''}\n`)
  for (const path of [...files.keys()].sort()) {
    const digest = isContent(path) ? '' : (facts.of(join(source, path))?.digest ?? '')
    hash.update(`${path}\0${digest}\n`)
  }
  return hash.digest('hex')
}
