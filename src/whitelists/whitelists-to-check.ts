import { dirname } from 'node:path'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { plan } from '../gate/prepare.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { findWhitelist } from '../baseline/find-whitelist.ts'
import { findWhitelists, type FoundWhitelists } from '../baseline/find-whitelists.ts'
import { withoutLinks } from '../io/without-links.ts'
import type { WhitelistToCheck } from './check-whitelist.ts'

/** The whitelists of a configuration, each with the Module.symvers given for its variant on the command line. */
export async function configuredWhitelists(request: PlanRequest): Promise<Read<readonly WhitelistToCheck[]>> {
  const planned = await plan(request)
  if (!planned.value) return { value: [], problems: planned.problems }
  const { variants } = planned.value
  const problems: Problem[] = [...planned.problems]
  const lists: WhitelistToCheck[] = []
  for (const { name, guard, symvers } of variants) {
    if (guard.kind === 'none') continue
    const { whitelist: lookup } = guard
    const found = lookup.kind === 'files' ? { value: lookup.files, problems: [] } : await findWhitelist(lookup)
    problems.push(...found.problems.map((problem) => ({ variant: name, ...problem })))
    // A build that kabi.yml names is for `check` to look at.
    const given = request.symvers.some((value) => variants.length === 1 || value.startsWith(`${name}=`))
    if (found.value) {
      lists.push({ variant: name, source: found.value, symvers: given ? symvers : undefined })
    }
  }
  if (lists.length === 0 && !problems.some(isError)) {
    const message = 'No variant of this run promises a stable ABI, so there is no whitelist to check.'
    problems.push({ kind: 'config', message, place: { file: planned.value.file } })
  }
  return { value: lists, problems }
}

/**
 * The whitelists that paths name; those of a folder that is a link to another are checked once.
 * @param against the Module.symvers of a build to compare with; it can only belong to a single list
 */
export async function namedWhitelists(
  paths: readonly string[],
  against: string | undefined,
): Promise<Read<readonly WhitelistToCheck[]>> {
  const found = await Promise.all(paths.map(findWhitelists))
  const lists = await withoutLinkedFolders(found.flatMap(({ value }) => listsOf(value)))
  const problems = found.flatMap((one) => one.problems)
  if (against !== undefined && lists.length > 1) {
    const message = `--against compares with one build, and these are ${lists.length} whitelists.`
    problems.push({ kind: 'usage', message, advice: 'Name a single whitelist.' })
  }
  return { value: lists.map((list) => ({ ...list, symvers: against })), problems }
}

/** Of a list that is a link itself other files may stand beside it, so that it is checked for itself. */
async function withoutLinkedFolders<T extends { readonly source: WhitelistSource }>(
  lists: readonly T[],
): Promise<readonly T[]> {
  const files = await withoutLinks(lists, ({ source }) => source.path)
  const folders = await withoutLinks(lists, ({ source }) => dirname(source.path))
  const linked = new Set(folders.left.map(({ link }) => link))
  return lists.filter((list) => files.kept.includes(list) || !linked.has(list))
}

function listsOf(found: FoundWhitelists | undefined): readonly Omit<WhitelistToCheck, 'symvers'>[] {
  if (!found) return []
  return found.kind === 'folder' ? found.whitelists : [{ variant: found.variant, source: found.source }]
}
