import type { TreeIdentity } from '../abi/baseline.ts'
import type { Collected } from '../abi/evidence.ts'
import type { BaseCommit } from '../git/open-commit.ts'
import { cleanCommit, headCommit } from '../git/tree-identity.ts'
import { openBase } from '../base/open-base.ts'
import { errorVerdict } from '../judge/decide.ts'
import { refuseEvent } from '../judge/refuse-event.ts'
import type { Verdict } from '../judge/verdict.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { collectChanged } from './collect-changed.ts'
import { baseOfFindings, holdAgainst } from './hold-against.ts'
import { judgeCollected, withConfiguration } from './judge-collected.ts'
import { keptOrLook } from './look-at-base.ts'
import { prepare } from './prepare.ts'
import type { CheckRequest } from './request.ts'
import { collectionOf } from './wanted.ts'

/**
 * The pipeline: plan, read what each variant promises, collect what its kernel exports, judge. A plan that cannot lead
 * to a verdict, because a whitelist is unusable or a setting is missing, is refused before anything is built.
 */
export async function check(request: CheckRequest): Promise<Verdict> {
  const { value: base, problems } = await openBase(request)
  if (!base) return errorVerdict(request.tool, problems, request.override)
  try {
    const verdict = await checkPrepared({ ...request, patch: request.patch ?? base.patch }, base.commit)
    return base.named(withConfiguration(verdict, base.commit, request.origin))
  } finally {
    await base.close()
  }
}

async function checkPrepared(asked: CheckRequest, base: BaseCommit | undefined): Promise<Verdict> {
  const commit = await baseOfFindings(asked)
  if (typeof commit === 'object') return errorVerdict(asked.tool, [commit], asked.override)
  const patch = asked.patch ?? (commit === undefined ? undefined : { kind: 'base', ref: commit })
  const request: CheckRequest = { ...asked, patch }
  const { value: prepared, problems } = await prepare(request, base)
  if (!prepared) return errorVerdict(request.tool, problems, request.override)
  const builds = prepared.plan.variants.some(
    ({ guard, strategy }) => guard.kind === 'stable' && strategy !== 'prebuilt',
  )
  const refused = builds ? refuseEvent(request.origin?.event) : undefined
  if (refused) return errorVerdict(request.tool, [...problems, refused], request.override)
  const collections = prepared.guarded.flatMap((guarded) =>
    guarded.variant.guard.kind === 'none' ? [] : [collectionOf(prepared, guarded, request.allExports)],
  )
  const { digestOf } = prepared
  const whole = await Promise.all(collections)
  const { collected, reach } = await collectChanged(whole, { ...request, digestOf })
  const named = await ofCommit(collected, request)
  const byName = new Map(named.map((one) => [one.variant, one]))
  const known = { ...prepared, policy: prepared.plan.policy, request, collected: byName }
  const verdict = await judgeCollected({ ...prepared, problems }, byName, {
    ...request,
    ...(commit === undefined
      ? {}
      : {
          holdAgainst: (one) =>
            holdAgainst(
              one,
              { ...known, commit, trusted: base?.commit },
              keptOrLook({ ...request, digestOf }, whole),
            ),
        }),
  })
  return reach ? { ...verdict, reach } : verdict
}

/**
 * Says of which commit evidence is, for the report. A tree that was changed has none, and to read all of it, as `collect` does,
 * takes too long for a line. A build by somebody else is taken to be of the commit that is checked out.
 */
async function ofCommit(
  collected: readonly Collected[],
  { source, signal }: CheckRequest,
): Promise<readonly Collected[]> {
  const env = scrubbedEnvironment(process.env)
  const unnamed = collected.filter((one) => one.kind === 'evidence' && !one.tree)
  const trees = new Set(unnamed.flatMap((one) => (one.kind === 'evidence' ? [one.how.source] : [])))
  const identities = new Map<string | undefined, TreeIdentity | undefined>()
  for (const tree of trees) {
    const identity = tree === undefined ? headCommit(source, env, signal) : cleanCommit(tree, env, signal)
    identities.set(tree, await identity)
  }
  return collected.map((one) => {
    const identity = one.kind === 'evidence' && !one.tree ? identities.get(one.how.source) : undefined
    return identity ? { ...one, tree: identity } : one
  })
}
