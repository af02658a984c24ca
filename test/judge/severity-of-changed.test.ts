import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cause, ChangeClass } from '../../src/abi/cause.ts'
import { changeGravity } from '../../src/abi/explain/change-order.ts'
import { presetPolicy, type Policy, type Severity } from '../../src/judge/policy.ts'
import { severityOfChanged } from '../../src/judge/severity-of-changed.ts'

const strict = presetPolicy('strict')
const lenient = presetPolicy('lenient')

type JudgedCause = Pick<Cause, 'changes' | 'layout'>

function causes(...classes: readonly ChangeClass[][]): readonly JudgedCause[] {
  return classes.map((changes) => ({ changes: changes.map((one) => ({ class: one })) }))
}

const still = { differences: [] }
const fitting = { differences: [{ class: 'in-hole', member: 'a' }] } as const
const moving = { differences: [{ class: 'moved', member: 'a' }] } as const

const changeClasses = Object.keys(changeGravity) as ChangeClass[]
const someCauses = fc
  .array(fc.array(fc.constantFrom(...changeClasses), { maxLength: 4 }), { maxLength: 4 })
  .map((classes) => causes(...classes))
const severity = fc.constantFrom<Severity>('fail', 'warn', 'ignore')
const somePolicy: fc.Arbitrary<Policy> = fc
  .tuple(severity, fc.dictionary(fc.constantFrom(...changeClasses), severity))
  .map(([changed, classes]) => ({ ...strict, kinds: { ...strict.kinds, changed }, classes }))

const order: readonly Severity[] = ['ignore', 'warn', 'fail']

describe('severityOfChanged', () => {
  it.each<[what: string, policy: Policy, classes: ChangeClass[][], expected: Severity]>([
    ['fails on every class when strict', strict, [['became-defined']], 'fail'],
    [
      'warns of what became defined or opaque when lenient',
      lenient,
      [['became-defined'], ['became-opaque']],
      'warn',
    ],
    ['fails on a lenient class beside another one', lenient, [['became-defined', 'attribute']], 'fail'],
    ['fails on a lenient cause beside another one', lenient, [['became-defined'], ['field-added']], 'fail'],
    ['fails on what was not explained', lenient, [], 'fail'],
    ['fails on a cause without changes', lenient, [['became-opaque'], []], 'fail'],
    [
      'gives a class more weight than the kind has',
      { ...strict, kinds: { ...strict.kinds, changed: 'warn' }, classes: { 'field-removed': 'fail' } },
      [['field-removed']],
      'fail',
    ],
    [
      'ignores what the policy ignores',
      { ...strict, classes: { spelling: 'ignore' } },
      [['spelling']],
      'ignore',
    ],
  ])('%s', (_, policy, classes, expected) => {
    expect(severityOfChanged(causes(...classes), policy)).toBe(expected)
  })

  it.each<[what: string, policy: Policy, layouts: (JudgedCause['layout'] | undefined)[], expected: Severity]>(
    [
      ['fails on what moves nothing when strict', strict, [still], 'fail'],
      ['warns of what is proven to move nothing when lenient', lenient, [still, fitting], 'warn'],
      ['fails on what moves something beside what does not', lenient, [still, moving], 'fail'],
      ['fails where the layout of one cause is not known', lenient, [still, undefined], 'fail'],
      [
        'keeps the weight of a class that is lighter',
        { ...lenient, classes: { other: 'ignore' } },
        [still],
        'ignore',
      ],
    ],
  )('%s', (_, policy, layouts, expected) => {
    const some = layouts.map((layout): JudgedCause => ({
      changes: [{ class: 'other' }],
      ...(layout ? { layout } : {}),
    }))
    expect(severityOfChanged(some, policy)).toBe(expected)
  })

  it('never becomes lighter through one more change or cause', () => {
    fc.assert(
      fc.property(somePolicy, someCauses, someCauses, (policy, some, more) => {
        fc.pre(some.length > 0)
        const alone = order.indexOf(severityOfChanged(some, policy))
        expect(order.indexOf(severityOfChanged([...some, ...more], policy))).toBeGreaterThanOrEqual(alone)
        const merged = some.map(({ changes }, at) => ({
          changes: [...changes, ...(more[at]?.changes ?? [])],
        }))
        fc.pre(some.every(({ changes }) => changes.length > 0))
        expect(order.indexOf(severityOfChanged(merged, policy))).toBeGreaterThanOrEqual(alone)
      }),
    )
  })
})
