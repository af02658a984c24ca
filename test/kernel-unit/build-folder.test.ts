import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { VariantPlan } from '../../src/config/plan.ts'
import { collect } from '../../src/kernel/collect.ts'
import { configOf, evidence, fakeKernel, kinds, problems, variantPlan, writeProgram } from './fake-kernel.ts'
import { writeFiles } from '../support/workspace.ts'

describe('a build folder', () => {
  const stamp = (kernel: { variantFolder: string }) => join(kernel.variantFolder, 'build', 'stamp')

  it('is used again, with the date of an equal configuration', async () => {
    const kernel = fakeKernel()
    evidence(await collect(variantPlan(), kernel.options))
    writeFileSync(stamp(kernel), '')
    const config = join(kernel.variantFolder, 'build', '.config')
    const before = statSync(config).mtimeMs
    await delay(20)
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(stamp(kernel))).toBe(true)
    expect(statSync(config).mtimeMs).toBe(before)
    evidence(await collect(variantPlan({ config: configOf({ set: ['CONFIG_X=y'] }) }), kernel.options))
    expect(readFileSync(config, 'utf8')).toContain('CONFIG_X=y\n')
  })

  it('is thrown away when the run that made it did not come to an end', async () => {
    const kernel = fakeKernel()
    writeFiles(kernel.variantFolder, { 'build/stamp': '' })
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(stamp(kernel))).toBe(false)
  })

  it('is not marked as finished while it is in use', async () => {
    const kernel = fakeKernel()
    const mark = join(kernel.variantFolder, 'tree-snapshot.json')
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(mark)).toBe(true)
    kernel.scenario(
      `build() { [ ! -e "${mark}" ] || exit 2; echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"; }`,
    )
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(mark)).toBe(true)
  })

  it.each<[string, Partial<VariantPlan>]>([
    ['architecture', { arch: 'i386' }],
    ['toolchain', { toolchain: { crossCompile: '', compiler: 'gcc' } }],
    ['make argument', { makeArgs: ['KCFLAGS=-g0'] }],
  ])('is thrown away for another %s', async (_, change) => {
    const kernel = fakeKernel()
    evidence(await collect(variantPlan(), kernel.options))
    writeFileSync(stamp(kernel), '')
    evidence(await collect(variantPlan(change), kernel.options))
    expect(existsSync(stamp(kernel))).toBe(false)
  })

  it('is thrown away for another version of the compiler', async () => {
    const kernel = fakeKernel()
    evidence(await collect(variantPlan(), kernel.options))
    writeFileSync(stamp(kernel), '')
    writeProgram(join(kernel.bin, 'gcc'), 'echo "gcc (Fake) 13.1.0"')
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(stamp(kernel))).toBe(false)
  })

  it('is thrown away when the tree was replaced by files with old dates', async () => {
    const kernel = fakeKernel()
    evidence(await collect(variantPlan(), kernel.options))
    writeFileSync(stamp(kernel), '')
    writeFileSync(join(kernel.source, 'kernel/fork.c'), 'new fork;\n')
    utimesSync(join(kernel.source, 'kernel/fork.c'), new Date('2020-01-01'), new Date('2020-01-01'))
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(stamp(kernel))).toBe(false)
    expect(kernel.log()).toContain('kernel/fork.c')
  })

  it('of a tree that changes during the build is no evidence', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`build() {
      echo 'long fork;' >"${kernel.source}/kernel/fork.c"
      echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"
    }`)
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem).toMatchObject({
      kind: 'build-failed',
      place: { file: join(kernel.source, 'kernel/fork.c') },
    })
  })

  it('is for one run at a time', async () => {
    const kernel = fakeKernel()
    kernel.scenario('build() { sleep 300; }')
    const first = collect(variantPlan(), kernel.options)
    while (!existsSync(join(kernel.variantFolder, 'lock'))) await delay(10)
    expect(kinds(await collect(variantPlan(), kernel.options))).toEqual(['busy'])
    kernel.controller.abort()
    expect(kinds(await first)).toEqual(['interrupted'])
  })
})
