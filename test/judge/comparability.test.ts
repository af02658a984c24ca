import { describe, expect, it } from 'vitest'
import type { Baseline } from '../../src/abi/baseline.ts'
import type { BlamedOption } from '../../src/abi/blame.ts'
import type { Evidence, KernelBuild } from '../../src/abi/evidence.ts'
import { bisectStep } from '../../src/judge/bisect-step.ts'
import { buildDifferences, type BuildDifference } from '../../src/judge/comparability.ts'
import { decide } from '../../src/judge/decide.ts'
import { stableGuard, type VariantCase } from '../../src/judge/variant-case.ts'
import { exitCode } from '../../src/judge/exit-code.ts'
import { presetPolicy } from '../../src/judge/policy.ts'
import { evidence, exported, unrecorded, promised, runCase } from './cases.ts'

const gcc = 'gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0'
const clang = 'Debian clang version 14.0.6'
const genksyms = 'ab'.repeat(32)

const build: KernelBuild = {
  arch: 'x86_64',
  kernel: '6.1.192',
  genksyms,
  options: new Map([
    ['CONFIG_SMP', 'y'],
    ['CONFIG_NR_CPUS', '8192'],
    ['CONFIG_KVM', 'm'],
  ]),
}

const baseline: Baseline = {
  variant: 'x86_64',
  arch: 'x86_64',
  kernel: '6.1.170',
  source: { commit: 'cd'.repeat(20) },
  compiler: gcc,
  genksyms,
  configDigest: 'ef'.repeat(32),
  unseenBodies: undefined,
  options: new Map([
    ['CONFIG_NUMA_BALANCING', 'n'],
    ['CONFIG_NR_CPUS', '8192'],
    ['CONFIG_KVM', 'm'],
    ['CONFIG_SMP', 'y'],
  ]),
}

function evidenceOf(change: Partial<KernelBuild> = {}, compiler = gcc): Evidence {
  return {
    ...evidence('x86_64', [exported('kmalloc', { crc: 2 })]),
    how: { strategy: 'exports', compiler, configDigest: '01'.repeat(32), seconds: 1 },
    build: { ...build, ...change },
  }
}

const differences: [string, Evidence, readonly BuildDifference[]][] = [
  [
    'another architecture',
    evidenceOf({ arch: 'i386' }),
    [{ kind: 'architecture', baseline: 'x86_64', current: 'i386' }],
  ],
  ['another compiler', evidenceOf({}, clang), [{ kind: 'compiler', baseline: gcc, current: clang }]],
  [
    'another genksyms',
    evidenceOf({ genksyms: '23'.repeat(32) }),
    [{ kind: 'genksyms', baseline: genksyms, current: '23'.repeat(32) }],
  ],
  [
    'options with other values, sorted',
    evidenceOf({
      options: new Map([
        ['CONFIG_SMP', 'y'],
        ['CONFIG_NR_CPUS', '64'],
        ['CONFIG_KVM', 'y'],
      ]),
    }),
    [
      { kind: 'configuration', option: 'CONFIG_KVM', baseline: 'm', current: 'y' },
      { kind: 'configuration', option: 'CONFIG_NR_CPUS', baseline: '8192', current: '64' },
    ],
  ],
  [
    'an option that the configuration does not know any more',
    evidenceOf({
      options: new Map([
        ['CONFIG_NR_CPUS', '8192'],
        ['CONFIG_KVM', 'm'],
      ]),
    }),
    [{ kind: 'configuration', option: 'CONFIG_SMP', baseline: 'y', current: 'n' }],
  ],
  [
    'an option that the baseline knew as not set',
    evidenceOf({ options: new Map([...build.options, ['CONFIG_NUMA_BALANCING', 'y']]) }),
    [{ kind: 'configuration', option: 'CONFIG_NUMA_BALANCING', baseline: 'n', current: 'y' }],
  ],
]

describe('buildDifferences', () => {
  it.each(differences)('sees %s', (_, current, expected) => {
    expect(buildDifferences(baseline, current)).toEqual(expected)
  })

  it.each<[string, Evidence]>([
    ['another kernel with another configuration as a whole', evidenceOf()],
    ['another version of the same compiler', evidenceOf({}, 'gcc (GCC) 13.3.0')],
    [
      'an option that no header mentions',
      evidenceOf({ options: new Map([...build.options, ['CONFIG_NEW', 'y']]) }),
    ],
    [
      'an option that is written as not set',
      evidenceOf({ options: new Map([...build.options, ['CONFIG_NUMA_BALANCING', 'n']]) }),
    ],
    [
      'a text that is set only now',
      evidenceOf({ options: new Map([...build.options, ['CONFIG_NUMA_BALANCING', '"text"']]) }),
    ],
    ['a build by somebody else', evidence('x86_64', [])],
  ])('sees no difference in %s', (_, current) => {
    expect(buildDifferences(baseline, current)).toEqual([])
  })

  it('does not compare what the baseline does not know', () => {
    expect(buildDifferences(unrecorded, evidenceOf())).toEqual([])
  })
})

