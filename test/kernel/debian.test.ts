import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonReport } from '../report/report-schema.ts'
import { runCli } from '../e2e/run-bundle.ts'

/**
 * The committed bundle with the shipped whitelists and Debian's own configurations: a native and a cross compiled
 * variant of the kernel that the lists were made of, and of the one that Debian ships today. Part of each list, so that
 * the test stays short.
 */

const released = treeOf('KABI_KERNEL_TREE')
const current = treeOf('KABI_CURRENT_TREE')
const variants = ['amd64', 's390x'] as const
const shipped = resolve(import.meta.dirname, '../../whitelists/debian-12')

function treeOf(name: string): string {
  const tree = process.env[name]
  if (tree === undefined) throw new Error(`${name} must name an unpacked kernel source tree`)
  return tree
}

const work = mkdtempSync(join(tmpdir(), 'kabi-debian-'))
const config = join(work, 'kabi.yml')

/** What the NVMe drivers alone need, and the symbol that every module needs. */
function partOf(list: string): string {
  let section = ''
  const lines = list.split('\n').filter((line) => {
    section = /^\[(.*)\]$/.exec(line)?.[1] ?? section
    return section.startsWith('nvme') || line.includes('\tmodule_layout\t')
  })
  return lines.join('\n') + '\n'
}

beforeAll(() => {
  const kabiYml = readFileSync(join(shipped, 'kabi.yml'), 'utf8')
  writeFileSync(config, kabiYml.replace(/config: (?=[\w-]+\/)/g, `config: ${shipped}/`))
  for (const name of variants) {
    const folder = join(work, name)
    mkdirSync(folder)
    const list = readFileSync(join(shipped, name, 'kabi_whitelist'), 'utf8')
    writeFileSync(join(folder, 'kabi_whitelist'), partOf(list))
    writeFileSync(join(folder, 'baseline.yml'), readFileSync(join(shipped, name, 'baseline.yml')))
  }
})

afterAll(() => rmSync(work, { recursive: true }))

async function check(source: string): Promise<{ code: number | null; report: JsonReport }> {
  const chosen = variants.flatMap((name) => ['--variant', name])
  const args = [
    '--config',
    config,
    '--source',
    source,
    '--work-dir',
    join(work, 'builds'),
    ...chosen,
    '--json',
  ]
  const { code, stdout } = await runCli(['check', ...args])
  return { code, report: JSON.parse(stdout) as JsonReport }
}

describe('the gate on Debian’s kernels, native and cross compiled', () => {
  it('passes the kernel that the whitelists were made of', async () => {
    const { code, report } = await check(released)
    expect(report.problems.filter((problem) => problem.class !== 'note')).toEqual([])
    expect(code).toBe(0)
    for (const variant of report.variants) {
      expect(variant).toMatchObject({ result: 'pass', findings: { fail: 0 } })
      expect(variant.protected).toBeGreaterThan(100)
      expect(variant.compared).toBe(variant.protected)
    }
  })

  it('breaks on the current one, for every variant', async () => {
    const { code, report } = await check(current)
    expect(report.problems.filter((problem) => problem.class !== 'note')).toEqual([])
    expect(code).toBe(1)
    for (const variant of report.variants) expect(variant.result).toBe('break')
    const changed = report.findings.filter(({ kind }) => kind === 'changed').map(({ symbol }) => symbol)
    expect(changed).toContain('module_layout')
  })
})
