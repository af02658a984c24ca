import type { Collected } from '../abi/evidence.ts'
import { promisedIn, type Release } from '../abi/promised-in.ts'
import type { Explained } from '../abi/explain/merge-explanations.ts'
import { tableOfDrivers } from '../abi/table-of-drivers.ts'
import { isError, type Read } from '../problem/problem.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { readSymvers } from '../baseline/read-whitelist.ts'
import { decide } from '../judge/decide.ts'
import { stableGuard, type VariantCase } from '../judge/variant-case.ts'
import type { Policy } from '../judge/policy.ts'
import type { Override, Verdict } from '../judge/verdict.ts'
import { inspectWhitelist } from '../baseline/inspect-whitelist.ts'

interface PairTypes {
  /** Those that are stored beside the whitelist when absent. */
  readonly before: string | undefined
  readonly after: string
}

/** Two files to compare, without a configuration. */
interface FilePair {
  readonly tool: Verdict['tool']
  /** What the report calls the variant. */
  readonly variant: string
  readonly whitelist: WhitelistSource
  readonly symvers: string
  /** Files or folders with the types behind the checksums of either side; without them nothing is explained. */
  readonly types?: PairTypes | undefined
  /** Which release this is, where that is said. */
  readonly release: Release | undefined
  readonly policy: Policy
  readonly override: Override | undefined
}

/** Compares one whitelist with the Module.symvers of one build, and explains what changed where types are given. */
export async function compareFiles(pair: FilePair): Promise<Verdict> {
  const started = performance.now()
  const [list, symvers] = await Promise.all([
    inspectWhitelist(pair.whitelist, undefined),
    readSymvers(pair.symvers),
  ])
  const all = list.value.whitelist
  const promised = list.problems.some(isError) ? { value: all, problems: [] } : promisedIn(all, pair.release)
  const collected: Collected = symvers.problems.some(isError)
    ? { kind: 'failure', variant: pair.variant, problems: symvers.problems }
    : {
        kind: 'evidence',
        variant: pair.variant,
        symvers: symvers.value,
        how: { strategy: 'prebuilt', seconds: (performance.now() - started) / 1000 },
        ...(pair.types ? { types: { kind: 'path', path: pair.types.after } as const } : {}),
        notes: symvers.problems,
      }
  const kernelIsListed = all.rows.some(({ module }) => module === 'vmlinux')
  const foreign = kernelIsListed ? tableOfDrivers(pair.symvers, symvers.value.exports) : undefined
  const variant: VariantCase = {
    name: pair.variant,
    arch: undefined,
    guard: stableGuard({ whitelist: promised.value, isBuild: true, types: pair.types?.before, collected }),
    problems: [...list.problems, ...promised.problems, ...(foreign ? [foreign] : [])],
  }
  const explained = pair.types ? await explainPair(variant, pair.policy) : undefined
  return decide({
    tool: pair.tool,
    policy: pair.policy,
    variants: [variant],
    override: pair.override,
    date: new Date().toISOString().slice(0, 10),
    problems: explained?.problems ?? [],
    explained: explained?.value,
  })
}

async function explainPair(variant: VariantCase, policy: Policy): Promise<Read<Explained | undefined>> {
  const { explainCases } = await import('../explain/explain-cases.ts')
  const { signal } = new AbortController()
  return explainCases([variant], {
    policy,
    source: undefined,
    patch: undefined,
    debugInfo: undefined,
    signal,
  })
}
