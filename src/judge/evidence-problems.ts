import type { Comparison } from '../abi/compare.ts'
import type { Collected, Evidence } from '../abi/evidence.ts'
import { isError, type Problem } from '../problem/problem.ts'
import type { Whitelist } from '../abi/whitelist.ts'

/** What was wrong while a variant's evidence was collected; none at all is a problem too. */
export function collectionProblems(collected: Collected | undefined, name: string): readonly Problem[] {
  if (!collected)
    return [{ kind: 'missing-variant', message: `no evidence was collected for variant ${name}` }]
  if (collected.kind === 'evidence') return collected.notes
  if (collected.problems.some(isError)) return collected.problems
  return [
    ...collected.problems,
    { kind: 'internal', message: `collecting ${name} failed without saying why` },
  ]
}

const columns = { module: 'no modules', type: 'no export types', namespace: 'no namespaces' } as const

/** The note about columns that a whitelist does not record, where the build has something in them. */
export function columnsNotCompared({ file }: Whitelist, { notCompared }: Comparison): Problem[] {
  const missing = (Object.keys(columns) as (keyof typeof columns)[]).filter(
    (column) => notCompared[column] > 0,
  )
  if (missing.length === 0) return []
  const counts = missing.map(
    (column) =>
      `${columns[column]} (${notCompared[column] === 1 ? '1 protected symbol has' : `${notCompared[column]} protected symbols have`} one)`,
  )
  const message = `The whitelist records ${counts.join(' and ')}, so they were not compared.`
  return [{ kind: 'column-not-compared', message, place: { file } }]
}

/** The readers refuse all of this with a place in a file; here it is refused once more, whatever the source. */
export function uncomparable(
  whitelist: Whitelist,
  { symvers }: Evidence,
  { compared, protected: all }: Comparison,
): Problem[] {
  if (all === 0) return [{ kind: 'empty-whitelist', message: `${whitelist.file} names no symbol` }]
  const { exports, others } = symvers
  if (exports.length === 0 && !others)
    return [{ kind: 'empty-symvers', message: `${symvers.file} names no export` }]
  if (!others?.versioned && exports.every(({ crc }) => crc === 0)) {
    return [
      {
        kind: 'all-unversioned',
        message: `all ${exports.length + (others?.count ?? 0)} checksums of ${symvers.file} are zero`,
      },
    ]
  }
  if (compared < all) {
    return [
      {
        kind: 'incomplete-comparison',
        message: `only ${compared} of ${all} protected symbols were compared`,
      },
    ]
  }
  return []
}
