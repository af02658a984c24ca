import { describe, expect, it } from 'vitest'
import { narrowPlan, type Narrowing } from '../../src/config/narrow-plan.ts'
import type { Plan, VariantPlan } from '../../src/config/plan.ts'
import { presetPolicy } from '../../src/judge/policy.ts'

function variant(name: string): VariantPlan {
  return {
    name,
    arch: 'x86_64',
    guard: { kind: 'stable', whitelist: { kind: 'files', files: { path: '/w' } } },
    strategy: 'full',
    toolchain: { crossCompile: '' },
    makeArgs: [],
  }
}

const plan: Plan = {
  folder: '/tree',
  file: 'kabi.yml',
  variants: [variant('x86_64'), variant('s390x')],
  policy: presetPolicy('strict'),
  waivers: [],
  protectedBranches: [],
}

function narrow(request: Partial<Narrowing>) {
  const all = { variants: [], strategy: undefined, symvers: [], cwd: '/here' }
  const { value, problems } = narrowPlan(plan, { ...all, ...request })
  return {
    variants: value.variants.map(({ name, strategy, symvers }) => [name, strategy, symvers]),
    problems: problems.map(({ kind, message }) => `${kind} ${message}`),
  }
}

describe('narrowPlan', () => {
  it('leaves a plan alone when nothing is asked', () => {
    expect(narrow({})).toEqual({
      variants: [
        ['x86_64', 'full', undefined],
        ['s390x', 'full', undefined],
      ],
      problems: [],
    })
  })

  it('reads a build that is given instead of making one', () => {
    expect(narrow({ symvers: ['s390x=out/Module.symvers'] }).variants).toEqual([
      ['x86_64', 'full', undefined],
      ['s390x', 'prebuilt', '/here/out/Module.symvers'],
    ])
  })

  it('takes a file without a name when one variant is left', () => {
    expect(narrow({ variants: ['s390x'], symvers: ['/out/Module.symvers'] })).toEqual({
      variants: [['s390x', 'prebuilt', '/out/Module.symvers']],
      problems: [],
    })
  })

  it.each<[string, Partial<Narrowing>, RegExp]>([
    ['an unknown variant', { variants: ['s390'] }, /^usage .*s390.*s390x/],
    ['a file without a name among several variants', { symvers: ['Module.symvers'] }, /VARIANT=FILE/],
    ['a file for an unknown variant', { symvers: ['arm=f'] }, /no variant "arm"/],
    ['a name without a file', { symvers: ['x86_64='] }, /VARIANT=FILE/],
    ['two files for one variant', { symvers: ['x86_64=a', 'x86_64=b'] }, /already/],
  ])('refuses %s', (_, request, message) => {
    expect(narrow(request).problems.join('\n')).toMatch(message)
  })
})
