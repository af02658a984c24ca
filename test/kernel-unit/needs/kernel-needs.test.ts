import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kernelFacts, type KernelFacts, type TreePart } from '../../../src/kernel/needs/kernel-facts.ts'
import { kernelNeeds } from '../../../src/kernel/needs/kernel-needs.ts'
import { configOf } from '../fake-kernel.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { writeFiles } from '../../support/workspace.ts'

const parts: readonly TreePart[] = [
  'tools/objtool',
  'tools/bpf/resolve_btfids',
  'scripts/sign-file.c',
  'drivers/gpu/drm/msm/registers/gen_header.py',
]

function facts(options: readonly string[], change: Partial<KernelFacts> = {}): KernelFacts {
  return {
    arch: 'x86_64',
    strategy: 'exports',
    options: new Map(options.map((name) => [`CONFIG_${name}`, 'y'])),
    complete: true,
    parts: new Set(parts),
    ...change,
  }
}

function names(kernel: KernelFacts): string[] {
  return kernelNeeds(kernel).map(({ name }) => name)
}

const everyKernel = ['stdlib.h', 'perl']

describe('what a kernel needs beside the programs of every build', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['nothing special', [], []],
    ['objtool', ['OBJTOOL'], ['gelf.h']],
    ['objtool in older kernels', ['STACK_VALIDATION'], ['gelf.h']],
    ['BTF', ['DEBUG_INFO_BTF'], ['gelf.h', 'zlib.h', 'pahole']],
    ['signed modules', ['MODULE_SIG'], ['openssl/opensslv.h']],
    ['checksums from debug information', ['GENDWARFKSYMS'], ['elfutils/libdwfl.h']],
    ['Rust', ['RUST'], ['rustc', 'bindgen']],
    ['a driver with generated headers', ['DRM_MSM'], ['python3']],
  ])('is known for %s', (_, options, expected) => {
    expect(names(facts(options)).filter((name) => !everyKernel.includes(name))).toEqual(expected)
  })

  it('names the option that asks for it', () => {
    const needs = kernelNeeds(facts(['DEBUG_INFO_BTF']))
    expect(needs.find(({ name }) => name === 'pahole')?.why).toBe('CONFIG_DEBUG_INFO_BTF')
  })

  it('is not what the tree is too old, or too new, to have', () => {
    const all = ['OBJTOOL', 'DEBUG_INFO_BTF', 'MODULE_SIG', 'DRM_MSM']
    expect(names(facts(all, { parts: new Set() }))).toEqual([...everyKernel, 'pahole'])
  })

  it('makes certificates in a full build, and before it only in older kernels', () => {
    const options = ['SYSTEM_TRUSTED_KEYRING']
    expect(names(facts(options))).not.toContain('openssl/opensslv.h')
    expect(names(facts(options, { strategy: 'full' }))).toContain('openssl/opensslv.h')
    const older = new Set<TreePart>([...parts, 'scripts/extract-cert.c'])
    expect(names(facts(options, { parts: older }))).toContain('openssl/opensslv.h')
  })

  it('makes a key only in a full build that has none', () => {
    const options = (key: string) =>
      new Map([
        ['CONFIG_MODULE_SIG', 'y'],
        ['CONFIG_MODULE_SIG_KEY', key],
      ])
    const own = options('"certs/signing_key.pem"')
    expect(names(facts([], { strategy: 'full', options: own }))).toContain('openssl')
    expect(names(facts([], { strategy: 'exports', options: own }))).not.toContain('openssl')
    expect(names(facts([], { strategy: 'full', options: options('""') }))).not.toContain('openssl')
  })

  it('counts what default configurations turn on, when only make could tell', () => {
    const open = { complete: false, strategy: 'full' } as const
    expect(names(facts([], open))).toEqual([...everyKernel, 'gelf.h', 'openssl/opensslv.h'])
    expect(names(facts([], { ...open, arch: 'arm64' }))).not.toContain('gelf.h')
  })
})

describe('the facts of a kernel', () => {
  const variant = { arch: 'i386', strategy: 'exports' } as const

  it('are the options of the file, the fragments and the settings, later ones first', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, {
      config: 'CONFIG_A=y\nCONFIG_B=y\nCONFIG_C=y\n',
      fragment: 'CONFIG_B=m\n# CONFIG_C is not set\n',
      'linux/tools/objtool/Makefile': '',
    })
    const config = configOf({
      from: { kind: 'file', path: join(folder, 'config') },
      fragments: [join(folder, 'fragment')],
      set: ['CONFIG_C=y', 'CONFIG_D="text"'],
    })
    const { value, problems } = await kernelFacts(variant, config, join(folder, 'linux'))
    expect(problems).toEqual([])
    expect(value.complete).toBe(true)
    expect([...value.options]).toEqual([
      ['CONFIG_A', 'y'],
      ['CONFIG_B', 'm'],
      ['CONFIG_C', 'y'],
      ['CONFIG_D', '"text"'],
    ])
    expect([...value.parts]).toEqual(['tools/objtool'])
  })

  it('are those of the targets that the tree keeps as files', async () => {
    const source = temporaryFolder()
    writeFiles(source, {
      'arch/x86/configs/i386_defconfig': 'CONFIG_A=y\n',
      'kernel/configs/debug.config': 'CONFIG_DEBUG_INFO_BTF=y\n',
    })
    const targets = ['i386_defconfig', 'tinyconfig', 'debug.config']
    const config = configOf({ from: { kind: 'targets', targets } })
    const { value, problems } = await kernelFacts(variant, config, source)
    expect(problems).toEqual([])
    expect(value.complete).toBe(false)
    expect([...value.options.keys()]).toEqual(['CONFIG_A', 'CONFIG_DEBUG_INFO_BTF'])
  })

  it.each(['file', 'fragment'])('come with a problem for a %s that cannot be read', async (which) => {
    const folder = temporaryFolder()
    const nowhere = join(folder, 'nowhere')
    const config = configOf(
      which === 'file' ? { from: { kind: 'file', path: nowhere } } : { fragments: [nowhere] },
    )
    const { problems } = await kernelFacts(variant, config, folder)
    expect(problems).toMatchObject([{ kind: 'unreadable', place: { file: nowhere } }])
  })
})
