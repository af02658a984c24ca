import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { JsonReport } from '../report/report-schema.ts'
import { runCli } from '../e2e/run-bundle.ts'

/**
 * The committed bundle with the shipped whitelists and Debian's own configurations: a native and a cross compiled
 * variant of the kernel that the lists were made of, on one machine, and of the one that Debian ships today, as a workflow
 * has it: planned here, collected there, judged elsewhere. Part of each list, so that the test stays short.
 */

const current = process.env['KABI_CURRENT_TREE'] ?? ''
if (current === '') throw new Error('KABI_CURRENT_TREE must name an unpacked kernel source tree')
const variants = ['amd64', 's390x'] as const
const shipped = resolve(import.meta.dirname, '../../whitelists/debian-12')

const work = mkdtempSync(join(tmpdir(), 'kabi-debian-'))

/** What the NVMe drivers alone need, and the symbol that every module needs. */
function partOf(list: string): string {
  let section = ''
  const lines = list.split('\n').filter((line) => {
    section = /^\[(.*)\]$/.exec(line)?.[1] ?? section
    return section.startsWith('nvme') || line.includes('\tmodule_layout\t')
  })
  return lines.join('\n') + '\n'
}

/** How the kernel was built; the first version of the file records nothing of the list, which is another one here. */
function withoutRecord(baseline: string): string {
  return baseline
    .replace(/^version: [23]$/m, 'version: 1')
    .replace(/^(?:rows|list-digest|types-digest|layouts-digest):.*\n/gm, '')
}

/** A clean machine: a folder with what the repository of the gate has. */
function machine(name: string): string {
  const folder = join(work, name)
  mkdirSync(folder)
  const kabiYml = parse(readFileSync(join(shipped, 'kabi.yml'), 'utf8')) as {
    variants: Record<string, object>
  }
  // The shipped configurations, so that what is prepared here serves the other test files as well.
  const kept = Object.fromEntries(
    variants.map((variant) => [
      variant,
      { ...kabiYml.variants[variant], config: join(shipped, variant, 'config.gz') },
    ]),
  )
  writeFileSync(join(folder, 'kabi.yml'), stringify({ ...kabiYml, variants: kept }))
  for (const variant of variants) {
    mkdirSync(join(folder, variant))
    const baseline = readFileSync(join(shipped, variant, 'baseline.yml'), 'utf8')
    writeFileSync(join(folder, variant, 'baseline.yml'), withoutRecord(baseline))
    const list = readFileSync(join(shipped, variant, 'kabi_whitelist'), 'utf8')
    writeFileSync(join(folder, variant, 'kabi_whitelist'), partOf(list))
  }
  return folder
}

/** Runs the bundle on a machine. */
function on(folder: string, ...args: readonly string[]) {
  return runCli([...args, '--config', join(folder, 'kabi.yml')], { cwd: folder })
}

function reportOf(stdout: string): JsonReport {
  return JSON.parse(stdout) as JsonReport
}

const errors = ({ problems }: JsonReport) => problems.filter((problem) => problem.class !== 'note')

afterAll(() => rmSync(work, { recursive: true }))

describe('the gate on the kernel that the whitelists were made of', () => {
  it('passes, native and cross compiled', async () => {
    const folder = machine('one')
    const build = ['--source', inject('tree'), '--work-dir', inject('builds')]
    const { code, stdout } = await on(folder, 'check', ...build, '--json')
    const report = reportOf(stdout)
    expect(errors(report)).toEqual([])
    expect(code).toBe(0)
    for (const variant of report.variants) {
      expect(variant).toMatchObject({ result: 'pass', findings: { fail: 0 } })
      expect(variant.protected).toBeGreaterThan(100)
      expect(variant.compared).toBe(variant.protected)
    }
    rmSync(folder, { recursive: true })
  })
})

describe('the gate on the current kernel, on several machines', () => {
  const judging = join(work, 'judge')
  const judge = () => on(judging, 'judge', '--evidence', join(judging, 'evidence'), '--json')
  let legs: readonly string[] = []

  beforeAll(() => {
    machine('judge')
    mkdirSync(join(judging, 'evidence'))
  })

  it('plans one leg a variant', async () => {
    const { stdout } = await on(machine('plan'), 'plan', '--source', current, '--matrix')
    const { include } = JSON.parse(stdout) as { include: readonly { variant: string }[] }
    legs = include.map(({ variant }) => variant)
    expect(legs).toEqual(variants)
  })

  it.each(variants)(
    'collects %s in a folder of its own, and what it leaves is all that is taken along',
    async (leg) => {
      expect(legs).toContain(leg)
      const folder = machine(`collect-${leg}`)
      const build = ['--source', current, '--work-dir', join(folder, 'builds')]
      const { code, stderr } = await on(
        folder,
        'collect',
        '--variant',
        leg,
        '--output',
        join(folder, 'evidence'),
        ...build,
      )
      expect(stderr).not.toContain('error')
      expect(code).toBe(0)
      cpSync(join(folder, 'evidence'), join(judging, 'evidence'), { recursive: true })
      rmSync(folder, { recursive: true })
    },
  )

  it('breaks for every variant, judged without the kernel tree', async () => {
    expect(existsSync(join(judging, 'Makefile'))).toBe(false)
    const { code, stdout } = await judge()
    const report = reportOf(stdout)
    expect(errors(report)).toEqual([])
    expect(code).toBe(1)
    for (const variant of report.variants) expect(variant.result).toBe('break')
    const changed = report.findings.filter(({ kind }) => kind === 'changed').map(({ symbol }) => symbol)
    expect(changed).toContain('module_layout')
  })

  it('is an error with a leg that is not there', async () => {
    rmSync(join(judging, 'evidence', 's390x'), { recursive: true })
    const { code, stdout } = await judge()
    expect(code).toBe(3)
    expect(errors(reportOf(stdout))).toMatchObject([{ variant: 's390x' }])
  })
})
