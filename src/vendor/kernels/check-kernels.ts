import type { Release } from '../../abi/promised-in.ts'
import { isError, type Problem, type Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { readDrivers } from '../../module/read-drivers.ts'
import { findSameNames } from '../depmod/same-names.ts'
import type { SourcedList } from '../../whitelists/explain-stored-lists.ts'
import { explainReasons } from './explain-reasons.ts'
import { findKernels } from './find-kernels.ts'
import { loadMatrix, type LoadMatrix } from './load-matrix.ts'
import { readKernel } from './read-kernel.ts'

/** Which drivers, on which kernels. Paths are absolute. */
interface KernelsRequest {
  /** As `findKernels` takes them. */
  readonly kernels: readonly string[]
  /** As `readDrivers` takes them. */
  readonly drivers: readonly string[]
  /** Which release of the distribution this is, for lists that say how long a symbol is promised. */
  readonly distribution: Release | undefined
}

/**
 * Tells which drivers load on which kernels: reads each driver once and one kernel after the other.
 *
 * Problems: those of `readDrivers`, `findKernels`, `readKernel` and `findSameNames`. The value is undefined when anything was not readable.
 */
export async function checkKernels({
  kernels,
  drivers,
  distribution,
}: KernelsRequest): Promise<Read<LoadMatrix | undefined>> {
  const places = await findKernels(kernels)
  const read = await readDrivers(drivers)
  const problems: Problem[] = [...places.problems, ...read.problems]
  if (problems.some(isError)) return { value: undefined, problems }
  const gathered = loadMatrix(read.value)
  const lists: SourcedList[] = []
  for (const place of places.value) {
    const kernel = await readKernel(place, { arch: read.value[0]?.arch ?? '', distribution })
    const same =
      place.kind === 'installed' ? await findSameNames(place, read.value) : { value: [], problems: [] }
    problems.push(...kernel.problems, ...same.problems)
    if (!kernel.value) continue
    gathered.add(kernel.value, same.value)
    const { table } = kernel.value
    if (table.kind === 'promises') lists.push(table.list)
  }
  const gatheredAll = gathered.matrix()
  const value = { ...gatheredAll, causes: await explainReasons(gatheredAll.reasons, lists) }
  if (problems.some(isError)) return { value: undefined, problems }
  return value.columns.length > 0 && value.modules.length > 0
    ? { value, problems }
    : { value: undefined, problems: [...problems, nothingToCheck(value, kernels)] }
}

/** Readers say so themselves; this is what keeps an empty table from being a pass. */
function nothingToCheck({ columns }: LoadMatrix, kernels: readonly string[]): Problem {
  return {
    kind: 'usage',
    message:
      columns.length === 0
        ? `There is no kernel in ${kernels.map(quote).join(', ')}.`
        : 'There is no driver.',
  }
}
