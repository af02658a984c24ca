import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VariantPlan } from '../../src/config/plan.ts'
import { collect } from '../../src/kernel/collect.ts'
import { configOf, evidence, fakeKernel, variantPlan, writeProgram, type FakeKernel } from './fake-kernel.ts'

const configurations = (kernel: FakeKernel): number =>
  kernel.calls().filter((call) => call.includes('olddefconfig')).length

describe('a configuration', () => {
  it('is not made again when nothing changed that it comes from, with the same notes', async () => {
    const kernel = fakeKernel()
    const variant = variantPlan({ config: configOf({ set: ['CONFIG_DROPPED=y'] }) })
    kernel.scenario(`configure() { base; }`)
    const first = evidence(await collect(variant, kernel.options))
    const second = evidence(await collect(variant, kernel.options))
    expect(configurations(kernel)).toBe(1)
    expect(first.notes.map(({ kind }) => kind)).toEqual(['option-dropped'])
    expect(second.notes).toEqual(first.notes)
    expect(second.how.configDigest).toBe(first.how.configDigest)
  })

  const fragment = (kernel: FakeKernel): Partial<VariantPlan> => ({
    config: configOf({ fragments: [join(kernel.folder, 'fragment')] }),
  })

  it.each<[what: string, change: (kernel: FakeKernel) => Partial<VariantPlan>]>([
    ['an option of the variant', () => ({ config: configOf({ set: ['CONFIG_X=y'] }) })],
    [
      'the content of a fragment',
      (kernel) => {
        writeFileSync(join(kernel.folder, 'fragment'), 'CONFIG_Y=y\n')
        return fragment(kernel)
      },
    ],
    [
      'a file of the tree',
      (kernel) => {
        writeFileSync(join(kernel.source, 'kernel/fork.c'), 'long fork;\n')
        return fragment(kernel)
      },
    ],
    [
      'the files of the tree: one is new',
      (kernel) => {
        writeFileSync(join(kernel.source, 'kernel/Kconfig.new'), '')
        return fragment(kernel)
      },
    ],
    [
      'the files of the tree: one is gone',
      (kernel) => {
        rmSync(join(kernel.source, 'kernel/fork.c'))
        return fragment(kernel)
      },
    ],
    [
      'a program that the Kconfig files ask',
      (kernel) => {
        writeProgram(join(kernel.bin, 'pahole'), 'echo v1.99')
        return fragment(kernel)
      },
    ],
    [
      'the linker',
      (kernel) => {
        writeProgram(join(kernel.bin, 'ld'), 'echo GNU ld 2.99')
        return fragment(kernel)
      },
    ],
  ])('is made again for another state of %s', async (_, change) => {
    const kernel = fakeKernel()
    writeFileSync(join(kernel.folder, 'fragment'), 'CONFIG_X=y\n')
    evidence(await collect(variantPlan(fragment(kernel)), kernel.options))
    evidence(await collect(variantPlan(change(kernel)), kernel.options))
    expect(configurations(kernel)).toBe(2)
  })

  it('is made again after a run that failed', async () => {
    const kernel = fakeKernel()
    kernel.scenario('build() { return 2; }')
    expect((await collect(variantPlan(), kernel.options)).kind).toBe('failure')
    kernel.scenario('')
    evidence(await collect(variantPlan(), kernel.options))
    expect(configurations(kernel)).toBe(2)
  })
})
