import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findWhitelists } from '../../src/baseline/find-whitelists.ts'
import { initialConfig } from '../../src/config/initial-config.ts'
import { inspectTree } from '../../src/config/inspect-tree.ts'
import { layouts } from '../../src/config/layouts.ts'
import { makePlan } from '../../src/config/make-plan.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import type { VariantPlan } from '../../src/config/plan.ts'
import { importWhitelists } from '../../src/whitelists/import-whitelists.ts'
import { workspace } from '../support/workspace.ts'
import { distributions } from './distributions.ts'

async function written(folder: string): Promise<string> {
  const { value, problems } = await inspectTree(folder, 'x64')
  expect(problems).toEqual([])
  if (!value) throw new Error('no facts')
  return initialConfig(value)
}

function planned(text: string, folder: string): readonly VariantPlan[] {
  const { value, problems } = parseConfig(text, 'kabi.yml')
  expect(problems, text).toEqual([])
  if (!value) throw new Error('no configuration')
  return makePlan(value, 'kabi.yml', folder).variants
}

/** What a variant's plan says, in the words of the table. */
function toldOf({ config, guard }: VariantPlan, folder: string): readonly [string, string] {
  const path = (file: string): string => relative(folder, file)
  const base = config?.from.kind === 'file' ? path(config.from.path) : (config?.from.targets.join() ?? '')
  const all = [base, ...(config?.fragments ?? []).map(path)].join(' + ')
  if (guard.kind === 'none') return [all, 'none']
  if (guard.whitelist.kind === 'folder') return [all, 'looked for']
  const { path: list, checksums } = guard.whitelist.files
  return [all, path(list) + (checksums === undefined ? '' : ` with ${path(checksums)}`)]
}

describe.each(Object.entries(distributions))('in a tree of %s', (_, distribution) => {
  const { files, variants, says = [], imported, below } = distribution

  it('init finds every configuration and every list, and writes a valid kabi.yml of them', async () => {
    const folder = workspace(files)
    const text = await written(folder)
    const plans = planned(text, folder)
    expect(Object.fromEntries(plans.map((plan) => [plan.name, toldOf(plan, folder)]))).toEqual(variants)
    expect(plans.map(({ name }) => name)).toEqual(Object.keys(variants))
  })

  it('the comments say where each came from', async () => {
    const text = await written(workspace(files))
    for (const [name, [config, list]] of Object.entries(variants)) {
      const comment = new RegExp(`# From (.*)\\n  ${name.replaceAll('.', '\\.')}:\\n`).exec(text)?.[1]
      const there = config.split(' + ').filter((path) => path in files)
      const lists = ['none', 'looked for'].includes(list) ? [] : list.split(' with ')
      for (const path of [...there, ...lists]) expect(comment, name).toContain(path)
    }
    for (const sentence of says)
      expect(text).toMatch(sentence instanceof RegExp ? sentence : literally(sentence))
  })

  it('whitelist import takes the same lists, from its top and from the folder of the lists', async () => {
    const folder = workspace(files)
    expect(await importedFrom(folder)).toEqual(imported)
    if (below) expect(await importedFrom(join(folder, below[0]))).toEqual(below[1])
  })
})

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
}

async function importedFrom(from: string): Promise<readonly string[]> {
  const to = join(workspace({}), 'out')
  const { value, problems } = await importWhitelists({
    from,
    to,
    checksums: undefined,
    allowAbsent: false,
    variants: [],
  })
  expect(problems).toEqual([])
  await rm(to, { recursive: true })
  return value.imported.map(({ variant }) => variant).sort()
}

describe('looking for the layout of a distribution', () => {
  it('has a stand-in here for every row of the table', async () => {
    const who = new Set<string>()
    for (const { files } of Object.values(distributions))
      for (const one of (await inspectTree(workspace(files), 'x64')).value?.variants ?? []) who.add(one.who)
    expect([...who].sort()).toEqual(layouts.map((layout) => layout.who).sort())
  })

  it('puts the variants of this machine first, and cross-compiles the others', async () => {
    const folder = workspace(distributions['almalinux']?.files ?? {})
    const { value } = await inspectTree(folder, 'arm64')
    expect(value?.variants.map(({ name, crossCompile }) => [name, crossCompile]).slice(0, 3)).toEqual([
      ['aarch64', undefined],
      ['aarch64-64k', undefined],
      ['x86_64', 'x86_64-linux-gnu-'],
    ])
  })

  it('follows no pattern to a name that could not stand in a kabi.yml as it is', async () => {
    const folder = workspace({
      ...distributions['suse']?.files,
      'config/x86_64/$(id)': 'CONFIG_X=y\n',
      'config/x86_64/a b': 'CONFIG_X=y\n',
    })
    const { value } = await inspectTree(folder, 'x64')
    expect(value?.variants.map(({ name }) => name)).toEqual(
      Object.keys(distributions['suse']?.variants ?? {}),
    )
  })

  it('finds nothing in a folder that only looks like a tree', async () => {
    const { value, problems } = await findWhitelists(
      workspace({ 'kernel/sched/core.c': '', 'x86_64/readme/x': '' }),
    )
    expect(value).toBeUndefined()
    expect(problems).toMatchObject([{ kind: 'no-whitelist' }])
  })
})

describe('a Makefile that fixes what make should be told', () => {
  it.each([
    ['ARCH ?= arm', 'ARCH', 'arm'],
    ['CROSS_COMPILE   ?= arm-linux-gnueabi-', 'CROSS_COMPILE', 'arm-linux-gnueabi-'],
    [
      'CROSS_COMPILE := /opt/gcc/bin/aarch64-linux-android- # ours',
      'CROSS_COMPILE',
      '/opt/gcc/bin/aarch64-linux-android-',
    ],
    ['export ARCH=arm64', 'ARCH', 'arm64'],
  ])('%s is noticed, and said with its line', async (line, name, value) => {
    const folder = workspace({ Makefile: `VERSION = 4\nPATCHLEVEL = 19\n${line}\n`, 'arch/x86/Makefile': '' })
    expect((await inspectTree(folder, 'x64')).value?.fixed).toEqual([{ name, value, line: 3 }])
    expect(await written(folder)).toContain(`# Line 3 of the Makefile fixes ${name}`)
  })

  it.each([
    'ARCH ?= $(SUBARCH)',
    'CROSS_COMPILE ?= $(CONFIG_CROSS_COMPILE:"%"=%)',
    'CROSS_COMPILE ?=',
    '# ARCH ?= arm',
  ])('the kernel’s own line %s is none', async (line) => {
    const folder = workspace({ Makefile: `VERSION = 4\nPATCHLEVEL = 19\n${line}\n`, 'arch/x86/Makefile': '' })
    expect((await inspectTree(folder, 'x64')).value?.fixed).toEqual([])
  })
})