function caseOf(collected: Evidence, recorded = baseline): VariantCase {
  return {
    name: 'x86_64',
    arch: 'x86_64',
    guard: stableGuard({
      whitelist: { file: 'kabi_whitelist', dialect: 'canonical', rows: [promised('kmalloc')] },
      baseline: { file: 'whitelists/x86_64/baseline.yml', baseline: recorded },
      collected,
    }),
    problems: [],
  }
}

describe('decide', () => {
  it('compares a build that is like the one behind the whitelist', () => {
    const verdict = decide(runCase([caseOf(evidenceOf())]))
    expect(verdict).toMatchObject({ result: 'break', problems: [] })
    expect(verdict.findings).toHaveLength(1)
  })

  it.each(differences)('refuses %s, and lists no findings', (_, current) => {
    const verdict = decide(runCase([caseOf(current)]))
    expect(verdict.result).toBe('error')
    expect(verdict.problems).toMatchObject([
      {
        kind: 'not-comparable',
        variant: 'x86_64',
        place: { file: 'whitelists/x86_64/baseline.yml' },
      },
    ])
    expect(verdict.findings).toEqual([])
    expect(verdict.variants[0]).toMatchObject({ result: 'error', protected: 1, compared: 0 })
    expect(exitCode(verdict)).toBe(3)
  })

  it.each(differences)('compares %s all the same where the policy says so, with a note', (_, current) => {
    const policy = { ...presetPolicy('strict'), comparability: 'warn' as const }
    const verdict = decide(runCase([caseOf(current)], { policy }))
    expect(verdict.result).toBe('break')
    expect(verdict.problems).toMatchObject([{ kind: 'compared-anyway', variant: 'x86_64' }])
    expect(verdict.findings).toHaveLength(1)
    expect(verdict.variants[0]).toMatchObject({ result: 'break', compared: 1 })
  })

  it('cannot be talked out of it by the disable flag', () => {
    const override = { reason: 'bisecting bug 4711', by: 'alice' }
    const verdict = decide(runCase([caseOf(evidenceOf({ arch: 'i386' }))], { override }))
    expect(verdict.result).toBe('error')
  })

  it.each([
    ['the machine for another compiler', evidenceOf({}, clang), 'stopped'],
    ['the machine for another architecture', evidenceOf({ arch: 'i386' }), 'stopped'],
    ['the commit for another option', evidenceOf({ options: new Map() }), 'skipped'],
    ['the commit for another genksyms', evidenceOf({ genksyms: 'cd'.repeat(32) }), 'skipped'],
  ])('blames %s in a bisection', (_, current, kind) => {
    expect(bisectStep(decide(runCase([caseOf(current)])), { kind: 'any' }).kind).toBe(kind)
  })

  it('judges the other variants', () => {
    const other = caseOf({ ...evidenceOf(), variant: 'arm64' }, { ...baseline, variant: 'arm64' })
    const verdict = decide(runCase([caseOf(evidenceOf({ arch: 'i386' })), { ...other, name: 'arm64' }]))
    expect(verdict.variants.map(({ result }) => result)).toEqual(['error', 'break'])
    expect(verdict.findings.map(({ variant }) => variant)).toEqual(['arm64'])
  })

  it('refuses the baseline of another variant, whatever the policy says', () => {
    const policy = { ...presetPolicy('strict'), comparability: 'warn' as const }
    const verdict = decide(runCase([caseOf(evidenceOf(), { ...baseline, variant: 'arm64' })], { policy }))
    expect(verdict.result).toBe('error')
    expect(verdict.problems).toMatchObject([
      { kind: 'baseline', place: { file: 'whitelists/x86_64/baseline.yml' } },
    ])
    expect(verdict.findings).toEqual([])
  })
})

