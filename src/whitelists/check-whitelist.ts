import { basename } from 'node:path'
import { notCanonical } from '../abi/canonical-form.ts'
import { checkTypes } from '../abi/check-types.ts'
import type { CheckedWhitelist, WhitelistCheckOutcome } from '../abi/checked-whitelist.ts'
import { compare, type Difference, type DifferenceKind } from '../abi/compare.ts'
import { isError, type Problem, type Read } from '../abi/problem.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { readBaselineOf } from '../config/read-baseline.ts'
import { readBytes } from '../io/read-bytes.ts'
import { readText } from '../io/read-text.ts'
import { readSymvers, readWhitelist } from '../io/read-whitelist.ts'
import { findStoredTypes } from '../io/find-stored-types.ts'
import { foreignBaseline } from '../judge/comparability.ts'

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
  const { path } = source
  const { value: whitelist, problems } = await readWhitelist(source)
  const readable = !problems.some(isError)
  const types = readable ? await checkTypesBeside(path, whitelist) : undefined
  const baseline = await checkBaseline(source, variant)
  const build = readable && symvers !== undefined ? await compareWith(symvers, whitelist) : undefined
  const all = [
    ...problems,
    ...(readable ? [...zeroChecksums(whitelist), ...(await formOf(path, whitelist))] : []),
    ...(types?.problems ?? []),
    ...baseline.problems,
    ...(build?.problems ?? []),
  ]
  return {
    variant,
    path,
    protected: new Set(whitelist.rows.map(({ symbol }) => symbol)).size,
    reproduced: types?.value,
    baseline: baseline.value,
    differences: build?.value,
    problems: variant === undefined ? all : all.map((problem) => ({ variant, ...problem })),
  }
}

function zeroChecksums({ rows, file }: Whitelist): readonly Problem[] {
  const zero = rows.filter(({ crc }) => crc === 0)
  const [first] = zero
  if (!first) return []
  return [
    {
      kind: 'no-checksum',
      message: `${zero.length} rows have the checksum zero, which stands for none.`,
      place: { file, line: first.line },
    },
  ]
}

/** Only lists of kabi-gate's own form can be out of form. */
async function formOf(path: string, whitelist: Whitelist): Promise<readonly Problem[]> {
  const { dialect } = whitelist
  if (dialect !== 'canonical' && !(dialect === 'symvers' && basename(path) === 'kabi_whitelist')) return []
  const { value: text, problems } = await readText(path)
  if (problems.length > 0) return problems
  const fault = notCanonical(text, whitelist)
  return fault ? [fault] : []
}

async function checkTypesBeside(path: string, whitelist: Whitelist): Promise<Read<number> | undefined> {
  const types = await findStoredTypes(path)
  if (!types) return undefined
  const { value: bytes, problems } = await readBytes(types.file)
  return problems.length > 0 ? { value: 0, problems } : checkTypes(whitelist.rows, { ...types, bytes })
}

async function checkBaseline(source: WhitelistSource, variant: string | undefined): Promise<Read<boolean>> {
  const { value: baseline, problems } = await readBaselineOf(source)
  if (!baseline) return { value: problems.length > 0, problems }
  const foreign = variant === undefined ? undefined : foreignBaseline(baseline, variant)
  return { value: true, problems: foreign ? [foreign] : problems }
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
