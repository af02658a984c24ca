import { ownLists } from '../baseline/find-whitelists.ts'
import { basename } from 'node:path'
import { notCanonical } from '../abi/canonical-form.ts'
import type { CheckedWhitelist, WhitelistCheckOutcome } from '../abi/checked-whitelist.ts'
import { compare, type Difference, type DifferenceKind } from '../abi/compare.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { readText } from '../io/read-text.ts'
import { readSymvers } from '../baseline/read-whitelist.ts'
import { inspectWhitelist } from '../baseline/inspect-whitelist.ts'

/** A list to look at. */
export interface WhitelistToCheck {
  readonly variant: string | undefined
  readonly source: WhitelistSource
  /** The Module.symvers of a build that should keep the list. */
  readonly symvers: string | undefined
}

/** Looks at whitelists one after the other; see `checkWhitelist`. Without a list to look at there must be a problem. */
export async function checkWhitelists({
  value: wanted,
  problems,
}: Read<readonly WhitelistToCheck[]>): Promise<WhitelistCheckOutcome> {
  const lists: CheckedWhitelist[] = []
  if (!problems.some(isError)) for (const one of wanted) lists.push(await checkWhitelist(one))
  const failed = [...problems, ...lists.flatMap((list) => list.problems)].some(isError)
  const broken = lists.some(({ differences = [] }) => differences.length > 0)
  return { result: failed ? 'error' : broken ? 'break' : 'pass', lists, problems }
}

/**
 * Looks at one whitelist and the files beside it, without a kernel: its form, whether every checksum comes out of the
 * stored types, whether the baseline is that of the variant and, where one is given, whether a build keeps the rows.
 */
export async function checkWhitelist({
  variant,
  source,
  symvers,
}: WhitelistToCheck): Promise<CheckedWhitelist> {
  const { value: inspected, problems } = await inspectWhitelist(source, variant)
  const { whitelist, readable, baseline, reproduced } = inspected
  const build = readable && symvers !== undefined ? await compareWith(symvers, whitelist) : undefined
  const form = readable ? await formOf(source.path, whitelist) : []
  const all = [...problems, ...form, ...(build?.problems ?? [])]
  return {
    variant,
    path: source.path,
    protected: new Set(whitelist.rows.map(({ symbol }) => symbol)).size,
    reproduced,
    baseline: baseline !== undefined || problems.some(({ kind }) => kind === 'baseline'),
    differences: build?.value,
    problems: variant === undefined ? all : all.map((problem) => ({ variant, ...problem })),
  }
}

/** Only lists of kabi-gate's own form can be out of form. */
async function formOf(path: string, whitelist: Whitelist): Promise<readonly Problem[]> {
  const { dialect } = whitelist
  if (dialect !== 'canonical' && !(dialect === 'symvers' && ownLists.includes(basename(path)))) return []
  const { value: text, problems } = await readText(path)
  if (problems.length > 0) return problems
  const fault = notCanonical(text, whitelist)
  return fault ? [fault] : []
}

async function compareWith(
  symvers: string,
  whitelist: Whitelist,
): Promise<Read<readonly Difference[] | undefined>> {
  const { value: build, problems } = await readSymvers(symvers)
  if (problems.some(isError)) return { value: undefined, problems }
  const { differences } = compare(whitelist, build)
  return { value: differences.filter(({ kind }) => aboutChecksums.has(kind)), problems }
}

/** The other kinds leave the rows as they are; what they weigh is for the policy of a check to say. */
const aboutChecksums: ReadonlySet<DifferenceKind> = new Set(['removed', 'changed', 'unversioned'])
