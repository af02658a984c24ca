import type { Collected } from '../abi/evidence.ts'
import { promisedIn, type Release } from '../abi/promised-in.ts'
import { isError } from '../problem/problem.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { readSymvers } from '../baseline/read-whitelist.ts'
import { decide } from '../judge/decide.ts'
import type { Policy } from '../judge/policy.ts'
import type { Override, Verdict } from '../judge/verdict.ts'
import { inspectWhitelist } from '../baseline/inspect-whitelist.ts'

/** Two files to compare, without a configuration. */
interface FilePair {
  readonly tool: Verdict['tool']
  /** What the report calls the variant. */
  readonly variant: string
  readonly whitelist: WhitelistSource
  readonly symvers: string
  /** Which release this is, where that is said. */
  readonly release: Release | undefined
  readonly policy: Policy
  readonly override: Override | undefined
}

/** Compares one whitelist with the Module.symvers of one build. */
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
        notes: symvers.problems,
      }
  return decide({
    tool: pair.tool,
    policy: pair.policy,
    variants: [
      {
        name: pair.variant,
        arch: undefined,
        promise: { kind: 'stable', whitelist: promised.value, collected },
        problems: [...list.problems, ...promised.problems],
      },
    ],
    override: pair.override,
    problems: [],
  })
}
