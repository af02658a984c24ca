import type { BaseCommit } from '../git/open-commit.ts'
import { openBase } from '../base/open-base.ts'
import { errorVerdict } from '../judge/decide.ts'
import { refuseEvent } from '../judge/refuse-event.ts'
import type { Verdict } from '../judge/verdict.ts'
import { collectAll } from '../kernel/collect-all.ts'
import { judgeCollected, withConfiguration } from './judge-collected.ts'
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

async function checkPrepared(request: CheckRequest, base: BaseCommit | undefined): Promise<Verdict> {
  const { value: prepared, problems } = await prepare(request, base)
  if (!prepared) return errorVerdict(request.tool, problems, request.override)
  const builds = prepared.plan.variants.some(
    ({ promise, strategy }) => promise.kind === 'stable' && strategy !== 'prebuilt',
  )
  const refused = builds ? refuseEvent(request.origin?.event) : undefined
  if (refused) return errorVerdict(request.tool, [...problems, refused], request.override)
  const collections = prepared.promised.flatMap((promised) =>
    promised.variant.promise.kind === 'none' ? [] : [collectionOf(prepared, promised, request.allExports)],
  )
  const collected = await collectAll(await Promise.all(collections), request)
  const evidence = new Map(collected.map((one) => [one.variant, one]))
  return judgeCollected({ ...prepared, problems }, evidence, request)
}
