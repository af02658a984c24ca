import { describe, expect, it } from 'vitest'
import { isKernelConfig, kernelConfigPlan } from '../../src/config/kernel-config-plan.ts'

function header(arch: string): string {
  return `#\n# Automatically generated file; DO NOT EDIT.\n# Linux/${arch} 6.1.170 Kernel Configuration\n#\n`
}

describe('the configuration of a kernel', () => {
  it.each<[string, string, boolean]>([
    ['a .config', `${header('x86')}CONFIG_X86_64=y\n`, true],
    ['a kabi.yml', '# CONFIG_X=y\nversion: 1\nvariants: { a: { config: { set: [CONFIG_A=y] } } }\n', false],
    ['nothing', '', false],
  ])('is told from other files: %s', (_, text, expected) => {
    expect(isKernelConfig(text)).toBe(expected)
  })

  it.each<[string, string, string, string]>([
    ['x86', 'CONFIG_X86_64=y\n', 'x86_64', ''],
    ['x86', '# CONFIG_64BIT is not set\n', 'i386', 'i686-linux-gnu-'],
    ['arm64', '', 'arm64', 'aarch64-linux-gnu-'],
    ['s390', '', 's390', 's390x-linux-gnu-'],
    ['powerpc', '', 'powerpc', 'powerpc64le-linux-gnu-'],
    ['alpha', '', 'alpha', ''],
  ])('for %s with %j is of architecture %s, cross compiled with %j on x64', (folder, line, arch, prefix) => {
    const { value, problems } = kernelConfigPlan(header(folder) + line, '/k/.config', 'x64')
    expect(problems).toEqual([])
    expect(value?.variants).toMatchObject([
      { name: arch, arch, strategy: 'exports', toolchain: { crossCompile: prefix } },
    ])
  })

  it('is compiled natively on its own machine', () => {
    const { value } = kernelConfigPlan(header('arm64'), '/k/.config', 'arm64')
    expect(value?.variants[0]?.toolchain.crossCompile).toBe('')
  })

  it('loses the key files that only the distribution has, and only those', () => {
    const text = `${header('arm64')}CONFIG_MODULE_SIG_KEY="output/key.pem"\n# CONFIG_SYSTEM_REVOCATION_LIST is not set\n`
    const set = kernelConfigPlan(text, '/k/.config', 'x64').value?.variants[0]?.config?.set
    expect(set).toEqual(['CONFIG_MODULE_SIG_KEY="certs/signing_key.pem"'])
  })

  it('is refused when it names no architecture', () => {
    const { value, problems } = kernelConfigPlan('CONFIG_SMP=y\n', '/k/.config', 'x64')
    expect(value).toBeUndefined()
    expect(problems).toMatchObject([{ kind: 'config', place: { file: '/k/.config' } }])
  })
})
