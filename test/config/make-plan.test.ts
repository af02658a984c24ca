import { describe, expect, it } from 'vitest'
import { policyPresets, presetPolicy } from '../../src/judge/policy.ts'
import { makePlan } from '../../src/config/make-plan.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import type { Plan, VariantPlan } from '../../src/config/plan.ts'
import { validConfigs } from './samples.ts'

function planOf(text: string): Plan {
  const { value, problems } = parseConfig(text, 'kabi.yml')
  if (!value) throw new Error(problems.map(({ message }) => message).join('\n'))
  return makePlan(value, 'kabi.yml', '/tree')
}

/** The only variant of a configuration with these settings of the variant, and these below `defaults`. */
function variantOf(settings: string, defaults = ''): VariantPlan {
  const text = `version: 1\ndefaults: { ${defaults} }\nvariants: { a: { arch: x86_64, ${settings} } }\n`
  const [variant] = planOf(text).variants
  if (!variant) throw new Error('no variant')
  return variant
}

describe('preset rhel5', () => {
  it('brings the ten variants with what the kernel calls their architectures', () => {
    const { variants, policy } = planOf('version: 1\npreset: rhel5\n')
    expect(variants.map(({ name, arch }) => [name, arch])).toEqual([
      ['i686', 'i386'],
      ['i686PAE', 'i386'],
      ['i686xen', 'i386'],
      ['ia64', 'ia64'],
      ['ia64xen', 'ia64'],
      ['ppc64', 'powerpc'],
      ['ppc64kdump', 'powerpc'],
      ['s390x', 's390'],
      ['x86_64', 'x86_64'],
      ['x86_64xen', 'x86_64'],
    ])
    expect(policy).toEqual(presetPolicy('rhel5'))
  })

  it('lets the file change its variants and add to them', () => {
    const { variants, policy } = planOf(
      'version: 1\npreset: rhel5\nvariants: { debug: { arch: arm64 }, i686: { symvers: a }, s390x: { arch: s390x } }\npolicy: strict\n',
    )
    expect(variants).toHaveLength(11)
    expect(variants.map(({ name }) => name)).toEqual(expect.arrayContaining(['x86_64xen', 'debug']))
    expect(variants[0]).toMatchObject({ name: 'i686', arch: 'i386', symvers: '/tree/a' })
    expect(variants.find(({ name }) => name === 's390x')?.arch).toBe('s390x')
    expect(policy.name).toBe('strict')
  })
})

describe('a variant', () => {
  it('of few words is built, and its whitelist looked for', () => {
    expect(variantOf('')).toEqual({
      name: 'a',
      arch: 'x86_64',
      guard: {
        kind: 'stable',
        whitelist: { kind: 'folder', folder: '/tree/whitelists', variant: 'a', arch: 'x86_64' },
      },
      strategy: 'exports',
      toolchain: { crossCompile: '' },
      makeArgs: [],
    })
  })

  it.each([
    ['symvers: a', '', 'prebuilt'],
    ['symvers: a', 'strategy: full', 'prebuilt'],
    ['symvers: a, strategy: full', '', 'full'],
    ['strategy: full', 'strategy: prebuilt', 'full'],
    ['', 'strategy: prebuilt', 'prebuilt'],
    ['config: a', '', 'exports'],
  ])('with { %s } below defaults { %s } has strategy %s… %s', (settings, defaults, strategy) => {
    expect(variantOf(settings, defaults).strategy).toBe(strategy)
  })

  it('has the types that a build made beside its symvers', () => {
    expect(variantOf('symvers: a, types: build/x86').types).toBe('/tree/build/x86')
    const { value, problems } = parseConfig(
      'version: 1\nvariants: { a: { arch: x86_64, config: c, types: b, strategy: exports } }\n',
      'kabi.yml',
    )
    expect(value).toBeUndefined()
    expect(problems[0]?.message).toContain('stands beside strategy: exports')
  })

  it.each([
    ['kabi', { path: '/tree/kabi' }],
    ['/srv/kabi', { path: '/srv/kabi' }],
    ['{ names: n, checksums: ../c }', { path: '/tree/n', checksums: '/c' }],
  ])('with whitelist %s has absolute paths', (whitelist, files) => {
    expect(variantOf(`whitelist: ${whitelist}`).guard).toEqual({
      kind: 'stable',
      whitelist: { kind: 'files', files },
    })
  })

  it('looks for its whitelist in the folder that is named', () => {
    const [variant] = planOf('version: 1\nwhitelists: ../lists\nvariants: { a: { arch: s390 } }\n').variants
    expect(variant?.guard).toEqual({
      kind: 'stable',
      whitelist: { kind: 'folder', folder: '/lists', variant: 'a', arch: 's390' },
    })
  })

  it('may promise nothing', () => {
    expect(variantOf('promise: none, reason: " technology preview "').guard).toEqual({
      kind: 'none',
      reason: 'technology preview',
    })
  })

  it('puts its arguments of make behind those of the defaults', () => {
    expect(variantOf('make-args: [V=1]', 'make-args: [KCFLAGS=-g0]').makeArgs).toEqual(['KCFLAGS=-g0', 'V=1'])
    expect(variantOf('', 'make-args: [KCFLAGS=-g0]').makeArgs).toEqual(['KCFLAGS=-g0'])
  })
})

