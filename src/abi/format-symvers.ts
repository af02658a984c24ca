import { formatCrc, type Export } from './export.ts'

/**
 * Writes exports as a `Module.symvers`, a row each in the order given, in the layout of the columns that it has.
 * `parseSymvers` reads the same exports again.
 */
export function formatSymvers(exports: readonly Export[]): string {
  return exports
    .map(({ symbol, crc, module, type, namespace }) => {
      const columns = [formatCrc(crc), symbol, module, type, namespace]
      return columns.filter((column) => column !== undefined).join('\t') + '\n'
    })
    .join('')
}
