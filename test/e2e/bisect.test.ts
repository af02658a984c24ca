import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonReport } from '../report/report-schema.ts'
import { commitAll, git } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { canBuildTinyKernel, deviceHeader, releaseTinyKernel } from '../support/tiny-kernel.ts'
import { writeFiles } from '../support/write-files.ts'

const cli = resolve(import.meta.dirname, '../../dist/cli.js')

const source = `#include <linux/device.h>
#include <linux/page.h>
#include <linux/export.h>

int device_add(struct device *dev)
{
	return dev->refs;
}
EXPORT_SYMBOL(device_add);

int page_get(struct page *page)
{
	return page->count;
}
EXPORT_SYMBOL(page_get);
`
const page = (count: string): string => `struct page {
	${count}	count;
};

int page_get(struct page *page);
`
const device = (fields: string): string => `struct device {
	void			*parent;
${fields}	int			refs;
	unsigned long long	dma_mask;
};

int device_add(struct device *dev);
`
const release = { 'include/linux/page.h': page('int'), 'lib/device.c': source }

/** What each commit after the release changes, oldest first. */
const history: readonly (readonly [subject: string, files: Parameters<typeof writeFiles>[1]])[] = [
  ['Explain refs', { [deviceHeader]: `/* refs: never zero. */\n${device('')}` }],
  ['Credit people', { CREDITS: 'Eve\n' }],
  ['Count users of a device', { [deviceHeader]: device('\tlong\t\t\tusers;\n') }],
  ['Credit more people', { CREDITS: 'Eve, Tom\n' }],
  ['Start to rework page_get', { 'lib/device.c': `#include <linux/rework.h>\n${source}` }],
  ['Go on with page_get', { 'lib/device.c': `#include <linux/rework.h>\n\n${source}` }],
  ['Finish page_get', { 'lib/device.c': `\n${source}` }],
  ['Drop the whitelists', { whitelists: undefined, 'kabi.yml': 'nothing: at all\n' }],
  ['Count pages in a long', { 'include/linux/page.h': page('long') }],
  ['Credit nobody', { CREDITS: undefined }],
  ['Explain page', { 'include/linux/page.h': `/* A page. */\n${page('long')}` }],
  ['Linux 6.2', { CREDITS: 'all\n' }],
]

/** A checkout with the release, tagged `v1`, and the history after it. */
async function checkout(): Promise<string> {
  const folder = join(temporaryFolder(), 'linux')
  await releaseTinyKernel(folder, { files: release, symbols: ['page_get'] })
  git(folder, 'tag', 'v1')
  for (const [subject, files] of history) {
    writeFiles(folder, files)
    commitAll(folder, subject)
  }
  return folder
}

const broken = (symbol: string): RegExp =>
  new RegExp(String.raw` bad: ${symbol} 0x\w+ → 0x\w+, checksum changed \(x86_64\)`)

interface Bisection {
  /** The line of each step. */
  readonly steps: readonly string[]
  /** The subject of the first bad commit. */
  readonly first: string
}

/** Bisects from the release to the end. */
function bisect(folder: string, ...args: readonly string[]): Bisection {
  git(folder, 'bisect', 'start', 'main', 'v1')
  const step = [process.execPath, cli, 'check', '--bisect', '--baseline-ref', 'v1']
  try {
    const said = git(folder, 'bisect', 'run', ...step, '--work-dir', `${folder}-work`, ...args)
    const commit = /^(\w+) is the first bad commit$/m.exec(said)?.[1] ?? ''
    const first = git(folder, 'show', '--no-patch', '--format=%s', commit)
    return { steps: said.match(/^[0-9a-f]{12} .*$/gm) ?? [], first }
  } finally {
    git(folder, 'bisect', 'reset')
  }
}

describe.skipIf(!canBuildTinyKernel)('git bisect run with check --bisect', () => {
  it('finds the first break, or that of the symbol or type it was asked for, past commits that do not build', async () => {
    const folder = await checkout()

    // Which commit git takes instead of a skipped one is a matter of its hash.
    const any = bisect(folder)
    expect(any.first).toBe('Count users of a device')
    expect(any.steps[0]).toMatch(/ skipped: kernel build failed: .*lib\/device\.o/)
    expect(any.steps.some((line) => broken('device_add').test(line))).toBe(true)

    const symbol = bisect(folder, '--symbol', 'page_get')
    expect(symbol.first).toBe('Count pages in a long')
    expect(symbol.steps.some((line) => line.endsWith(' good: page_get is not broken'))).toBe(true)
    expect(symbol.steps.some((line) => broken('page_get').test(line))).toBe(true)

    const type = bisect(folder, '--type', 'page')
    expect(type.first).toBe('Count pages in a long')
    expect(type.steps.some((line) => line.endsWith(' good: struct page is as released'))).toBe(true)
    expect(
      type.steps.some((line) => line.includes(' bad: struct page: field has another type, int count')),
    ).toBe(true)

    expect(() => bisect(folder, '--symbol', 'nobody')).toThrow('exit code 128')
    expect(git(folder, 'status', '--porcelain')).toBe('')
  }, 300_000)
})

