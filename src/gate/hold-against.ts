import type { Collected } from '../abi/evidence.ts'
import type { Layouts } from '../abi/layouts/layout.ts'
import { objectsBySymbol } from '../abi/objects-by-symbol.ts'
import type { Patch } from '../abi/patch.ts'
import type { Guarded } from '../baseline/read-guard.ts'
import { firstParent } from '../git/first-parent.ts'
import { resolveCommit } from '../git/resolve-commit.ts'
import { ofFamily } from '../judge/finding.ts'
import { baseVariant, weightOfPreExisting, type BaseCase } from '../judge/origin.ts'
import type { Policy } from '../judge/policy.ts'
import type { Verdict } from '../judge/verdict.ts'
import type { Collection } from '../kernel/collect-all.ts'
import { isError, type Problem } from '../problem/problem.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import type { LookAtBase } from './look-at-base.ts'
import type { CheckRequest } from './request.ts'
import { symbolsOf } from './wanted.ts'

/** What a verdict is held against, and notes about what nobody can tell. */
export interface HeldAgainst {
  readonly base: BaseCase
  readonly problems: readonly Problem[]
}

/**
 * The whole name of the commit that findings are held against; undefined where nobody wants to know where they come from. Problem: those
 * of `resolveCommit` and `firstParent`.
 */
export async function baseOfFindings({
  against,
  patch,
  source,
  signal,
}: Pick<CheckRequest, 'against' | 'patch' | 'source' | 'signal'>): Promise<string | Problem | undefined> {
  if (!against) return undefined
  const git = { cwd: source, env: scrubbedEnvironment(process.env), signal }
  if (against.ref !== undefined) return resolveCommit(git, against.ref)
  if (patch?.kind === 'base') return patch.commit ?? resolveCommit(git, patch.ref)
  return firstParent(git)
}

/** What is known when a verdict is to be held against a base. */
interface Known {
  readonly request: Pick<CheckRequest, 'origin'>
  /** The base, its whole name. */
  readonly commit: string
  /** The commit whose configuration counts. */
  readonly trusted: string | undefined
  readonly policy: Policy
  readonly guarded: readonly Guarded[]
  readonly collected: ReadonlyMap<string, Collected>
  readonly patch: Patch | undefined
}

/**
 * Looks at the base of what a verdict found: at the symbols in question alone, and not at all where there are none, or where the verdict
 * is an error. What cannot be looked at is a note, and its findings are of unknown origin.
 */
export async function holdAgainst(verdict: Verdict, known: Known, look: LookAtBase): Promise<HeldAgainst> {
  const { request, commit, trusted, policy, guarded, collected, patch } = known
  const all = verdict.result === 'error' ? [] : guarded.flatMap((one) => askedOf(verdict, one, collected))
  const asked = all.filter(({ variant }) => variant.strategy !== 'prebuilt')
  const found = asked.length === 0 ? new Map<string, Collected>() : await look(commit, asked)
  const problems: Problem[] = []
  const variants = new Map<string, NonNullable<ReturnType<typeof baseVariant>>>()
  for (const { variant, wanted, whitelist } of all) {
    const [base, head] = [found.get(variant.name), collected.get(variant.name)]
    const held = baseVariant(whitelist, wanted, { base, head })
    if (held) variants.set(variant.name, held)
    else problems.push(notKnown(variant, commit, base))
  }
  const startsPatch = patch?.base === commit
  const preExisting = weightOfPreExisting(policy, request.origin, { commit, trusted })
  return {
    base: { commit, preExisting, variants, startsPatch, counts: commit === trusted },
    problems,
  }
}

interface Asked extends Collection {
  readonly wanted: ReadonlySet<string>
  readonly whitelist: NonNullable<Guarded['whitelist']>
}

/** The symbols that findings of a variant are about, with all that reach a type that moved: whoever holds it is seen by these alone. */
function askedOf(
  { findings }: Verdict,
  { variant, whitelist, layouts }: Guarded,
  collected: ReadonlyMap<string, Collected>,
): readonly Asked[] {
  const own = findings.filter((one) => one.variant === variant.name && one.severity !== 'ignore')
  const moved = ofFamily(own, 'layout')
  const differing = ofFamily(own, 'symbol')
  const wanted = new Set([
    ...differing.map(({ symbol }) => symbol),
    ...moved.flatMap(({ symbols }) => symbols),
  ])
  const evidence = collected.get(variant.name)
  if (!whitelist || wanted.size === 0 || evidence?.kind !== 'evidence') return []
  // Evidence without an export tells nothing, and a base may lack all that is gone here.
  if (differing.every(({ kind }) => kind === 'removed') && moved.length === 0) {
    const exported = new Set(evidence.symvers.exports.map(({ symbol }) => symbol))
    const [kept] = [...symbolsOf(whitelist)].filter((symbol) => exported.has(symbol))
    if (kept !== undefined) wanted.add(kept)
  }
  const names = new Set(moved.flatMap(({ name, embedding }) => [name, ...embedding.map((one) => one.name)]))
  const objects = [...objectsBySymbol(evidence.build)].filter(([symbol]) => wanted.has(symbol))
  return [
    {
      variant,
      wanted,
      whitelist,
      places: new Map(objects),
      ...(layouts && names.size > 0 ? { layouts: narrowed(layouts, names) } : {}),
    },
  ]
}

function narrowed(layouts: Layouts, names: ReadonlySet<string>): Layouts {
  const some = <T>(all: ReadonlyMap<string, T>) => new Map([...all].filter(([name]) => names.has(name)))
  return {
    ...layouts,
    types: some(layouts.types),
    symbols: some(layouts.symbols),
    unknown: some(layouts.unknown),
  }
}

function notKnown(
  { name, strategy }: Collection['variant'],
  commit: string,
  base: Collected | undefined,
): Problem {
  const first = base?.kind === 'failure' ? (base.problems.find(isError) ?? base.problems[0]) : undefined
  const why =
    strategy === 'prebuilt'
      ? 'it is read from a finished build'
      : (first?.message ?? 'nothing was found of it')
  return {
    kind: 'origin-unknown',
    variant: name,
    message: `Nobody knows whether base ${commit.slice(0, 12)} has the findings of variant ${name}: ${why}`,
    ...(first?.excerpt ? { excerpt: first.excerpt } : {}),
  }
}
