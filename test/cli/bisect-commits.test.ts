import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bisectedKernel, canBuildCopyingKernel } from '../support/bisected-kernel.ts'
import { git } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { bisectionSchema } from './bisection-schema.ts'
import { runMain } from './run-main.ts'

describe.skipIf(!canBuildCopyingKernel)('kabi-gate bisect', () => {
  /** Runs it in a history of its own. */
  function prepared() {
    const [cwd, folder] = [bisectedKernel(), temporaryFolder()]
    const bisect = (...args: readonly string[]) =>
      runMain(['bisect', 'v1', 'main', '--work-dir', join(folder, 'work'), ...args], { cwd })
    return { cwd, folder, bisect }
  }

  it('writes its result to files of every format that it has, and prints it', async () => {
    const { cwd, folder, bisect } = prepared()
    const [md, json, txt] = ['b.md', 'b.json', 'b.txt'].map((name) => join(folder, name))
    const outputs = [md, json, txt].flatMap((file) => ['--output', file ?? ''])
    const { code, stdout } = await bisect(...outputs)
    expect(code).toBe(1)
    expect(stdout).toContain('pci_enable_device: checksum changed')
    const read = (file = '') => readFileSync(file, 'utf8')
    expect(read(txt)).toBe(stdout)
    expect(read(md)).toMatch(/^## ⚠️ kabi-gate bisect: FOUND\n/)
    expect(read(md)).toContain('| `pci_enable_device` | checksum changed |')
    const { result, good, bad, breaks, skipped } = bisectionSchema.parse(JSON.parse(read(json)))
    expect([result, good, bad]).toEqual([
      'found',
      { name: 'v1', commit: git(cwd, 'rev-parse', 'v1') },
      { name: 'main', commit: git(cwd, 'rev-parse', 'main') },
    ])
    const found = breaks.map(({ broken, commits }) => [broken.name, ...commits.map(({ subject }) => subject)])
    expect(found.toSorted()).toEqual([
      ['kmalloc', 'mm: drop kmalloc', 'Half a change'],
      ['pci_enable_device', 'pci: enable *more* devices'],
    ])
    expect(skipped).toHaveLength(1)
  })

  it('prints any of them in place of the text', async () => {
    const { bisect } = prepared()
    const markdown = await bisect('--symbol', 'kmalloc', '--format', 'markdown')
    expect([markdown.code, markdown.stderr.includes('error')]).toEqual([1, false])
    expect(markdown.stdout).toMatch(/^## ⚠️ kabi-gate bisect: FOUND\n[^]*only what breaks `kmalloc`/)
    const json = await bisect('--symbol', 'usb_alloc_urb', '--json')
    expect(json.code).toBe(0)
    expect(bisectionSchema.parse(JSON.parse(json.stdout))).toMatchObject({
      result: 'intact',
      symbol: 'usb_alloc_urb',
      breaks: [],
    })
  })

  it('says an error in every format, and never that nothing is broken', async () => {
    const { cwd, folder } = prepared()
    const file = join(folder, 'failed.txt')
    const unknown = ['bisect', 'v1', 'nowhere', '--output', file]
    const json = await runMain([...unknown, '--json'], { cwd })
    expect(json.code).toBe(2)
    expect(bisectionSchema.parse(JSON.parse(json.stdout))).toMatchObject({
      result: 'error',
      bad: { name: 'nowhere', commit: null },
    })
    expect(readFileSync(file, 'utf8')).toMatch(/^error: .*nowhere/)
    const markdown = await runMain(['bisect', 'v1', 'nowhere', '--format', 'markdown'], { cwd })
    expect([markdown.code, markdown.stdout]).toEqual([
      2,
      expect.stringMatching(/^## ❌ .*ERROR\n[^]*nowhere/),
    ])
  })

  it.each([
    ['formats that contradict each other', ['--json', '--format', 'markdown'], '--json contradicts'],
    ['a format that it does not have', ['--format', 'sarif'], 'text, json, markdown'],
    ['a file of a format that it does not have', ['--output', 'b.html'], '.txt, .json or .md'],
    ['the disable flag', ['--disable-kabi-check'], 'disable-kabi-check'],
    ['two questions', ['--symbol', 'a', '--type', 'struct a'], '--symbol contradicts --type'],
  ])('refuses %s', async (_, args, why) => {
    const { code, stdout, stderr } = await runMain(['bisect', 'v1', 'main', ...args], { cwd: '/' })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(why)
  })

  it('looks at once whether its files can be written', async () => {
    const { folder, bisect } = prepared()
    mkdirSync(join(folder, 'occupied.md'))
    const { code, stdout, stderr } = await bisect('--output', join(folder, 'occupied.md'))
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('the markdown report was not written')
  })
})