describe.skipIf(!canBuildTinyKernel)('kabi-gate bisect', () => {
  it('names the commit of each break with the definition and the line, and touches nothing', async () => {
    const folder = await checkout()
    for (const name of ['kabi.yml', 'configs/x86_64.config'])
      writeFiles(folder, { [`../gate/${name}`]: `${git(folder, 'show', `v1:${name}`)}\n` })
    const run = (...args: readonly string[]) =>
      spawnSync(
        process.execPath,
        [
          ...[cli, 'bisect', 'v1', 'main', '--config', '../gate/kabi.yml', '--work-dir', `${folder}-work`],
          ...args,
        ],
        { cwd: folder, encoding: 'utf8' },
      )
    const all = run()
    expect([all.stderr.includes('error'), all.status]).toEqual([false, 1])
    const plain = all.stdout.replaceAll(/\b[0-9a-f]{12}\b/g, 'COMMIT').replaceAll(/\d{4}-\d\d-\d\d/g, 'DAY')
    // The last one, and for each break the commit that git names and its parent.
    expect(plain).toBe(`COMMIT Count users of a device (DAY)
  struct device: field added in front of others, long users (1 symbol)
    include/linux/device.h:3 + long users;

COMMIT Count pages in a long (DAY)
  struct page: field has another type, int count (1 symbol)
    include/linux/page.h:2 + long count;
    include/linux/page.h:2 - int count;

5 commits looked at.
`)
    expect(git(folder, 'status', '--porcelain')).toBe('')
    expect(git(folder, 'worktree', 'list').split('\n')).toHaveLength(1)

    const one = JSON.parse(run('--type', 'struct page', '--json').stdout) as object
    expect(one).toMatchObject({
      breaks: [{ broken: { kind: 'type', name: 's#page' }, commits: [{ subject: 'Count pages in a long' }] }],
      problems: [],
    })
    const unknown = run('--symbol', 'nothing_of_that_name')
    expect([unknown.status, unknown.stdout]).toEqual([expect.any(Number), ''])
    expect(unknown.status).toBeGreaterThan(1)
    expect(unknown.stderr).toContain('nothing_of_that_name')
  })
})

describe.skipIf(!canBuildTinyKernel)('kabi-gate check --per-commit', () => {
  it('says which commit breaks, repairs and cannot be looked at, and gives the verdict of the last', async () => {
    const folder = await checkout()
    writeFiles(folder, { [deviceHeader]: device('') })
    commitAll(folder, 'Count users elsewhere')
    const args = ['check', '--per-commit', 'v1..main', '--baseline-ref', 'v1', '--work-dir', `${folder}-work`]
    const { stdout, status } = spawnSync(process.execPath, [cli, ...args, '--json'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    const report = JSON.parse(stdout) as JsonReport
    const named = (sign: string, breaks: readonly { readonly name: string }[]) =>
      breaks.map(({ name }) => `${sign}${name}`)
    const deeds = report.series?.commits.flatMap(({ subject, skipped, introduced, repaired }) => {
      const what = [...named('+', introduced), ...named('-', repaired)]
      return skipped === null && what.length === 0 ? [] : [[subject, skipped === null ? what.join() : '?']]
    })
    expect(deeds).toEqual([
      ['Count users of a device', '+s#device'],
      ['Start to rework page_get', '?'],
      ['Go on with page_get', '?'],
      ['Count pages in a long', '+s#page'],
      ['Count users elsewhere', '-s#device'],
    ])
    expect(report.explanation?.causes.map(({ name }) => name)).toEqual(['s#page'])
    const [line] = report.explanation?.causes[0]?.patch ?? []
    expect(line?.commit?.subject).toBe('Count pages in a long')
    expect(git(folder, 'status', '--porcelain')).toBe('')
    expect(git(folder, 'worktree', 'list').split('\n')).toHaveLength(1)
  })

  it.each([
    ['v1...main', 'is not a range'],
    ['..main', 'is not a range'],
    ['v1..', 'is not a range'],
  ])('refuses the range %s', (range, message) => {
    const { stderr, status } = spawnSync(process.execPath, [cli, 'check', '--per-commit', range], {
      cwd: temporaryFolder(),
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
