import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Layouts } from '../../src/abi/layouts/layout.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import { collect, type Sought } from '../../src/kernel/collect.ts'
import { evidence, fakeKernel, kinds, problems, variantPlan, writeProgram } from './fake-kernel.ts'
import { hasCompiler } from './layouts/layouts-of-c.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'

describe('collect before it starts anything', () => {
  it('refuses what cannot be built', async () => {
    const kernel = fakeKernel()
    const { source, ...withoutSource } = kernel.options
    const { config, ...withoutConfig } = variantPlan()
    expect(config).toBeDefined()
    expect(kinds(await collect(withoutConfig, kernel.options))).toEqual(['config'])
    expect(kinds(await collect(variantPlan(), withoutSource))).toEqual(['tree-not-kernel'])
    expect(kinds(await collect(variantPlan(), { ...kernel.options, source: '/no/such' }))).toEqual([
      'tree-not-kernel',
    ])
    const inside = { ...kernel.options, workDir: join(source ?? '', 'work') }
    expect(kinds(await collect(variantPlan(), inside))).toEqual(['usage'])
    writeFiles(kernel.source, { '.config': '' })
    expect(kinds(await collect(variantPlan(), kernel.options))).toEqual(['tree-not-clean'])
    expect(existsSync(join(kernel.bin, 'calls'))).toBe(false)
  })

  it('does nothing for a variant whose turn comes after the run was stopped', async () => {
    const kernel = fakeKernel()
    kernel.controller.abort()
    expect(kinds(await collect(variantPlan(), kernel.options))).toEqual(['interrupted'])
    expect(existsSync(kernel.variantFolder)).toBe(false)
    expect(kernel.progress).toEqual([])
  })

  it('refuses a compiler that does not work', async () => {
    const kernel = fakeKernel()
    writeProgram(join(kernel.bin, 'gcc'), 'exit 1')
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem).toMatchObject({ kind: 'missing-tool' })
    expect(problem?.message).toContain('gcc --version')
  })

  it('refuses strategy exports for a configuration that only a whole build has checksums of', async () => {
    const kernel = fakeKernel()
    const on = ['MODULES', 'MODVERSIONS', 'GENDWARFKSYMS', 'RUST']
    kernel.scenario(`base() { printf 'CONFIG_%s=y\\n' ${on.join(' ')} >"$out/.config"; }`)
    const [problem] = problems(await collect(variantPlan({ strategy: 'exports' }), kernel.options))
    expect(problem).toMatchObject({
      kind: 'config',
      message: expect.stringContaining('CONFIG_RUST') as string,
    })
    expect(kernel.calls().flat()).not.toContain('prepare')
  })

  it('says that the work folder cannot be written', async () => {
    const kernel = fakeKernel()
    mkdirSync(join(kernel.folder, 'work'))
    writeFileSync(kernel.variantFolder, 'a file in the way')
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem).toMatchObject({
      kind: 'unwritable',
      variant: 'x86_64',
      place: { file: kernel.variantFolder },
    })
    expect(problem?.advice).toContain('--work-dir')
  })
})

describe('collect with strategy prebuilt', () => {
  const prebuilt = (symvers?: string) =>
    variantPlan({ strategy: 'prebuilt', ...(symvers ? { symvers } : {}) })

  it('reads the file named and starts nothing', async () => {
    const kernel = fakeKernel()
    const path = join(temporaryFolder(), 'Module.symvers')
    writeFileSync(path, '0x9a8b7c6d\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n')
    const { symvers, how } = evidence(await collect(prebuilt(path), kernel.options))
    expect(symvers.exports).toHaveLength(1)
    expect(how).toEqual({ strategy: 'prebuilt', seconds: expect.any(Number) as number })
    expect(existsSync(join(kernel.bin, 'calls'))).toBe(false)
    expect(existsSync(kernel.variantFolder)).toBe(false)
  })

  const asked = (layouts: Layouts | 'all'): Sought => ({ wanted: new Set(['f']), layouts })
  const released: Layouts = {
    pointer: 8,
    objects: ['lib/a.o'],
    types: new Map([['s#x', { object: 0, value: { kind: 'struct', size: 4, align: 4, members: [] } }]]),
    symbols: new Map([['f', { object: 0, value: 's32 (s#x *)' }]]),
    unknown: new Map(),
  }

  it.skipIf(!hasCompiler('gcc'))('takes layouts from the vmlinux beside it', async () => {
    const folder = temporaryFolder()
    const types = 's#x struct x { int a ; } \nf int f ( s#x * ) \n'
    const crc = symtypesChecksums(new TextEncoder().encode(types), 'a').value.get('f') ?? 0
    const [path, c] = [join(folder, 'Module.symvers'), join(folder, 'v.c')]
    writeFileSync(path, `0x${crc.toString(16).padStart(8, '0')}\tf\tvmlinux\tEXPORT_SYMBOL\t\n`)
    writeFileSync(join(folder, 'a.symtypes'), types)
    writeFileSync(c, 'struct x { int a; }; int f(struct x *p) { return p->a; }\n')
    execFileSync('gcc', ['-g', '-c', '-o', join(folder, 'vmlinux'), c])
    // It puts compilers of its own before the machine's.
    const kernel = fakeKernel()
    const plan = { ...prebuilt(path), types: folder }
    for (const layouts of [released, 'all'] as const) {
      const found = evidence(await collect(plan, kernel.options, asked(layouts)))
      expect(found.notes).toEqual([])
      expect([...(found.layouts?.types.keys() ?? [])]).toEqual(['s#x'])
      expect(found.layouts?.symbols.get('f')?.value).toBe('s32 (s#x *)')
    }
  })

  it.each<[string, string | undefined, RegExp]>([
    ['is not there', undefined, /^no vmlinux with debug information or BTF beside Module\.symvers$/],
    ['is none', 'text\n', /^vmlinux is neither an ELF file nor BTF$/],
  ])('knows no layout where the vmlinux beside it %s, and says why', async (_, content, why) => {
    const kernel = fakeKernel()
    const path = join(temporaryFolder(), 'Module.symvers')
    writeFileSync(path, '0x9a8b7c6d\tf\tvmlinux\tEXPORT_SYMBOL\t\n')
    if (content !== undefined) writeFileSync(join(path, '../vmlinux'), content)
    const { layouts, notes } = evidence(await collect(prebuilt(path), kernel.options, asked(released)))
    expect([layouts?.types.size, notes]).toEqual([0, []])
    expect([...(layouts?.unknown.keys() ?? [])]).toEqual(['s#x', 'f'])
    for (const one of layouts?.unknown.values() ?? []) expect(one).toMatch(why)
  })

  it('fails without a file and with an empty one', async () => {
    const kernel = fakeKernel()
    const path = join(temporaryFolder(), 'Module.symvers')
    expect(kinds(await collect(prebuilt(), kernel.options))).toEqual(['no-symvers'])
    expect(kinds(await collect(prebuilt(path), kernel.options))).toEqual(['unreadable'])
    writeFileSync(path, '')
    expect(kinds(await collect(prebuilt(path), kernel.options))).toEqual(['empty-symvers'])
  })
})
