import { readTreeFile } from '../../io/read-tree-file.ts'
import type { FactStore } from './file-facts.ts'

/** Where an export is written; `line` is 0 where only the file is known. */
interface ExportPlace {
  readonly file: string
  readonly line: number
}

/**
 * Finds where exports are written, by the text of the files that an object was made from. A name that a macro put
 * together is written nowhere; it is given the first file.
 * @param files absolute paths, the object's source first
 */
export function exportPlaces(files: readonly string[], facts: FactStore): (symbol: string) => ExportPlace {
  const homes = new Map<string, string>()
  for (const file of files) {
    for (const name of facts.of(file)?.exported ?? []) if (!homes.has(name)) homes.set(name, file)
  }
  const lines = new Map<string, readonly string[]>()
  const linesOf = (file: string): readonly string[] => {
    const read = lines.get(file) ?? readTreeFile(file).toString('latin1').split('\n')
    lines.set(file, read)
    return read
  }
  return (symbol) => {
    const file = homes.get(symbol)
    if (file === undefined) return { file: files[0] ?? '', line: 0 }
    const written = new RegExp(String.raw`EXPORT_\w+\s*\(\s*${symbol.replace(/\W/g, '\\$&')}\b`)
    return { file, line: linesOf(file).findIndex((line) => line.includes(symbol) && written.test(line)) + 1 }
  }
}
