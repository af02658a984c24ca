import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bisect, type Bisected } from '../../scripts/history/bisect.ts'
import type { PlannedBreak } from '../../scripts/history/plan.ts'
import { leftBehind, stateOf } from '../../scripts/history/product.ts'
import { wrongIn } from '../../scripts/history/truth.ts'
import { openWorkbench, type Workbench } from '../../scripts/history/workbench.ts'

/**
 * The committed bundle bisects a short history of what two real kernels have different: two breaks, of which one is taken back,
 * a merge, and a commit that does not configure. `npm run prove:history` makes a longer one (docs/accuracy.md).
 */

const [older, newer] = [process.env['KABI_KERNEL_TREE'] ?? '', process.env['KABI_CURRENT_TREE'] ?? '']
if (older === '' || newer === '')
  throw new Error('KABI_KERNEL_TREE and KABI_CURRENT_TREE must name kernel source trees')

const work = mkdtempSync(join(tmpdir(), 'kabi-history-'))
afterAll(() => rmSync(work, { recursive: true }))

/** All that is read of a kernel for the objects of one folder; a fifth of the files. */
const needed =
  /^(include|scripts|arch\/x86|kernel|lib|init|certs|security|tools\/(?!testing|perf)[^/]+|net\/core)\/|(^|\/)(Kconfig|Makefile|Kbuild)[^/]*$|^[^/]+$/

/** What is not even named by a Makefile that is read. */
const aside = /^(Documentation|samples|rust|LICENSES|tools|arch)\//

/** A kernel with these files, which are the same as in the tree; others are empty, as kbuild counts them all. */
function partOf(tree: string, name: string): string {
  const place = join(work, name)
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(tree.length + 1)
    if (entry.isDirectory() || (!needed.test(path) && aside.test(path))) continue
    mkdirSync(join(place, dirname(path)), { recursive: true })
    if (needed.test(path)) linkSync(join(tree, path), join(place, path))
    else writeFileSync(join(place, path), '')
  }
  return place
}

describe('bisect on a history of real changes', () => {
  let bench: Workbench
  let found: Bisected
  let before = ''

  beforeAll(async () => {
    bench = await openWorkbench({
      ...{ older: partOf(resolve(older), 'older'), newer: partOf(resolve(newer), 'newer') },
      ...{ seed: 'sample', size: { commits: 12, breaks: 1, repaired: 1 }, objects: ['net/core/dev'] },
      without: ['DEBUG_INFO_BTF', 'DRM', 'SOUND', 'MEDIA_SUPPORT', 'STAGING', 'INFINIBAND', 'IIO', 'HID'],
      ...{ folder: join(work, 'history'), cli: resolve(import.meta.dirname, '../../dist/cli.js') },
    })
    before = stateOf(bench)
    found = await bisect(bench)
  })

  it('names the commit of each break that is left, and skips nothing but what does not configure', () => {
    expect(found.answer, found.fault).toBeDefined()
    if (found.answer) expect(wrongIn(bench, found.answer)).toEqual([])
  })

  it('leaves nothing behind', async () => {
    expect(await leftBehind(bench, false)).toEqual([])
    expect(stateOf(bench)).toBe(before)
  })

  it('would not pass if anything else were true', () => {
    const { answer } = found
    const [first, ...others] = bench.plan.breaks
    if (!answer || !first) throw new Error('nothing to compare')
    const wrongWith = (...breaks: readonly PlannedBreak[]) =>
      wrongIn({ ...bench, plan: { ...bench.plan, breaks } }, answer)
    const { part, commit } = first
    const [symbol = '', ...symbols] = part.symbols
    expect(wrongWith({ ...first, commit: commit - 1 }, ...others)).toEqual([
      `${part.type}: commit ${commit} is named, not ${commit - 1}`,
    ])
    expect(wrongWith({ ...first, part: { ...part, symbols } }, ...others), symbol).toHaveLength(1)
    expect(wrongWith(...others)).toEqual([`${part.type} is not broken`])
    const back = others.find(({ repairedBy }) => repairedBy !== undefined)
    if (!back) throw new Error('nothing is taken back')
    expect(wrongWith(...bench.plan.breaks, { part: back.part, commit: back.commit })).toEqual([
      `${back.part.type} is named 0 times`,
    ])
  })
})
