import type { Comparison } from '../abi/compare.ts'
import type { Collected, Evidence } from '../abi/evidence.ts'
import { isError, type Problem } from '../abi/problem.ts'
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

/** The readers refuse all of this with a place in a file; here it is refused once more, whatever the source. */
export function doubts(
  whitelist: Whitelist,
  { symvers }: Evidence,
  { compared, protected: all }: Comparison,
): Problem[] {
  if (all === 0) return [{ kind: 'empty-whitelist', message: `${whitelist.file} names no symbol` }]
  if (symvers.exports.length === 0)
    return [{ kind: 'empty-symvers', message: `${symvers.file} names no export` }]
  if (symvers.exports.every(({ crc }) => crc === 0)) {
    return [
      {
        kind: 'all-unversioned',
        message: `all ${symvers.exports.length} checksums of ${symvers.file} are zero`,
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
