import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { variantName } from '../config/variant-name.ts'
import { findWhitelist } from '../baseline/find-whitelist.ts'
import { findWhitelists, type NamedWhitelist, type OneWhitelist } from '../baseline/find-whitelists.ts'

export interface Choice {
  /** A folder of whitelists in any layout, or one whitelist. */
  readonly from: string
  /** Checksums for a single list of names. */
  readonly checksums: string | undefined
  /** Only these; of a single whitelist, what to call its variant. Empty: all, as their names tell. */
  readonly variants: readonly string[]
}

interface ChosenWhitelists {
  readonly whitelists: readonly NamedWhitelist[]
  /** Names in the folder that are no variant's whitelist. */
  readonly others: readonly string[]
}

const none: ChosenWhitelists = { whitelists: [], others: [] }

/**
 * Finds the whitelists that a command line means. A variant asked for by name may have a list that no other name tells
 * of: a plain file called like the variant.
 *
 * Problems: those of finding; `usage` for a variant that cannot be told or named, and for options that do not fit.
 */
export async function chooseWhitelists(choice: Choice): Promise<Read<ChosenWhitelists>> {
  const { from, checksums } = choice
  const variants = [...new Set(choice.variants)]
  const strange = variants.find((name) => !variantName.test(name))
  if (strange !== undefined) return refused(`${quote(strange)} cannot be the name of a variant.`)
  const { value: found, problems } = await findWhitelists(from)
  if (found?.kind === 'one') return chooseOne(found, checksums, variants)
  if (problems.some(({ kind }) => kind !== 'no-whitelist')) return { value: none, problems }
  if (checksums !== undefined) return refused(`--checksums needs a single list; ${quote(from)} is a folder.`)
  if (variants.length === 0) return { value: found ?? none, problems }
  const known = new Map(found?.whitelists.map(({ variant, source }) => [variant, source]))
  const whitelists: NamedWhitelist[] = []
  const missing: Problem[] = []
  for (const variant of variants) {
    const place = known.has(variant)
      ? { value: known.get(variant), problems: [] }
      : await findWhitelist({ folder: from, variant, arch: variant })
    if (place.value) whitelists.push({ variant, source: place.value })
    missing.push(...place.problems)
  }
  return { value: { whitelists, others: [] }, problems: missing }
}

function chooseOne(
  { variant: told, source }: OneWhitelist,
  checksums: string | undefined,
  [given, ...more]: readonly string[],
): Read<ChosenWhitelists> {
  if (more.length > 0) return refused(`${quote(source.path)} is one list and belongs to one variant.`)
  const variant = given ?? told
  if (variant === undefined)
    return refused(`The name of ${quote(source.path)} does not tell its variant.`, 'Give it with --variant NAME.')
  const joined = checksums === undefined ? source : { path: source.path, checksums }
  return { value: { whitelists: [{ variant, source: joined }], others: [] }, problems: [] }
}

function refused(message: string, advice?: string): Read<ChosenWhitelists> {
  const problem: Problem = { kind: 'usage', message, ...(advice === undefined ? {} : { advice }) }
  return { value: none, problems: [problem] }
}
