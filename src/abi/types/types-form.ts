import { newline, startsWith } from '../symtypes.ts'

/**
 * The forms in which distributions keep type definitions: the dump of one object as genksyms writes it; SUSE's
 * consolidated form, a section for each object; the combined form of Oracle's and XCP-ng's `kabi collect`, all definitions
 * first and then a line `F#` for each object.
 */
type TypesForm = 'one-object' | 'consolidated' | 'combined'

/** Tells the form from the content. */
export function typesForm(bytes: Uint8Array): TypesForm {
  let start = 0
  while (bytes[start] === newline) start++
  if (startsWith(bytes, start, section)) return 'consolidated'
  return hasObjectLine(bytes) ? 'combined' : 'one-object'
}

const section = new TextEncoder().encode('/*')
const objectLine = new TextEncoder().encode('F#')

/** These lines stand at the end. */
function hasObjectLine(bytes: Uint8Array): boolean {
  for (let end = bytes.length; end > 0;) {
    const start = bytes.lastIndexOf(newline, end - 1) + 1
    if (startsWith(bytes, start, objectLine)) return true
    end = start - 1
  }
  return false
}
