import { hash, newline, space, textOf } from './symtypes.ts'

/** The symbols that a `.symtypes` file has records of exports for. */
export function exportsOfDump(bytes: Uint8Array): readonly string[] {
  const symbols: string[] = []
  let start = 0
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    const nameEnd = bytes.indexOf(space, start)
    if (bytes[start + 1] !== hash && nameEnd > start && nameEnd < end)
      symbols.push(textOf(bytes, start, nameEnd))
    start = end + 1
  }
  return symbols
}
