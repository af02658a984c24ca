import { formatNames } from '../../abi/format-names.ts'
import { formatWhitelist } from '../../abi/format-whitelist.ts'
import { isError, type Problem, type Read } from '../../problem/problem.ts'
import { readBaselineOf } from '../../baseline/read-baseline.ts'
import { readJoined } from '../../baseline/read-whitelist.ts'
import type { PageData, PageVariant } from './page-data.ts'
import type { WhitelistToCheck } from '../../whitelists/check-whitelist.ts'

/**
 * Reads whitelists for the checker page, in the order given. Problems: those of reading the lists and their baselines;
 * with an error the data is not complete.
 */
export async function readPageData(
  title: string,
  lists: readonly WhitelistToCheck[],
): Promise<Read<PageData>> {
  const variants: PageVariant[] = []
  const problems: Problem[] = []
  for (const { variant = '', source } of lists) {
    const { value: whitelist, problems: unread } = await readJoined(source)
    const baseline = await readBaselineOf(source)
    problems.push(...[...unread, ...baseline.problems].map((problem) => ({ variant, ...problem })))
    if (unread.some(isError)) continue
    const named = whitelist.rows.some(({ crc }) => crc === undefined)
    variants.push({
      name: variant,
      kernel: baseline.value?.baseline.kernel ?? '',
      whitelist: named ? formatNames(whitelist) : formatWhitelist(whitelist),
    })
  }
  return { value: { title, variants }, problems }
}
