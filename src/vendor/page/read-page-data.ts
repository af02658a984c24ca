import { formatNames } from '../../abi/format-names.ts'
import { formatWhitelist } from '../../abi/format-whitelist.ts'
import { isError, type Problem, type Read } from '../../problem/problem.ts'
import { readBaselineOf } from '../../baseline/read-baseline.ts'
import { readJoined } from '../../baseline/read-whitelist.ts'
import type { PageData, PageVariant } from './page-data.ts'
import type { PlanRequest } from '../../config/load-plan.ts'
import { plan } from '../../gate/prepare.ts'
import { configuredWhitelists } from '../../whitelists/whitelists-to-check.ts'
import type { WhitelistToCheck } from '../../whitelists/check-whitelist.ts'

/**
 * Reads the whitelists of a configuration for the checker page, in its order, and what it says beside a result.
 *
 * Problems: those of the configuration, and of reading the lists and their baselines; with an error the data is not complete.
 */
export async function readPageData(
  about: Pick<PageData, 'title' | 'ask'>,
  request: PlanRequest,
): Promise<Read<PageData>> {
  const planned = await plan(request)
  const arches = new Map(planned.value?.variants.map(({ name, arch }) => [name, arch]))
  const { value: lists, problems } = await configuredWhitelists(request)
  const { value: variants, problems: unread } = await readVariants(lists, arches)
  return {
    value: { ...about, notes: planned.value?.notes ?? [], variants },
    problems: [...problems, ...unread],
  }
}

async function readVariants(
  lists: readonly WhitelistToCheck[],
  arches: ReadonlyMap<string, string>,
): Promise<Read<readonly PageVariant[]>> {
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
      arch: arches.get(variant) ?? '',
      kernel: baseline.value?.baseline.kernel ?? '',
      whitelist: named ? formatNames(whitelist) : formatWhitelist(whitelist),
    })
  }
  return { value: variants, problems }
}
