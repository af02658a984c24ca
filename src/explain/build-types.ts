import type { Evidence, KernelBuild } from '../abi/evidence.ts'
import type { TypePool } from '../abi/types/type-pool.ts'
import type { Problem, Read } from '../problem/problem.ts'
import type { IsWanted, KernelTypes, TypedObject } from '../abi/types/kernel-types.ts'
import { openTypes } from '../evidence/open-types.ts'
import { readBytes } from '../io/read-bytes.ts'
import { readTypes } from '../baseline/read-types.ts'

/**
 * Reads the types of a build into a pool: those of the objects that were looked at, those that the build made itself, or those that another
 * machine sent. The value is undefined when there are none.
 */
export async function readBuildTypes(
  { build, types }: Evidence,
  isWanted: IsWanted,
  pool: TypePool,
): Promise<Read<KernelTypes | undefined>> {
  if (types?.kind === 'path') return readTypes(types.path, pool, isWanted)
  if (types) return openTypes(types, pool, isWanted)
  if (build?.objects) return typesOfObjects(build, isWanted, pool)
  return { value: undefined, problems: [] }
}

async function typesOfObjects(
  { objects, sent }: KernelBuild,
  isWanted: IsWanted,
  pool: TypePool,
): Promise<Read<KernelTypes | undefined>> {
  if (sent?.types) return openTypes(sent.types, pool, isWanted)
  const typed: TypedObject[] = []
  const problems: Problem[] = []
  for (const [object, { exports, types }] of objects ?? []) {
    const wanted = exports.filter(isWanted)
    if (wanted.length === 0 || types === undefined) continue
    const read = await readBytes(types)
    problems.push(...read.problems)
    if (read.problems.length > 0) continue
    typed.push({ object: object.replace(/\.o$/, ''), exports: wanted, types: pool.add(read.value) })
  }
  return { value: typed.length > 0 ? { file: '', objects: typed } : undefined, problems }
}
