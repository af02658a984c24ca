import { openBase } from '../base/open-base.ts'
import { readGuard } from '../baseline/read-guard.ts'
import { loadPlan } from '../config/load-plan.ts'
import { objectsOfTypes } from '../explain/symbols-of-types.ts'
import { checkedOut, firstTracked, type CheckedOut } from '../git/checked-out.ts'
import type { BaseCommit } from '../git/open-commit.ts'
import { bisectStep, type BisectQuestion, type BisectStep } from '../judge/bisect-step.ts'
import { errorVerdict } from '../judge/decide.ts'
import type { Verdict } from '../judge/verdict.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { check } from './check.ts'
import { plan } from './prepare.ts'
import type { CheckRequest } from './request.ts'

/** What `git bisect run` is asked to find. */
export type Sought =
  | { readonly kind: 'any' }
  | { readonly kind: 'symbol'; readonly symbol: string }
  /** The names that are meant by what somebody wrote, as genksyms writes them; the release may have one of them. */
  | { readonly kind: 'type'; readonly names: readonly string[] }

/** One step of a bisection. */
export interface Bisected {
  /** Absent where git did not say it. */
  readonly tree: CheckedOut | undefined
  readonly question: BisectQuestion
  readonly verdict: Verdict
  readonly step: BisectStep
}

/**
 * Looks at the commit that is checked out, as a step of a bisection. What the gate goes by must not be part of what git moves through: a
 * configuration or list of that very commit would hold the kernel against itself.
 */
export async function bisect(request: CheckRequest, sought: Sought): Promise<Bisected> {
  const { source, signal, tool } = request
  const git = { cwd: source, env: scrubbedEnvironment(process.env), signal }
  const { value: tree, problems } = await checkedOut(git)
  const stopped = (why: readonly Problem[]): Bisected => {
    const verdict = errorVerdict(tool, why, undefined)
    return {
      tree,
      question: { kind: 'any' },
      verdict,
      step: bisectStep(verdict, { kind: 'any' }),
    }
  }
  if (!tree) return stopped(problems)
  const moving =
    request.baselineRef === undefined
      ? await filesThatMove(request, tree.top)
      : refThatMoves(request.baselineRef)
  if (moving.length > 0) return stopped(moving)
  const { value: question, problems: unknown } = await questionOf(request, sought)
  if (!question) return stopped(unknown)
  const verdict = await check({ ...request, ...narrowed(question), kernelOnly: true })
  return { tree, question, verdict, step: bisectStep(verdict, question) }
}

function narrowed(question: BisectQuestion): Pick<CheckRequest, 'symbols'> {
  switch (question.kind) {
    case 'any':
      return {}
    case 'symbol':
      return { symbols: new Set([question.symbol]) }
    case 'type':
      return { symbols: new Set([...question.objects.values()].flat(2)) }
  }
}

/** A configuration, waivers or list that git would change on its way from commit to commit. */
async function filesThatMove(
  { config, source, shipped, signal }: CheckRequest,
  top: string,
): Promise<readonly Problem[]> {
  const paths: string[] = []
  const { value } = await loadPlan(config, source, shipped, (read) => {
    paths.push(...read)
    return Promise.resolve([])
  })
  for (const { guard } of value?.variants ?? []) {
    if (guard.kind === 'none') continue
    const { whitelist } = guard
    if (whitelist.kind === 'folder') paths.push(whitelist.folder)
    else paths.push(whitelist.files.path, whitelist.files.checksums ?? whitelist.files.path)
  }
  const git = { cwd: source, env: scrubbedEnvironment(process.env), signal }
  const { value: file, problems } = await firstTracked(git, top, paths)
  if (file === undefined) return problems
  return [
    {
      kind: 'usage',
      message: `${quote(file)} belongs to the commit that is checked out, so every step would go by another one.`,
      advice:
        'Name the commit whose configuration and whitelists count, with --baseline-ref, or keep them outside of the tree: --config ../gate/kabi.yml.',
    },
  ]
}

/** A name that stands for another commit after each step. */
function refThatMoves(ref: string): readonly Problem[] {
  if (!/^(?:HEAD|@|(?:refs\/)?bisect\/.*)(?:[~^@:{].*)?$/.test(ref)) return []
  return [
    {
      kind: 'usage',
      message: `--baseline-ref ${quote(ref)} is another commit after every step of a bisection.`,
      advice: 'Name a branch, a tag or the whole name of a commit.',
    },
  ]
}

/** The question in terms of the lists. Problems, without a value: those of the plan, and a type that no list knows. */
async function questionOf(request: CheckRequest, sought: Sought): Promise<Read<BisectQuestion | undefined>> {
  if (sought.kind !== 'type') return { value: sought, problems: [] }
  const { value: base, problems } = await openBase(request)
  if (!base) return { value: undefined, problems }
  try {
    return base.named(await typeQuestion(request, sought.names, base.commit))
  } finally {
    await base.close()
  }
}

async function typeQuestion(
  request: CheckRequest,
  names: readonly string[],
  base: BaseCommit | undefined,
): Promise<Read<BisectQuestion | undefined>> {
  const planned = await plan(request, base)
  if (!planned.value) return { value: undefined, problems: planned.problems }
  const found = new Map<string, Map<string, readonly (readonly string[])[]>>()
  for (const variant of planned.value.variants) {
    const { whitelist, problems } = await readGuard(variant)
    const errors = problems.filter(isError)
    if (errors.length > 0) return { value: undefined, problems: errors }
    if (!whitelist) continue
    for (const [name, objects] of await objectsOfTypes(whitelist, names)) {
      const known = found.get(name) ?? new Map<string, readonly (readonly string[])[]>()
      found.set(name, known.set(variant.name, objects))
    }
  }
  const [first, ...others] = found
  if (first && others.length === 0) {
    const [name, objects] = first
    return { value: { kind: 'type', name, objects }, problems: [] }
  }
  return { value: undefined, problems: [first ? ambiguous([...found.keys()]) : unknownType(names)] }
}

function unknownType(names: readonly string[]): Problem {
  return {
    kind: 'usage',
    message: `No type definition ${names.map(quote).join(' or ')} is stored beside a whitelist of this run.`,
    advice: 'Name a symbol with --symbol instead, or a type that a report names.',
  }
}

function ambiguous(names: readonly string[]): Problem {
  return {
    kind: 'usage',
    message: `The name is that of several definitions: ${names.map(quote).join(' and ')}.`,
    advice: 'Write one of them as it stands here, or as in C: --type "struct device".',
  }
}
