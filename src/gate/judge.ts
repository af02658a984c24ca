import type { Collected, Evidence } from '../abi/evidence.ts'
import type { Guarded } from '../baseline/read-guard.ts'
import type { Problem, Read } from '../problem/problem.ts'
import type { Expectations } from '../evidence/read-evidence.ts'
import { readEvidenceFolder } from '../evidence/read-evidence-folder.ts'
import { holdAgainst } from './hold-against.ts'
import { judgeCollected, withConfiguration } from './judge-collected.ts'
import { prepare, type Prepared } from './prepare.ts'
import { carrier } from './carry-over.ts'
import { askedOf } from './wanted.ts'
import type { CheckRequest } from './request.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { errorVerdict } from '../judge/decide.ts'
import type { Verdict } from '../judge/verdict.ts'
import type { BaseCommit } from '../git/open-commit.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { isSparse } from '../git/partial-clone.ts'
import { runGit, type GitSession } from '../git/run-git.ts'
import { exists } from '../kernel/exists.ts'
import { headCommit } from '../git/tree-identity.ts'
import { openBase } from '../base/open-base.ts'

/** A run that others collected for. */
export interface JudgeRequest
  extends
    Omit<PlanRequest, 'source' | 'variants' | 'symvers'>,
    Pick<
      CheckRequest,
      | 'noCarryOver'
      | 'tool'
      | 'override'
      | 'patch'
      | 'debugInfo'
      | 'signal'
      | 'baselineRef'
      | 'today'
      | 'docs'
      | 'origin'
    > {
  /** The folder with the evidence of all variants. */
  readonly evidence: string
  /** Evidence of an earlier commit, for the variants that the folder lacks. */
  readonly earlier?: EarlierFolder | undefined
  /** The commit that the evidence must be of, and the tree at hand too; when not given, all of it must be of one tree. */
  readonly expectCommit: string | undefined
  /** The kernel tree that was looked at, where it is at hand: causes get their places. */
  readonly source: string | undefined
}

/** A folder with evidence that others left of a commit. */
export interface EarlierFolder {
  readonly folder: string
  /** The commit that it has to be of, its whole name. */
  readonly commit: string
}

/**
 * Judges the evidence of all variants of the plan, exactly as `check` judges its own: no code of the kernel tree is run. A
 * variant whose evidence is missing or not accepted is an error, and so is evidence that nobody asked for.
 */
export async function judge(request: JudgeRequest): Promise<Verdict> {
  const { value: base, problems } = await openBase(request)
  if (!base) return errorVerdict(request.tool, problems, request.override)
  try {
    const verdict = await judgeAll({ ...request, patch: request.patch ?? base.patch }, base.commit)
    return base.named(withConfiguration(verdict, base.commit, request.origin))
  } finally {
    await base.close()
  }
}

async function judgeAll(request: JudgeRequest, base: BaseCommit | undefined): Promise<Verdict> {
  const { tool, override, cwd } = request
  const tree = request.source
  const misplaced = await otherCheckout(request)
  if (misplaced) return errorVerdict(tool, [misplaced], override)
  const planning = { ...request, source: tree ?? cwd, variants: [], symvers: [], collects: false }
  const { value: prepared, problems } = await prepare(planning, base)
  if (!prepared) return errorVerdict(tool, problems, override)
  const { value: collected, problems: strays } = await readCollected(request, prepared)
  const { earlier } = request
  const known = { ...prepared, policy: prepared.plan.policy, request, collected }
  return judgeCollected({ ...prepared, problems: [...problems, ...strays] }, collected, {
    ...request,
    source: tree !== undefined && (await isSparse(gitIn(request))) ? undefined : tree,
    variants: [],
    ...(earlier && base
      ? {
          holdAgainst: (verdict) =>
            holdAgainst(
              verdict,
              { ...known, commit: base.commit, trusted: base.commit },
              // Evidence of an earlier commit that holds for the base, too, says what the base has.
              async (commit, asked) => {
                const about = { ...request, ...nothingOwn, expectCommit: commit }
                return (await readCollected(about, onlyOf(prepared, asked))).value
              },
            ),
        }
      : {}),
  })
}

/** What is known of the variants that something is asked of. */
function onlyOf(prepared: Prepared, asked: readonly Pick<Guarded, 'variant'>[]): Prepared {
  const names = new Set(asked.map(({ variant }) => variant.name))
  const { plan, guarded } = prepared
  return {
    ...prepared,
    plan: { ...plan, variants: plan.variants.filter(({ name }) => names.has(name)) },
    guarded: guarded.filter(({ variant }) => names.has(variant.name)),
  }
}

/** Of the base nothing was collected in this run. */
const nothingOwn = { evidence: undefined, noCarryOver: true }

