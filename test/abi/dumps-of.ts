import { typePool } from '../../src/abi/types/type-pool.ts'
import type { Read } from '../../src/problem/problem.ts'
import { parseTypes } from '../../src/abi/types/parse-types.ts'
import { readContext } from '../../src/abi/types/read-context.ts'
import { dumpOf } from '../../src/abi/types/select-types.ts'

/** The `.symtypes` file of each object of types in any form. */
export function dumpsOf(bytes: Uint8Array, file: string): Read<ReadonlyMap<string, Uint8Array>> {
  const pool = typePool()
  const context = readContext(pool, () => true)
  const objects = parseTypes(context, bytes, file, 'one')
  return {
    value: new Map(objects.map((one) => [one.object, dumpOf(pool, one)])),
    problems: context.problems.all(),
  }
}
