import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bisect, type Bisected } from '../../scripts/history/bisect.ts'
import type { PlannedBreak } from '../../scripts/history/plan.ts'
import { git } from '../../scripts/history/make-history.ts'
import { leftBehind, run, stateOf } from '../../scripts/history/product.ts'
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

  it('left evidence that holds for a patch of a driver, and says what a look finds', async () => {
    const source = join(work, 'patched')
    git(work, 'clone', '--quiet', '--shared', '--no-checkout', bench.history.repository, source)
    git(source, 'checkout', '--quiet', '--detach', 'good')
    writeFileSync(join(source, 'drivers/net/dummy.c'), 'int dummy;\n')
    git(
      source,
      '-c',
      'user.name=Test',
      '-c',
      'user.email=test@example.org',
      'commit',
      '--quiet',
      '-am',
      'A driver',
    )
    const builds = join(bench.builds, 'released')
    const where = bench.where.map((one) =>
      one === bench.history.repository ? source : one === bench.builds ? builds : one,
    )
    const there = { ...bench, where }
    const look = async (...more: readonly string[]) => {
      const { code, stdout } = await run(there, ['check', '--json', ...more])
      const { result, findings, variants } = JSON.parse(stdout) as Record<string, unknown>
      const [{ carried = null, compared = 0 } = {}] = variants as { carried?: unknown; compared?: number }[]
      return { code, result, findings, carried, compared }
    }
    const known = await look()
    expect(known).toMatchObject({ carried: { from: bench.history.hashes[0], changed: 1 } })
    expect(known.compared).toBeGreaterThan(10)
    expect(await look('--no-carry-over')).toEqual({ ...known, carried: null })
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
