import { describe, expect, it } from 'vitest'
import { initialConfig } from '../../src/config/initial-config.ts'
import { inspectTree } from '../../src/config/inspect-tree.ts'
import { makePlan } from '../../src/config/make-plan.ts'
import { missingForCollect } from '../../src/config/missing-for-collect.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import type { Plan } from '../../src/config/plan.ts'
import type { TreeFacts } from '../../src/config/tree-facts.ts'
import { workspace } from '../support/workspace.ts'
import { makefile } from './distributions.ts'

const mainline = {
  Makefile: makefile,
  'arch/x86/configs/x86_64_defconfig': '',
  'arch/arm64/configs/defconfig': '',
  'arch/s390/configs/defconfig': '',
}

async function factsOf(files: Readonly<Record<string, string>>, node = 'x64'): Promise<TreeFacts> {
  const { value, problems } = await inspectTree(workspace(files), node)
  expect(problems).toEqual([])
  if (!value) throw new Error('no facts')
  return value
}

/** The plan of a valid configuration. */
function planOf(text: string): Plan {
  const { value, problems } = parseConfig(text, 'kabi.yml')
  expect(problems).toEqual([])
  if (!value) throw new Error('no configuration')
  return makePlan(value, 'kabi.yml', '/tree')
}

describe('looking at a kernel tree', () => {
  it('finds what a mainline kernel has', async () => {
    expect(await factsOf(mainline)).toEqual({
      version: '6.1.170',
      arch: 'x86_64',
      variant: 'x86_64',
      crossCompile: undefined,
      defconfig: 'x86_64_defconfig',
      variants: [],
      pieces: undefined,
      whitelists: undefined,
      symbolLists: [],
      severities: undefined,
      fixed: [],
    })
  })

  it.each([
    ['arm64', 'arm64', 'aarch64', undefined],
    ['s390x', 's390', 's390x', undefined],
    ['ppc64', 'x86_64', 'x86_64', 'x86_64-linux-gnu-'],
    ['mystery', 'x86_64', 'x86_64', 'x86_64-linux-gnu-'],
  ])('on a machine of %s starts with architecture %s', async (node, arch, variant, crossCompile) => {
    const defconfig = arch === 'x86_64' ? 'x86_64_defconfig' : 'defconfig'
    expect(await factsOf(mainline, node)).toMatchObject({ arch, variant, crossCompile, defconfig })
  })

  it('reads the versions of old and of unfinished kernels', async () => {
    const old = 'VERSION = 2\nPATCHLEVEL = 6\nSUBLEVEL = 18\nEXTRAVERSION = -prep\n'
    const facts = await factsOf({ Makefile: old, 'arch/x86_64/defconfig': '' })
    expect(facts).toMatchObject({ version: '2.6.18-prep', arch: 'x86_64', defconfig: 'defconfig' })
    expect((await factsOf({ Makefile: 'VERSION=7\nPATCHLEVEL=0\nEXTRAVERSION=-rc1\n' })).version).toBe(
      '7.0-rc1',
    )
  })

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['another Makefile', { Makefile: 'all:\n\tgcc main.c\n' }],
    ['half a version', { Makefile: 'VERSION = 6\n' }],
    ['a folder for a Makefile', { 'Makefile/x': '' }],
  ])('refuses a folder with %s', async (_, files) => {
    const folder = workspace(files)
    const { value, problems } = await inspectTree(folder)
    expect(value).toBeUndefined()
    expect(problems).toMatchObject([{ kind: 'tree-not-kernel', place: { file: folder } }])
  })
})

describe('the first configuration', () => {
  it('builds one variant of a mainline kernel, with checksums', async () => {
    const { variants, policy } = planOf(initialConfig(await factsOf(mainline)))
    expect(policy.name).toBe('strict')
    expect(variants).toHaveLength(1)
    const [variant] = variants
    expect(variant).toMatchObject({
      name: 'x86_64',
      arch: 'x86_64',
      strategy: 'exports',
      config: {
        from: { kind: 'targets', targets: ['x86_64_defconfig'] },
        set: ['CONFIG_MODULES=y', 'CONFIG_MODVERSIONS=y'],
      },
      toolchain: { crossCompile: '' },
    })
    expect(variant && missingForCollect(variant)).toBeUndefined()
  })

  it('cross compiles where the kernel does not know the machine', async () => {
    const [variant] = planOf(initialConfig(await factsOf(mainline, 'ppc64'))).variants
    expect(variant?.toolchain.crossCompile).toBe('x86_64-linux-gnu-')
  })

  it.each(['x64', 'arm64', 's390x', 'ppc64'])(
    'has examples that are valid when uncommented, on %s',
    async (node) => {
      const text = initialConfig(await factsOf(mainline, node))
      const active = text.replace(/^( *)# ( *)((- )?[\w-]+:( .*)?)$/gm, '$1$2$3')
      const { variants, policy } = planOf(active)
      const kinds = variants.map(({ strategy, guard }) => (guard.kind === 'none' ? 'none' : strategy))
      expect(kinds).toEqual(['exports', 'exports', 'prebuilt', 'none'])
      expect(new Set(variants.map(({ arch }) => arch)).size).toBe(2)
      expect(variants[1]?.toolchain.crossCompile).not.toBe('')
      expect(variants[0]?.makeArgs).toEqual(['KCFLAGS=-g0'])
      expect(variants[0]?.config?.fragments).toHaveLength(1)
      expect(policy.kinds.moved).toBe('fail')
      expect(policy.rules).toHaveLength(1)
    },
  )

  it('mentions where the distribution keeps pieces of configurations', async () => {
    expect(initialConfig(await factsOf({ ...mainline, 'debian/config/config': '' }))).toContain(
      '# debian/config holds',
    )
  })

  it('has no line longer than 120 characters', async () => {
    for (const line of initialConfig(await factsOf(mainline)).split('\n'))
      expect(line.length).toBeLessThanOrEqual(120)
  })
})
