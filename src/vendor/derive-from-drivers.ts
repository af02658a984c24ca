import { allRows } from '../abi/join-tables.ts'
import { isError, type Read } from '../problem/problem.ts'
import { readTables } from '../baseline/read-whitelist.ts'
import { deriveWhitelist, type ColumnSource, type DerivedWhitelist } from './derive-whitelist.ts'
import { readDrivers } from '../module/read-drivers.ts'

interface DeriveRequest {
  /** The drivers, as `readDrivers` takes them. */
  readonly drivers: readonly string[]
  /** Give rows the checksums that the drivers were built against. */
  readonly checksums: boolean
  /** Tables of exports that complete the rows; none when empty. */
  readonly symvers: readonly string[]
}

/** Makes the whitelist that given drivers need. The value is undefined when anything was wrong. */
export async function deriveFromDrivers({
  drivers,
  checksums,
  symvers,
}: DeriveRequest): Promise<Read<DerivedWhitelist | undefined>> {
  const modules = await readDrivers(drivers)
  const exports = symvers.length === 0 ? undefined : await readTables(symvers)
  const read = [...modules.problems, ...(exports?.problems ?? [])]
  if (read.some(isError)) return { value: undefined, problems: read }
  const columns: ColumnSource = exports
    ? { kind: 'symvers', symvers: { file: exports.value.file, exports: allRows(exports.value) } }
    : { kind: checksums ? 'drivers' : 'none' }
  const derived = deriveWhitelist(modules.value, columns)
  const problems = [...read, ...derived.problems]
  return { value: problems.some(isError) ? undefined : derived.value, problems }
}
