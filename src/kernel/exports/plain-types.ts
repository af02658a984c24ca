import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ExportType } from '../../abi/export.ts'
import type { ExportedName } from './exported-names.ts'

/**
 * Tells export types from the lines of the sources, when all exports are written out: `EXPORT_SYMBOL(name)` or
 * `EXPORT_SYMBOL_GPL(name)`. The caller makes sure that these macros mean what they always mean.
 * @returns undefined when any export was made in another way: by another macro, or with a namespace
 */
export async function plainTypes(
  names: readonly ExportedName[],
  output: string,
): Promise<ReadonlyMap<string, ExportType> | undefined> {
  const files = new Map<string, readonly string[]>()
  const types = new Map<string, ExportType>()
  for (const { symbol, file, line } of names) {
    const lines = files.get(file) ?? (await readFile(resolve(output, file), 'utf8')).split('\n')
    files.set(file, lines)
    const [, macro, name] =
      /^\s*(EXPORT_SYMBOL(?:_GPL)?)\s*\(\s*([\w.$]+)\s*\)/.exec(lines[line - 1] ?? '') ?? []
    if (name !== symbol) return undefined
    types.set(symbol, macro === 'EXPORT_SYMBOL' ? 'EXPORT_SYMBOL' : 'EXPORT_SYMBOL_GPL')
  }
  return types
}
