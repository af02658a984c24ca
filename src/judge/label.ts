import { acceptedRole } from './accepted-role.ts'
import type { Override } from './verdict.ts'

/** What the forge says, now, about the label that excuses a break on a pull request. */
export interface LabelFacts {
  readonly pullRequest: { readonly number: number; readonly title: string; readonly author: string }
  /** The commit that was judged, and the one that the pull request stands at now. */
  readonly judgedHead: string
  readonly liveHead: string
  /** The branch that it was judged for, and the one that the pull request is to be merged into now. */
  readonly judgedBase: string
  readonly liveBase: string
  /** When it was last pointed at another branch, by the forge's clock; absent: never. */
  readonly baseChangedAt: string | undefined
  /** Names of the labels that the pull request has now. */
  readonly labels: readonly string[]
  /** The newest event that set the label; absent: none was found. */
  readonly labeled: { readonly actor: string; readonly at: string } | undefined
  /** Every role that the actor of that event has in the repository, the one that the forge names first. */
  readonly roles: readonly string[]
  /**
   * The event that started this run, where it was the setting of a label: the forge took the commit, the branch to merge into
   * and the label in one moment, so nothing can have changed between.
   */
  readonly startedBy:
    | { readonly actor: string; readonly label: string; readonly head: string; readonly base: string }
    | undefined
  /** When the live head was pushed to the branch, by the forge's clock; absent: not known. */
  readonly pushedAt: string | undefined
}

/** What is asked for: the label, and the roles whose setting of it counts. */
export interface LabelPolicy {
  readonly label: string
  readonly roles: readonly string[]
}

export type Approval =
  | { readonly kind: 'approved'; readonly override: Override }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly why: string }

/**
 * Decides whether the label excuses a break. It does only when it is there now, was set by somebody with one of the
 * roles who is not the author, and was set after the newest push and after the pull request was last pointed at another
 * branch: what may break on one may not on another. In doubt it does not.
 */
export function approve({ label, roles }: LabelPolicy, facts: LabelFacts): Approval {
  const { pullRequest, labeled } = facts
  if (!facts.labels.some((name) => same(name, label))) return { kind: 'absent' }
  if (!labeled) return refuse('the pull request has it, but no event says who set it')
  if (facts.judgedHead !== facts.liveHead)
    return refuse('the pull request has newer commits than the one that was checked')
  if (facts.judgedBase !== facts.liveBase)
    return refuse(
      `the pull request is to be merged into ${facts.liveBase} by now, and was checked for ${facts.judgedBase}`,
    )
  if (same(labeled.actor, pullRequest.author))
    return refuse(`${labeled.actor} set it on a pull request of their own`)
  const role = acceptedRole(facts.roles, roles)
  if (role === undefined) {
    const held = facts.roles[0] ?? 'none that is known'
    return refuse(`${labeled.actor} set it, whose role is ${held}; it takes ${roles.join(' or ')}`)
  }
  const fresh = freshness(label, facts, labeled)
  if (fresh !== 'fresh') return refuse(fresh)
  return {
    kind: 'approved',
    override: {
      by: labeled.actor,
      reason: `pull request ${pullRequest.number}: ${pullRequest.title}`,
      how: { kind: 'label', label, role, at: labeled.at },
    },
  }
}

function freshness(
  label: string,
  { startedBy, liveHead, liveBase, pushedAt, baseChangedAt }: LabelFacts,
  { actor, at }: NonNullable<LabelFacts['labeled']>,
): string {
  const bound =
    startedBy?.head === liveHead &&
    startedBy.base === liveBase &&
    same(startedBy.label, label) &&
    same(startedBy.actor, actor)
  if (bound) return 'fresh'
  const [set, pushed] = [Date.parse(at), Date.parse(pushedAt ?? '')]
  if (baseChangedAt !== undefined && !(set > Date.parse(baseChangedAt)))
    return `stale approval, set it again: the pull request was pointed at ${liveBase} since`
  if (Number.isNaN(set) || Number.isNaN(pushed))
    return 'stale approval, set it again: when the newest commit was pushed is not known'
  // The forge counts in seconds; within one, nobody knows what came first.
  return set > pushed ? 'fresh' : 'stale approval, set it again: it is older than the newest push'
}

function refuse(why: string): Approval {
  return { kind: 'refused', why }
}

/** The names of users and labels do not depend on case. */
function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