describe('the toolchain of a variant', () => {
  it.each([
    ['cross-compile: a-', '', { crossCompile: 'a-' }],
    ['', 'cross-compile: a-', { crossCompile: 'a-' }],
    ['cross-compile: b-', 'cross-compile: a-, compiler: gcc-12', { crossCompile: 'b-', compiler: 'gcc-12' }],
    ['cross-compile: tools/a-', '', { crossCompile: '/tree/tools/a-' }],
    ['compiler: tools/gcc', '', { crossCompile: '', compiler: '/tree/tools/gcc' }],
    ['compiler: ccache gcc', '', { crossCompile: '', compiler: 'ccache gcc' }],
    ['llvm: true', '', { crossCompile: '', llvm: '1' }],
    ['llvm: 1', '', { crossCompile: '', llvm: '1' }],
    ['llvm: "1"', '', { crossCompile: '', llvm: '1' }],
    ['llvm: -15', 'llvm: true', { crossCompile: '', llvm: '-15' }],
    ['llvm: "-15"', '', { crossCompile: '', llvm: '-15' }],
    ['llvm: llvm/bin/', '', { crossCompile: '', llvm: '/tree/llvm/bin/' }],
    ['llvm: /opt/llvm/', '', { crossCompile: '', llvm: '/opt/llvm/' }],
  ])('with { %s } below defaults { %s }', (settings, defaults, expected) => {
    expect(variantOf(settings, defaults).toolchain).toEqual(expected)
  })
})

