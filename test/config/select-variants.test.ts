import { describe, expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import { missingForCollect } from '../../src/config/missing-for-collect.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import type { Plan } from '../../src/config/plan.ts'
import { selectVariants } from '../../src/config/select-variants.ts'

function planOf(text: string): Plan {
  const { value } = parseConfig(text, 'kabi.yml')
  if (!value) throw new Error('not a valid configuration')
  return makePlan(value, 'kabi.yml', '/tree')
}

describe('selecting variants', () => {
  const plan = planOf('version: 1\npreset: rhel5\n')
  const selected = (...names: string[]) => {
    const { value, problems } = selectVariants(plan, names)
    return { names: value.variants.map(({ name }) => name), problems }
  }

  it('keeps all when none is named', () => {
    expect(selectVariants(plan, [])).toEqual({ value: plan, problems: [] })
  })

  it('keeps what is named, once and in the order of the plan', () => {
    expect(selected('x86_64', 'i686', 'x86_64')).toEqual({ names: ['i686', 'x86_64'], problems: [] })
  })

  it('tells a name that is not known, with the nearest that is', () => {
    const { names, problems } = selected('i686', 'x86-64', 'riscv')
    expect(names).toEqual(['i686'])
    expect(problems.map(({ kind, message }) => [kind, message])).toEqual([
      ['usage', '"kabi.yml" has no variant "x86-64"; did you mean x86_64?'],
      ['usage', '"kabi.yml" has no variant "riscv".'],
    ])
    expect(problems[0]?.advice).toContain('i686, i686PAE')
  })
})

describe('what is missing to collect a variant', () => {
  it.each([
    ['config: a', undefined],
    ['symvers: a', undefined],
    ['promise: none, reason: technology preview', undefined],
    ['', /no kernel configuration/],
    ['config: a, strategy: prebuilt', /no Module.symvers/],
    ['symvers: a, strategy: full', /no kernel configuration/],
  ])('of { %s } is %s', (settings, expected) => {
    const [variant] = planOf(`version: 1\nvariants: { a: { arch: arm, ${settings} } }\n`).variants
    const problem = variant && missingForCollect(variant)
    if (expected === undefined) expect(problem).toBeUndefined()
    else {
      expect(problem).toMatchObject({ kind: 'config', variant: 'a' })
      expect(problem?.message).toMatch(expected)
      expect(problem?.advice).toContain('--symvers a=FILE')
    }
  })
})
