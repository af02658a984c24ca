import { basename, resolve } from 'node:path'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { variantName } from '../config/variant-name.ts'
import { plan } from '../gate/prepare.ts'
import { readSymvers } from '../baseline/read-whitelist.ts'
import { mayExist } from '../baseline/whitelist-files.ts'
import { isConfigured } from './is-configured.ts'
import type { VariantExports } from './request.ts'
import { readLookup } from '../baseline/read-guard.ts'

interface VariantExportsRequest {
  /** The configuration; absent: the one in `source`, if there is one. */
  readonly config: string | undefined
  readonly source: string
  /** `VARIANT=FILE`, relative to `cwd`. */
  readonly symvers: readonly string[]
  /** `VARIANT@RELEASE=FILE`, of each variant the oldest release first. */
  readonly earlier: readonly string[]
  readonly cwd: string
}

/**
 * Reads what the variants of a configuration promise, and what they export where that is known: from a Module.symvers
 * given for the variant, or from the one that the configuration names. Without a configuration, the variants are those
 * for which one is given.
 *
 * Problems, without a value: those of the plan and of reading; `usage` for an argument that is not of its form, names a variant
 * that is not known, or a release of it twice.
 */
export async function readVariantExports(
  request: VariantExportsRequest,
): Promise<Read<readonly VariantExports[]>> {
  const { config, source, symvers, cwd } = request
  const today = (await isConfigured(config, source))
    ? await fromConfiguration(request)
    : await fromFiles(symvers, cwd)
  if (today.problems.some(isError)) return today
  const released = await readEarlier(request, new Set(today.value.map(({ variant }) => variant)))
  const value = today.value.map((one) => ({ ...one, earlier: released.value.get(one.variant) ?? [] }))
  return {
    value: released.problems.some(isError) ? [] : value,
    problems: [...today.problems, ...released.problems],
  }
}

type Releases = VariantExports['earlier']

async function readEarlier(
  { earlier, cwd }: VariantExportsRequest,
  variants: ReadonlySet<string>,
): Promise<Read<ReadonlyMap<string, Releases>>> {
  const value = new Map<string, Releases>()
  const problems: Problem[] = []
  for (const text of earlier) {
    const [, variant = '', release = '', file = ''] = /^([^@=]+)@([\w.+~-]+)=(.+)$/.exec(text) ?? []
    const known = value.get(variant) ?? []
    const fault = !variants.has(variant)
      ? 'expected VARIANT@RELEASE=FILE, with a variant that the request is about.'
      : known.some((one) => one.release === release)
        ? 'this release was given before.'
        : undefined
    if (fault !== undefined) {
      problems.push({ kind: 'usage', message: `--earlier ${quote(text)}: ${fault}` })
      continue
    }
    const exports = await readSymvers(resolve(cwd, file))
    problems.push(...exports.problems.map((problem) => ({ variant, ...problem })))
    value.set(variant, [...known, { release, symvers: exports.value }])
  }
  return { value, problems }
}

async function fromConfiguration(request: VariantExportsRequest): Promise<Read<readonly VariantExports[]>> {
  const planned = await plan({ ...request, variants: [], strategy: undefined })
  const problems: Problem[] = [...planned.problems]
  const value: VariantExports[] = []
  for (const { name, guard, symvers } of planned.value?.variants ?? []) {
    const list = guard.kind === 'none' ? undefined : await readLookup(guard.whitelist)
    const given = request.symvers.some((text) => !text.includes('=') || text.startsWith(`${name}=`))
    // A build that the configuration names may not have been made yet.
    const known = symvers !== undefined && (given || (await mayExist(symvers)))
    const exports = known ? await readSymvers(symvers) : undefined
    problems.push(
      ...[list, exports].flatMap(
        (one) => one?.problems.map((problem) => ({ variant: name, ...problem })) ?? [],
      ),
    )
    value.push({ variant: name, whitelist: list?.value, symvers: exports?.value, earlier: [] })
  }
  return { value: problems.some(isError) ? [] : value, problems }
}

async function fromFiles(symvers: readonly string[], cwd: string): Promise<Read<readonly VariantExports[]>> {
  const problems: Problem[] = []
  const value: VariantExports[] = []
  for (const text of symvers) {
    const at = text.indexOf('=')
    const variant = text.slice(0, Math.max(at, 0))
    if (!variantName.test(variant)) {
      const message = `--symvers ${basename(text)}: expected VARIANT=FILE.`
      problems.push({ kind: 'usage', message })
      continue
    }
    const exports = await readSymvers(resolve(cwd, text.slice(at + 1)))
    problems.push(...exports.problems)
    value.push({ variant, whitelist: undefined, symvers: exports.value, earlier: [] })
  }
  return { value, problems }
}
