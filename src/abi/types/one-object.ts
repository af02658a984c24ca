import { exportsOfDump } from '../exports-of-dump.ts'
import { forEachLine } from '../symtypes-lines.ts'
import type { TypesFile } from '../symtypes-fault.ts'
import type { TypedObject } from './kernel-types.ts'
import { missingDefinition, readLine, secondDefinition, type ReadContext } from './read-context.ts'

/**
 * Reads the dump of one object, as genksyms writes it. One whose exports are not wanted is not looked at any further, and
 * undefined, as is an empty one, which genksyms leaves of an object without exports. Of two records of one name the first counts, as in genksyms.
 * @param object its path without suffix
 */
export function readOneObject(
  context: ReadContext,
  bytes: Uint8Array,
  file: string,
  object: string,
): TypedObject | undefined {
  const { pool, reach, problems, isWanted } = context
  const all = exportsOfDump(bytes)
  const exports = all.filter(isWanted)
  if (exports.length === 0 && (all.length > 0 || bytes.length === 0)) return undefined
  const source: TypesFile = { bytes, file, readAs: 'types dumped by genksyms' }
  const own = new Map<number, { readonly definition: number; readonly start: number; readonly end: number }>()
  forEachLine(source, problems, (start, end) => {
    const line = readLine(context, source, start, end)
    if (!line) return
    const { name, definition } = line
    const earlier = own.get(name)
    if (!earlier) own.set(name, { definition, start, end })
    else
      secondDefinition(context, source, name, {
        earlier: earlier.start,
        later: start,
        same: earlier.definition === definition,
      })
  })
  const roots = exports.map(pool.nameNumber).filter((name) => own.has(name))
  const types = reach(
    roots,
    (name) => own.get(name)?.definition ?? -1,
    (name, from) => missingDefinition(context, source, name, own.get(from) ?? { start: 0, end: 0 }),
  )
  return { object, exports: roots.map(pool.symbolText), types }
}
