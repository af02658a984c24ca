import { basename } from 'node:path/posix'
import * as z from 'zod'
import type { Basis, ObjectRecord } from '../abi/evidence.ts'
import { limits } from './limits.ts'
import { objectPath } from './record.ts'
import { isTreePath } from './tree-path.ts'

/** What the objects of a build read: files by their path in the tree, and generated ones by their path in the build folder. */
export interface Dependencies {
  readonly tree: readonly string[]
  readonly generated: readonly string[]
  /** For each object the files in the order they were read: numbers into `tree`, and behind it into `generated`. */
  readonly objects: readonly (readonly [string, readonly number[]])[]
}

/** Every object of a kernel includes it; what its path ends with tells the build folder. */
export const autoconf = 'include/generated/autoconf.h'

/**
 * Makes the dependencies of some objects independent of the machine. Files outside of the tree and of the build folder,
 * those of the compiler, are left out.
 * @param source the kernel tree, an absolute path
 */
export function makeDependencies(objects: ReadonlyMap<string, ObjectRecord>, source: string): Dependencies {
  const tree = new Set<string>()
  const generated = new Set<string>()
  const rows = [...objects].map(([object, { dependencies }]) => {
    const build = dependencies.find((path) => path.endsWith(`/${autoconf}`))?.slice(0, -autoconf.length)
    const files = dependencies.flatMap((path): readonly Dependency[] => {
      if (path.startsWith(`${source}/`)) return [{ in: tree, path: path.slice(source.length + 1) }]
      if (build === undefined || !path.startsWith(build)) return []
      return [{ in: generated, path: path.slice(build.length) }]
    })
    for (const { in: where, path } of files) where.add(path)
    return { object, files }
  })
  const numbers = new Map(
    [tree, generated].map((where) => [where, new Map([...where].map((path, at) => [path, at]))]),
  )
  const numberOf = ({ in: where, path }: Dependency): number =>
    (where === tree ? 0 : tree.size) + (numbers.get(where)?.get(path) ?? 0)
  return {
    tree: [...tree],
    generated: [...generated],
    objects: rows.map(({ object, files }) => [object, files.map(numberOf)]),
  }
}

interface Dependency {
  readonly in: Set<string>
  readonly path: string
}

/**
 * Adds to a basis what objects read: the files in the tree, and of the others their names.
 * @param some those that count, by their path in the build folder; absent: all
 */
export function basisWith(
  basis: Basis,
  { tree, generated, objects }: Dependencies,
  some?: ReadonlyMap<string, unknown>,
): Basis {
  const files = new Set(basis.files)
  const names = new Set(basis.names)
  for (const [object, numbers] of objects) {
    if (some && !some.has(object)) continue
    for (const number of numbers) {
      const path = tree[number]
      if (path === undefined) names.add(basename(generated[number - tree.length] ?? ''))
      else files.add(path)
    }
  }
  return { ...basis, files, names }
}

export function formatDependencies({ tree, generated, objects }: Dependencies): string {
  return JSON.stringify({ version: 1, tree, generated, objects }) + '\n'
}

/** Reads what `formatDependencies` wrote; undefined for anything else. */
export function parseDependencies(text: string): Dependencies | undefined {
  // Empty lists and maps would take twenty times their text as values.
  if ((text.match(/[[{]/g)?.length ?? 0) > limits.dependencies.lists) return undefined
  const path = z.string().refine(isTreePath)
  const schema = z
    .strictObject({
      version: z.literal(1),
      tree: z.array(path).max(200_000),
      generated: z.array(path).max(200_000),
      objects: z.array(z.tuple([objectPath(), z.custom<readonly number[]>(areNumbers)])).max(50_000),
    })
    .refine(({ tree, generated, objects }) => {
      const files = tree.length + generated.length
      return objects.every(([, numbers]) => numbers.every((number) => number < files))
    })
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function areNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0)
}
