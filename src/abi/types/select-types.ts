import type { TypePool } from './type-pool.ts'
import { formatKsymtypes } from '../format-ksymtypes.ts'
import { compareRecordNames } from '../ksymtypes.ts'
import type { Read } from '../../problem/problem.ts'
import { selectSymtypes } from '../select-symtypes.ts'
import type { TypedObject } from './kernel-types.ts'

/**
 * Puts the types behind some symbols into SUSE's consolidated form. The same definitions give the same bytes, whatever form
 * they came in. For the problems see `parseSymtypes`.
 * @param exporters by symbol, the object whose types count
 */
export function selectTypes(pool: TypePool, exporters: ReadonlyMap<string, TypedObject>): Read<Uint8Array> {
  const symbols = new Map<TypedObject, Set<string>>()
  for (const [symbol, object] of exporters) {
    const known = symbols.get(object)
    if (known) known.add(symbol)
    else symbols.set(object, new Set([symbol]))
  }
  const selected = [...symbols].map(([one, wanted]) => {
    const { value, problems } = selectSymtypes(dumpOf(pool, one), `${one.object}.symtypes`, wanted)
    return { object: one.object, value, problems }
  })
  const { value, problems } = formatKsymtypes(new Map(selected.map((one) => [one.object, one.value])))
  return { value, problems: [...selected.flatMap((one) => one.problems), ...problems] }
}

/** The `.symtypes` file of an object: types, then exports, each in the order of their names. */
export function dumpOf(pool: TypePool, { exports, types }: TypedObject): Uint8Array {
  const symbols = new Set(exports.map(pool.nameNumber))
  const records = [...types.names].map((name, at): [string, string] => {
    const title = symbols.has(name) ? pool.symbolText(name) : pool.nameText(name)
    const definition = pool.definitionText(types.definitions[at] ?? -1)
    return [title, `${pool.isExtern(name) ? 'extern ' : ''}${definition}`]
  })
  records.sort(([a], [b]) => compareRecordNames(a, b))
  return new TextEncoder().encode(records.map(([title, definition]) => `${title} ${definition} \n`).join(''))
}
