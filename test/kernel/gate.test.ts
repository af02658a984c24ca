import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyPatch, createTwoFilesPatch } from 'diff'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonReport } from '../report/report-schema.ts'
import { runCli, type Finished } from '../e2e/run-bundle.ts'
import { replaceFile } from './kernel-copy.ts'

/**
 * The committed bundle on a real kernel: one build, then patches, each rebuilt incrementally. The tests depend on one
 * another's builds and run in order.
 */

const pristine = process.env['KABI_KERNEL_TREE']
if (pristine === undefined) throw new Error('KABI_KERNEL_TREE must name an unpacked kernel source tree')

const options = ['64BIT', 'MODULES', 'MODVERSIONS']

function kabiYml(set: readonly string[]): string {
  return `version: 1
whitelists: whitelists
variants:
  x86_64:
    arch: x86_64
    strategy: full
    config:
      targets: [tinyconfig]
      set:
${set.map((line) => `        ${line}`).join('\n')}
`
}

const work = mkdtempSync(join(tmpdir(), 'kabi-kernel-'))
const gate = join(work, 'gate')
const tree = join(work, 'linux')

beforeAll(() => {
  mkdirSync(gate)
  writeFileSync(join(gate, 'kabi.yml'), kabiYml(options.map((name) => `${name}: y`)))
  // No links to files of another tree: what a test does there would pass for a change here.
  execFileSync('cp', ['-a', '--reflink=auto', pristine, tree])
  writeFileSync(join(work, 'unpacked'), '')
})

afterAll(() => rmSync(work, { recursive: true }))

const common = ['--source', tree, '--config', join(gate, 'kabi.yml'), '--work-dir', join(work, 'builds')]

function check(...args: string[]): Promise<Finished> {
  return runCli(['check', ...common, ...args])
}

async function checkJson(...args: string[]): Promise<{ code: number | null; report: JsonReport }> {
  const { code, stdout } = await check('--json', ...args)
  return { code, report: JSON.parse(stdout) as JsonReport }
}

/** Applies an edit as a unified diff, runs the body, and takes the edit back. */
async function withEdit(
  file: string,
  edit: (text: string) => string,
  body: () => Promise<void>,
): Promise<void> {
  const path = join(tree, file)
  const before = readFileSync(path, 'utf8')
  const patch = createTwoFilesPatch(file, file, before, edit(before))
  expect(patch, `the edit of ${file} changes nothing`).toContain('@@')
  const after = applyPatch(before, patch)
  if (after === false) throw new Error(`the patch of ${file} does not apply`)
  replaceFile(path, after)
  try {
    await body()
  } finally {
    replaceFile(path, before)
  }
}

describe('a kernel without whitelist', () => {
  it('is refused before anything is built', async () => {
    const { code, report } = await checkJson()
    expect(code).toBe(3)
    expect(report.problems.map(({ kind }) => kind)).toEqual(['no-whitelist'])
  })

  it('gets one from its own build', async () => {
    const { code, stdout, stderr } = await runCli(['whitelist', 'create', ...common])
    expect(stderr).toMatch(/x86_64 building/)
    expect(code).toBe(0)
    const count = Number(/x86_64: (\d+) protected symbols/.exec(stdout)?.[1])
    expect(count).toBeGreaterThan(2_000)
  })
})

const strings = 'lib/kasprintf.c'

describe('the gate on an unpatched kernel', () => {
  it('passes with every export compared, and rebuilds nothing', async () => {
    const { code, report } = await checkJson()
    expect(report.problems).toEqual([])
    expect(code).toBe(0)
    const [variant] = report.variants
    expect(variant).toMatchObject({ name: 'x86_64', result: 'pass' })
    expect(variant?.protected).toBeGreaterThan(2_000)
    expect(variant?.compared).toBe(variant?.protected)
  })

  it('never wrote to the kernel tree', () => {
    const touched = execFileSync('find', [tree, '-newer', join(work, 'unpacked')], { encoding: 'utf8' })
    expect(touched).toBe('')
  })
})

