import type { Symvers } from '../abi/export.ts'
import { policyEdits } from './policy-edits.ts'
import type { GateEdit } from './gate-edit.ts'
import type { GateState, GuardedVariant, NoGateState } from './gate-state.ts'
import { isExpired, waivedSubject, type Waiver } from './waiver.ts'
import { whitelistEdits } from './whitelist-edits.ts'

/**
 * What a patch changes in the gate that guards it: configuration, whitelists, waivers. What makes the gate stricter, and a
 * new row that the build bears out, is no edit.
 * @param before what counts: that of the base commit
 * @param after that of the patched tree
 * @param built the exports of each variant that could be collected
 * @param today as in `Waivers`
 */
export function gateEdits(
  before: GateState,
  after: GateState | NoGateState,
  built: ReadonlyMap<string, Symvers>,
  today: string,
): readonly GateEdit[] {
  if ('why' in after) {
    const { file, line, why } = after
    return [
      {
        kind: 'config-unreadable',
        subject: 'configuration',
        after: why,
        file,
        ...(line === undefined ? {} : { line }),
      },
    ]
  }
  const now = new Map(after.variants.map((variant) => [variant.name, variant]))
  return [
    ...before.variants.flatMap((variant) => variantEdits(variant, now.get(variant.name), after, built)),
    ...policyEdits(before, after),
    ...waiverEdits(before.waivers, after.waivers, today),
    ...before.protectedBranches
      .filter((pattern) => !after.protectedBranches.includes(pattern))
      .map((subject): GateEdit => ({
        kind: 'protection-removed',
        subject,
        ...placeOf(after, ['protected']),
      })),
  ]
}

function variantEdits(
  before: GuardedVariant,
  after: GuardedVariant | undefined,
  state: GateState,
  built: ReadonlyMap<string, Symvers>,
): readonly GateEdit[] {
  const { name: variant } = before
  if (before.guard === 'none') return []
  const about = { subject: variant, variant, ...placeOf(state, ['variants', variant]) }
  if (!after) return [{ ...about, kind: 'variant-dropped' }]
  if (after.guard === 'none') return [{ ...about, kind: 'promise-withdrawn' }]
  return [
    ...(before.build === after.build ? [] : [{ ...about, kind: 'build-changed' } as const]),
    ...runnerEdits(before, after, { ...about, ...placeOf(state, ['variants', variant, 'runner']) }),
    ...before.drivers
      .filter((path) => !after.drivers.includes(path))
      .map((subject): GateEdit => ({
        ...about,
        ...placeOf(state, ['variants', variant, 'drivers']),
        kind: 'drivers-dropped',
        subject,
      })),
    ...whitelistEdits(before, after, about, built.get(variant)),
  ]
}

function runnerEdits(
  before: GuardedVariant,
  after: GuardedVariant,
  about: Omit<GateEdit, 'kind'>,
): readonly GateEdit[] {
  const words = ({ runner }: GuardedVariant) => (runner.length === 0 ? 'not said' : runner.join(', '))
  if (words(before) === words(after)) return []
  return [{ ...about, kind: 'runner-changed', before: words(before), after: words(after) }]
}

/** Waivers that were there already, with an end no later, are no edit; nor are those that excuse nothing. */
function waiverEdits(
  before: readonly Waiver[],
  after: readonly Waiver[],
  today: string,
): readonly GateEdit[] {
  const known = new Map<string, string>()
  for (const waiver of before) {
    const key = waiverKey(waiver)
    const expires = known.get(key)
    if (expires === undefined || expires < waiver.expires) known.set(key, waiver.expires)
  }
  return after.flatMap((waiver): GateEdit[] => {
    const { expires, file, line } = waiver
    const subject = waivedSubject(waiver)
    if (isExpired(waiver, today)) return []
    const end = known.get(waiverKey(waiver))
    if (end === undefined) return [{ kind: 'waiver-added', subject, after: `until ${expires}`, file, line }]
    if (end >= expires) return []
    return [{ kind: 'waiver-extended', subject, before: end, after: expires, file, line }]
  })
}

function placeOf({ file, lineOf }: GateState, path: readonly string[]): Pick<GateEdit, 'file' | 'line'> {
  const line = lineOf(path)
  return line === undefined ? { file } : { file, line }
}

/** Equal for waivers that excuse the same: what they say about reason, owner, ticket and end does not count. */
function waiverKey(waiver: Waiver): string {
  const { kind, variants, from, to } = waiver
  const where = variants === 'all' ? variants : variants.toSorted()
  return JSON.stringify([waivedSubject(waiver), kind, where, from, to])
}