describe('what is said', () => {
  function told(current: Evidence, recorded = baseline) {
    const [problem] = decide(runCase([caseOf(current, recorded)])).problems
    return { message: problem?.message, excerpt: problem?.excerpt }
  }

  it('names everything that differs, both sides of it', () => {
    const options = new Map([...build.options, ['CONFIG_KVM', 'n']])
    expect(told(evidenceOf({ arch: 'i386', genksyms: '23'.repeat(32), options }, clang))).toEqual({
      message:
        'this kernel differs from the one behind the whitelist in architecture, compiler, genksyms and 1 option of the configuration',
      excerpt: [
        'architecture: baseline x86_64, now i386',
        `compiler: baseline ${gcc}, now ${clang}`,
        'genksyms: baseline abababababab, now 232323232323',
        'CONFIG_KVM: baseline m, now n',
      ],
    })
  })

  it.each<[number, string]>([
    [10, 'CONFIG_A09: baseline y, now n'],
    [11, 'and 1 more option'],
    [250, 'and 240 more options'],
  ])('shows ten of %i options, then counts', (count, last) => {
    const names = Array.from({ length: count }, (_, index) => `CONFIG_A${String(index).padStart(2, '0')}`)
    const options = new Map(names.map((name) => [name, 'y']))
    const { message, excerpt } = told(evidenceOf(), { ...baseline, options })
    expect(message).toBe(
      `this kernel differs from the one behind the whitelist in ${count} options of the configuration`,
    )
    expect(excerpt).toHaveLength(Math.min(count, 11))
    expect(excerpt?.at(-1)).toBe(last)
  })
})

describe('options that the patch changed', () => {
  const line = { file: 'arch/x86/kvm/Kconfig', line: 20, kind: 'added', text: '	depends on BROKEN' } as const
  const kvm: BlamedOption = { name: 'CONFIG_KVM', before: 'm', after: 'n', patch: [line] }
  const withoutKvm = (options: readonly (readonly [string, string])[] = []): Evidence =>
    evidenceOf({ options: new Map([['CONFIG_SMP', 'y'], ['CONFIG_NR_CPUS', '8192'], ...options]) })
  const blame = { patch: [line], options: [kvm] }
  const judged = (
    collected: Evidence,
    {
      options = [kvm],
      rows = ['kmalloc', 'kvm_init'],
      run = {},
    }: {
      readonly options?: readonly BlamedOption[]
      readonly rows?: readonly string[]
      readonly run?: Parameters<typeof runCase>[1]
    } = {},
  ) => {
    const one = caseOf(collected)
    if (one.guard.kind === 'none') throw new Error('the case promises nothing')
    const whitelist = { ...one.guard.whitelist, rows: rows.map((symbol) => promised(symbol, { crc: 2 })) }
    const located = { blames: new Map([['removed kvm_init', blame]]), options }
    return decide(runCase([{ ...one, guard: stableGuard({ ...one.guard, whitelist, located }) }], run))
  }

  it('are judged by what the kernel no longer has with them', () => {
    const verdict = judged(withoutKvm())
    expect(verdict.result).toBe('break')
    expect(exitCode(verdict)).toBe(1)
    expect(verdict.findings).toMatchObject([{ kind: 'removed', symbol: 'kvm_init', blame }])
    expect(verdict.problems).toMatchObject([
      {
        kind: 'patch-configures',
        excerpt: ['CONFIG_KVM: baseline m, now n, by arch/x86/kvm/Kconfig:20'],
      },
    ])
  })

  it('are excused with the break that they are, and not without one', () => {
    const run = { override: { reason: 'bisecting bug 4711', by: 'alice' } }
    expect(judged(withoutKvm(), { run }).result).toBe('overridden')
    expect(judged(withoutKvm(), { run, rows: ['kmalloc'] }).result).toBe('error')
  })

  it.each<[string, Parameters<typeof judged>]>([
    ['they broke nothing', [withoutKvm(), { rows: ['kmalloc'] }]],
    ['an option differs that the patch did not change', [withoutKvm([['CONFIG_NR_CPUS', '64']])]],
    ['the option has another value than the patch gives it', [withoutKvm([['CONFIG_KVM', 'y']])]],
    ['nobody showed that it was the patch', [withoutKvm(), { options: [] }]],
    ['the compiler is another one too', [{ ...withoutKvm(), how: { ...withoutKvm().how, compiler: clang } }]],
    [
      'the architecture is another one too',
      [{ ...withoutKvm(), build: { ...build, options: new Map(), arch: 'i386' } }],
    ],
    [
      'what they broke fails no more by a rule',
      [
        withoutKvm(),
        {
          run: {
            policy: {
              ...presetPolicy('strict'),
              kinds: { ...presetPolicy('strict').kinds, removed: 'warn' },
            },
          },
        },
      ],
    ],
  ])('are an error as before where %s', (_, [collected, more]) => {
    const verdict = judged(collected, more)
    expect(verdict.result).toBe('error')
    expect(verdict.problems.map(({ kind }) => kind)).toEqual(['not-comparable'])
  })
})