describe('the kernel configuration of a variant', () => {
  const file = (path: string) => ({ from: { kind: 'file', path }, fragments: [], set: [] })
  const targets = (...names: string[]) => ({
    from: { kind: 'targets', targets: names },
    fragments: [],
    set: [],
  })

  it.each([
    ['config: a', '', file('/tree/a')],
    ['config: { file: a }', '', file('/tree/a')],
    ['config: /a', '', file('/a')],
    ['config: { defconfig: defconfig }', '', targets('defconfig')],
    ['config: { targets: [tinyconfig, kvm_guest.config] }', '', targets('tinyconfig', 'kvm_guest.config')],
    ['', 'config: { defconfig: defconfig }', targets('defconfig')],
    ['config: a', 'config: { defconfig: defconfig }', file('/tree/a')],
    [
      'config: { set: { A: y } }',
      'config: { defconfig: defconfig }',
      { ...targets('defconfig'), set: ['CONFIG_A=y'] },
    ],
    ['', 'config: { set: { MODVERSIONS: y } }', undefined],
  ])('with { %s } below defaults { %s }', (settings, defaults, expected) => {
    expect(variantOf(settings, defaults).config).toEqual(expected)
  })

  it('has the fragments and options of the defaults first, and each option once', () => {
    const { config } = variantOf(
      'config: { file: a, fragments: [b], set: { CONFIG_B: m, C: y } }',
      'config: { fragments: [c], set: { A: y, B: y } }',
    )
    expect(config).toEqual({
      from: { kind: 'file', path: '/tree/a' },
      fragments: ['/tree/c', '/tree/b'],
      set: ['CONFIG_A=y', 'CONFIG_B=m', 'CONFIG_C=y'],
    })
  })

  it.each([
    ['MODVERSIONS: y', 'CONFIG_MODVERSIONS=y'],
    ['CONFIG_MODVERSIONS: "y"', 'CONFIG_MODVERSIONS=y'],
    ['SND: m', 'CONFIG_SND=m'],
    ['64BIT: n', '# CONFIG_64BIT is not set'],
    ['NR_CPUS: 64', 'CONFIG_NR_CPUS=64'],
    ['OFFSET: -1', 'CONFIG_OFFSET=-1'],
    ['START: 0x1000000', 'CONFIG_START=0x1000000'],
    ['START: "0xFFf"', 'CONFIG_START=0xFFf'],
    ['LOCALVERSION: -rt', 'CONFIG_LOCALVERSION="-rt"'],
    ['KEYS: ""', 'CONFIG_KEYS=""'],
    ['VERSION: "64"', 'CONFIG_VERSION="64"'],
    [String.raw`CMDLINE: 'a="b\c"'`, String.raw`CONFIG_CMDLINE="a=\"b\\c\""`],
  ])('writes the option { %s } as Kconfig does: %s', (option, line) => {
    expect(variantOf(`config: { file: a, set: { ${option} } }`).config?.set).toEqual([line])
  })
})

describe('the policy', () => {
  const policyOf = (policy: string) =>
    planOf(`version: 1\nvariants: { a: { arch: arm } }\n${policy}\n`).policy

  it('is strict when nothing is said', () => {
    expect(policyOf('')).toEqual({
      name: 'strict',
      kinds: policyPresets.strict.kinds,
      classes: {},
      unmoved: 'fail',
      comparability: 'fail',
      layouts: 'on',
      preExisting: 'fail',
      rules: [],
    })
  })

  it.each(['strict', 'lenient', 'rhel5', 'rhel9', 'uek', 'suse'] as const)('may be the preset %s', (name) => {
    expect(policyOf(`policy: ${name}`)).toEqual(presetPolicy(name))
  })

  it('changes the weights that it names, and no others', () => {
    const { name, kinds } = policyOf('policy: { preset: suse, kinds: { moved: fail, added: warn } }')
    expect(name).toBe('suse')
    expect(kinds).toEqual({ ...policyPresets.suse.kinds, moved: 'fail', added: 'warn' })
  })

  it('gives classes of changes other weights, beside those of the preset', () => {
    expect(policyOf('policy: { classes: { spelling: ignore } }').classes).toEqual({ spelling: 'ignore' })
    expect(policyOf('policy: { preset: lenient, classes: { became-opaque: fail } }').classes).toEqual({
      'became-defined': 'warn',
      'became-opaque': 'fail',
    })
  })

  it('may compare builds that are not comparable', () => {
    expect(policyOf('policy: { comparability: warn }')).toEqual({
      ...presetPolicy('strict'),
      comparability: 'warn',
    })
  })

  it('may let pass what was there before', () => {
    expect(policyOf('policy: { pre-existing: warn }')).toEqual({
      ...presetPolicy('strict'),
      preExisting: 'warn',
    })
  })

  it('carries the rules of the file', () => {
    expect(planOf(validConfigs['every key'] ?? '').policy.rules.map(({ match }) => match.pattern)).toEqual([
      'kvm_*',
      'drivers/staging/*',
      'CRYPTO_INTERNAL',
    ])
  })
})
