import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { initialConfig } from '../../src/config/initial-config.ts'
import { inspectTree } from '../../src/config/inspect-tree.ts'
import { makePlan } from '../../src/config/make-plan.ts'
import { missingForCollect } from '../../src/config/missing-for-collect.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import type { VariantPlan } from '../../src/config/plan.ts'
import { type Files, workspace } from '../support/workspace.ts'

const folder = 'examples/distributions'
const top = '/tree'
const files = readdirSync(folder).filter((name) => name.endsWith('.yml'))

function planned(text: string): readonly VariantPlan[] {
  const { value, problems } = parseConfig(text, 'kabi.yml')
  expect(problems).toEqual([])
  if (!value) throw new Error('no configuration')
  return makePlan(value, 'kabi.yml', top).variants
}

/** The files that an example names, as a stand-in of its tree. */
function treeOf(text: string, plans: readonly VariantPlan[]): Files {
  const complete = '# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_MODVERSIONS=y\n'
  const paths = plans.flatMap(({ config, guard }) => [
    ...(config?.from.kind === 'file' ? [config.from.path] : []),
    ...(guard.kind === 'stable' && guard.whitelist.kind === 'files'
      ? [guard.whitelist.files.path, guard.whitelist.files.checksums ?? []].flat()
      : []),
  ])
  const inTree = (path: string): string => relative(top, path)
  const folders = paths.filter((path) => path.includes('/kabi-module/'))
  return {
    ...(text.includes('holds no kernel')
      ? {}
      : { Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n', 'arch/x86/Makefile': '' }),
    ...Object.fromEntries(
      paths.map((path) => [inTree(folders.includes(path) ? `${path}/kfree` : path), complete]),
    ),
    ...Object.fromEntries(
      plans.flatMap(({ config }) => config?.fragments ?? []).map((path) => [inTree(path), 'CONFIG_X=y\n']),
    ),
  }
}

describe.each(files)('the kabi.yml for %s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8')

  it('is valid, with everything that collecting needs', () => {
    for (const plan of planned(text)) expect(missingForCollect(plan), plan.name).toBeUndefined()
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`\`${name}\``)
  })

  it('is what init finds in a tree with these files, where the tree has files for it', async () => {
    const plans = planned(text)
    const tree = workspace(treeOf(text, plans))
    const { value } = await inspectTree(tree, 'x64')
    if (!value || value.variants.length === 0) {
      expect(['openeuler.yml', 'android.yml']).toContain(name)
      return
    }
    const found = planned(initialConfig(value)).map((plan) => plan.name)
    expect(found.toSorted()).toEqual(plans.map((plan) => plan.name).toSorted())
  })
})
