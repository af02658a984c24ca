import { foreignContent } from '../foreign-content.ts'
import { textOf } from '../symtypes.ts'
import { readCombined } from './combined.ts'
import { readConsolidated } from './consolidated.ts'
import type { TypedObject } from './kernel-types.ts'
import { readOneObject } from './one-object.ts'
import type { ReadContext } from './read-context.ts'
import { typesForm } from './types-form.ts'

/**
 * Reads a file of type definitions in any form, which its content tells; see `TypesForm`.
 *
 * Problems, in the context's list: `malformed-line`, `conflicting-rows`, `duplicate-row` (a note), and `unreadable` for
 * content that is no such file at all.
 * @param object what a dump of one object is a dump of; other forms say so themselves
 */
export function parseTypes(
  context: ReadContext,
  bytes: Uint8Array,
  file: string,
  object: string,
): readonly TypedObject[] {
  const foreign = foreignContent(textOf(bytes, 0, 1000), file)
  if (foreign) {
    context.problems.error(() => foreign)
    return []
  }
  switch (typesForm(bytes)) {
    case 'consolidated':
      return readConsolidated(context, bytes, file)
    case 'combined':
      return readCombined(context, bytes, file)
    case 'one-object': {
      const read = readOneObject(context, bytes, file, object)
      return read ? [read] : []
    }
  }
}