function gitIn({ source, cwd, signal }: Pick<JudgeRequest, 'source' | 'cwd' | 'signal'>): GitSession {
  return { cwd: source ?? cwd, env: scrubbedEnvironment(process.env), signal }
}

type Carrying = ReturnType<typeof carrier>

/** What reading the evidence of all variants takes. */
type EvidenceRequest = {
  /** Absent: there is nothing but what is of an earlier commit. */
  readonly evidence: string | undefined
  /** As in `Expectations`. */
  readonly acceptedBefore?: boolean
} & Pick<JudgeRequest, 'tool' | 'earlier' | 'expectCommit' | 'source' | 'cwd' | 'signal' | 'noCarryOver'>

/**
 * Reads the evidence of all variants. That of another commit than the expected one is taken where it holds for it, as the trees of both
 * prove in the repository at hand, whatever told somebody to hand it over. Problems: those of `readEvidenceFolder`.
 */
export async function readCollected(
  request: EvidenceRequest,
  prepared: Prepared,
): Promise<Read<ReadonlyMap<string, Collected>>> {
  const { plan, digestOf, guarded } = prepared
  const stable = plan.variants.filter(({ guard }) => guard.kind === 'stable')
  const asked = new Map(guarded.map((one) => [one.variant.name, askedOf(prepared, one)]))
  const wanted = [...asked].flatMap(([name, { wanted: symbols }]) =>
    symbols === 'all' ? [] : [[name, symbols] as const],
  )
  const carrying = await carrierFor(request, (variant) => asked.get(variant))
  const { expectCommit, earlier } = request
  const expectations = {
    tool: request.tool,
    plans: new Map(stable.map((variant) => [variant.name, digestOf(variant)])),
    wanted: new Map(wanted),
    commit: expectCommit,
    ...(request.acceptedBefore ? { acceptedBefore: true } : {}),
  }
  const carry = carrying && !request.noCarryOver ? { carry: carrying.carry } : {}
  try {
    const { evidence } = request
    const own =
      evidence === undefined || (earlier && !(await exists(evidence)))
        ? { value: new Map<string, Collected>(), problems: [] }
        : await readEvidenceFolder(evidence, { ...expectations, ...carry })
    if (!earlier || !carrying) return own
    // What belongs to no variant of the plan was of another plan.
    const others = await readEarlier(earlier, expectations, carrying)
    return { value: new Map([...others, ...own.value]), problems: own.problems }
  } finally {
    await carrying?.close()
  }
}

/** Reads evidence that has to be of one commit, and to hold for another. */
async function readEarlier(
  { folder, commit }: EarlierFolder,
  expectations: Expectations,
  { carry }: Carrying,
): Promise<ReadonlyMap<string, Collected>> {
  const proven = new Set<Collected>()
  const { value } = await readEvidenceFolder(folder, {
    ...expectations,
    carry: async (evidence) => {
      if (!isOf(evidence, commit)) return `it had to be of commit ${commit}`
      const held = await carry(evidence)
      if (typeof held !== 'string') proven.add(held)
      return held
    },
  })
  return new Map(
    [...value].map(([variant, one]) => {
      if (one.kind === 'failure' || proven.has(one) || isOf(one, commit)) return [variant, one]
      const message = `The earlier evidence of ${variant} had to be of commit ${commit}, and is of another.`
      return [variant, { kind: 'failure', variant, problems: [{ kind: 'stale-evidence', variant, message }] }]
    }),
  )
}

function isOf({ tree }: Evidence, commit: string): boolean {
  return tree !== undefined && 'commit' in tree && tree.commit === commit
}

/** Undefined where the repository is not at hand, or has the kernel elsewhere than at its top. */
async function carrierFor(
  request: EvidenceRequest,
  asked: Parameters<typeof carrier>[0]['askedOf'],
): Promise<Carrying | undefined> {
  const { expectCommit, noCarryOver, earlier } = request
  if (expectCommit === undefined || (noCarryOver && !earlier)) return undefined
  const git = gitIn(request)
  const top = await runGit(git, ['rev-parse', '--show-cdup'])
  return top.problems.length > 0 || top.value[0] !== ''
    ? undefined
    : carrier({ git, commit: expectCommit, askedOf: asked })
}

/** The problem of a tree whose configuration and sources are those of another commit than the evidence has to be of. */
async function otherCheckout({ source, expectCommit, signal }: JudgeRequest): Promise<Problem | undefined> {
  if (source === undefined || expectCommit === undefined) return undefined
  const head = await headCommit(source, scrubbedEnvironment(process.env), signal)
  if (!head || !('commit' in head) || head.commit === expectCommit) return undefined
  const message = `Commit ${head.commit} is checked out, expected was ${expectCommit}.`
  return { kind: 'other-checkout', message, place: { file: source } }
}
