import type { Change } from '../cause.ts'
import { align } from './align.ts'
import { cText } from './c-text.ts'
import { constantValue } from './constant-value.ts'
import type { Enumerator } from './declaration.ts'
import { enumeratorValue } from './enumerator-value.ts'
import { nothingKnown, type BothTypes, type KnownTypes } from './known-types.ts'

interface ValuedEnumerator {
  readonly name: string
  /** What it is set to; empty for one more than the enumerator before. */
  readonly written: string
  /** Its value: a number where that can be told, else an expression. */
  readonly value: string
}

/** How two lists of enumerators differ. Nothing: every name has the value that it had. */
export function classifyEnumerators(
  enumeratorsBefore: readonly Enumerator[],
  enumeratorsAfter: readonly Enumerator[],
  types: BothTypes = nothingKnown,
): readonly Change[] {
  const before = withValues(enumeratorsBefore, types.before)
  const after = withValues(enumeratorsAfter, types.after)
  const earlier = new Map(before.map((one) => [one.name, one]))
  const later = new Set(after.map(({ name }) => name))
  const { pairs, removed, added } = align(before, after, [
    ({ name }) => name,
    // Then, another name for the same value. A name that both sides have was not given up.
    ({ name, value }, side) =>
      (side === 'before' ? later.has(name) : earlier.has(name)) ? `${side} ${name}` : `= ${value}`,
  ])
  const moved = new Set(added.filter(({ name }) => earlier.has(name)))
  const revalued = after.filter(({ name, value }) => (earlier.get(name) ?? { value }).value !== value)
  /** Those that have another value only because of what stands before them. */
  const shifted = new Set(
    revalued.filter((one) => !moved.has(one) && earlier.get(one.name)?.written === one.written),
  )
  const shifts = (one: ValuedEnumerator): boolean =>
    after.slice(after.indexOf(one)).some((behind) => shifted.has(behind) && !isSentinel(behind))

  return [
    ...pairs
      .filter(({ level }) => level === 1)
      .map(({ before: old, after: current }): Change => ({
        class: 'enumerator-renamed',
        subject: old.name,
        before: old.name,
        after: current.name,
      })),
    ...removed
      .filter(({ name }) => !later.has(name))
      .map(({ name }): Change => ({ class: 'enumerator-removed', subject: name })),
    ...added
      .filter((one) => !moved.has(one))
      .map((one): Change => ({
        class: shifts(one) ? 'enumerator-inserted' : 'enumerator-added-at-end',
        subject: one.name,
      })),
    ...revalued
      .filter((one) => !shifted.has(one) || isSentinel(one))
      .map(({ name, value }): Change => ({
        class: 'enumerator-value',
        subject: name,
        before: `${name} = ${earlier.get(name)?.value ?? ''}`,
        after: `${name} = ${value}`,
      })),
  ]
}

function withValues(enumerators: readonly Enumerator[], types: KnownTypes): readonly ValuedEnumerator[] {
  const numbers = new Map<string, number>()
  let base = ''
  let offset = -1
  return enumerators.map(({ name, value: tokens }) => {
    if (tokens) {
      const number = constantValue(tokens, (other) => numbers.get(other) ?? enumeratorValue(other, types))
      base = number === undefined ? cText(tokens, 'expression') : ''
      offset = number ?? 0
    } else offset++
    if (base === '') numbers.set(name, offset)
    const value = base === '' ? String(offset) : offset === 0 ? base : `${base} + ${offset}`
    return { name, written: tokens?.join(' ') ?? '', value }
  })
}

/** Whether an enumerator counts the others, as far as its name tells: `__NL80211_MAX`, `NR_NODE_STATES`. */
function isSentinel({ name }: ValuedEnumerator): boolean {
  return /(?:^|_)(?:MAX|NUM|NR|LAST|COUNTS?|CNT|END|TYPES)(?:_|$)/i.test(name)
}