const grow = (text: string) => text.replace(/struct __kfifo \{\n/, '$&\tu64 generation;\n')
const drop = (text: string) => text.replace('EXPORT_SYMBOL(kvasprintf_const);\n', '')

/** A patch that adds a field to a structure and takes an export away. */
function withPatch(body: () => Promise<void>): Promise<void> {
  return withEdit('include/linux/kfifo.h', grow, () => withEdit(strings, drop, body))
}

describe('the gate on a patch', () => {
  it('passes a changed comment', async () => {
    const edit = (text: string) => `/* a comment in front of everything */\n${text}`
    await withEdit(strings, edit, async () => {
      expect((await check()).code).toBe(0)
    })
  })

  it('breaks on a field added and an export deleted, and names only symbols that these reach', async () => {
    await withPatch(async () => {
      const { code, report } = await checkJson()
      expect(code).toBe(1)
      expect(report.result).toBe('break')
      const found = report.findings.map(({ kind, symbol }) => `${kind} ${symbol}`)
      expect(found).toContain('changed __kfifo_alloc')
      expect(found).toContain('changed __kfifo_init')
      expect(found).not.toContain('changed kmalloc_caches')
      expect(found.filter((finding) => !finding.startsWith('changed '))).toEqual(['removed kvasprintf_const'])
      for (const { baseline, current } of report.findings) expect(current?.crc).not.toBe(baseline?.crc)
    })
  })
})

describe('strategy exports, which compiles nothing', () => {
  it('gives for every export what the real build gave', async () => {
    const { code, report } = await checkJson('--strategy', 'exports')
    expect(report.problems).toEqual([])
    expect(report.findings).toEqual([])
    expect(code).toBe(0)
    const [variant] = report.variants
    expect(variant?.how?.strategy).toBe('exports')
    expect(variant?.compared).toBe(variant?.protected)
    expect(variant?.protected).toBeGreaterThan(2_000)
  })

  it('sees what a patch changes, and what it takes away', async () => {
    await withPatch(async () => {
      const { code, report } = await checkJson('--strategy', 'exports')
      expect(code).toBe(1)
      const found = report.findings.map(({ kind, symbol }) => `${kind} ${symbol}`)
      expect(found).toContain('changed __kfifo_alloc')
      expect(found.filter((finding) => !finding.startsWith('changed '))).toEqual(['removed kvasprintf_const'])
    })
  })

  it('breaks on exports that become GPL-only or move into a namespace, and the disable flag excuses it on the record', async () => {
    const edit = (text: string) =>
      text
        .replace('EXPORT_SYMBOL(kasprintf);', 'EXPORT_SYMBOL_GPL(kasprintf);')
        .replace('EXPORT_SYMBOL(kvasprintf);', 'EXPORT_SYMBOL_NS(kvasprintf, KABI_TEST);')
    await withEdit(strings, edit, async () => {
      const { code, report } = await checkJson('--strategy', 'exports')
      expect(code).toBe(1)
      expect(report.findings.map(({ kind, symbol }) => `${kind} ${symbol}`)).toEqual([
        'export-type kasprintf',
        'namespace kvasprintf',
      ])

      const excused = await check(
        '--strategy',
        'exports',
        '--disable-kabi-check',
        '--reason',
        'bisecting the break of kasprintf',
      )
      expect(excused.code).toBe(0)
      const [firstLine] = excused.stdout.split('\n')
      expect(firstLine).toContain('OVERRIDDEN')
      expect(firstLine).toContain('bisecting the break of kasprintf')
      expect(excused.stdout).toContain('EXPORT_SYMBOL_GPL')
    })
  })
})

describe('the gate on a kernel that tells nothing', () => {
  it('is an error for a syntax error, with the compiler’s own words', async () => {
    const edit = (text: string) =>
      text.replace('EXPORT_SYMBOL(kasprintf);', 'EXPORT_SYMBOL(kasprintf)); this is not C')
    await withEdit(strings, edit, async () => {
      const { code, stdout } = await check()
      expect(code).toBe(3)
      expect(stdout).toMatch(/^ERROR/)
      expect(stdout).toMatch(/kasprintf\.c:\d+:\d+: error: /)
      expect(stdout).toContain('build.log')
    })
  })

  it('is an error without checksums in the configuration, before anything is built', async () => {
    const config = join(gate, 'no-modversions.yml')
    writeFileSync(
      config,
      kabiYml(
        [...options.map((name) => `${name}: y`), 'MODVERSIONS: n'].filter(
          (line) => line !== 'MODVERSIONS: y',
        ),
      ),
    )
    const { code, stdout } = await runCli([
      'check',
      ...['--source', tree, '--config', config, '--work-dir', join(work, 'other'), '--json'],
    ])
    expect(code).toBe(3)
    expect((JSON.parse(stdout) as JsonReport).problems.map(({ kind }) => kind)).toEqual(['modversions-off'])
  })

  it('passes again once every edit is taken back', async () => {
    const { code, stdout } = await check()
    expect(stdout).toMatch(/^PASS/)
    expect(code).toBe(0)
  })
})
