import { exportsOfDump } from '../abi/exports-of-dump.ts'
import { newline, space, textOf } from '../abi/symtypes.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { readStoredTypes } from '../baseline/read-stored-types.ts'

/**
 * For each type, such as `s#device`, the protected symbols of the one object that has fewest types besides it: the least
 * work that tells whether the type is as it was. Types that are not stored beside the whitelist have none.
 */
export async function symbolsOfTypes(
  whitelist: Whitelist,
  types: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { value: stored } = await readStoredTypes(whitelist.file)
  const best = new Map<string, Uint8Array>()
  for (const dump of stored?.values() ?? []) {
    const names = namesIn(dump, new Set(types))
    for (const name of names) {
      const smallest = best.get(name)
      if (!smallest || dump.length < smallest.length) best.set(name, dump)
    }
  }
  const isProtected = new Set(whitelist.rows.map(({ symbol }) => symbol))
  return new Map(
    [...best].map(([type, dump]) => [type, exportsOfDump(dump).filter((symbol) => isProtected.has(symbol))]),
  )
}

function namesIn(dump: Uint8Array, wanted: ReadonlySet<string>): readonly string[] {
  const found: string[] = []
  let start = 0
  for (let end = dump.indexOf(newline); end >= 0; end = dump.indexOf(newline, start)) {
    const name = textOf(dump, start, Math.min(end, dump.indexOf(space, start)))
    if (wanted.has(name)) found.push(name)
    start = end + 1
  }
  return found
}
