import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonReport } from '../report/report-schema.ts'
import { runCli } from './run-bundle.ts'
import { workspace } from '../support/workspace.ts'

const data = resolve('../shared/data/rhel5')
const built = ['i686', 'i686PAE', 'i686xen', 'ia64', 'ppc64', 'ppc64kdump', 's390x', 'x86_64', 'x86_64xen']

function kabiYml(extra: string): string {
  const variants = built.map((name) => `  ${name}: { symvers: ${name}.symvers }\n`).join('')
  return `version: 1\npreset: rhel5\nwhitelists: ${data}\nvariants:\n${variants}${extra}`
}

function ten(extra: string): string {
  const files = Object.fromEntries(
    built.map((name) => [`${name}.symvers`, readFileSync(join(data, `Module.kabi_${name}`))]),
  )
  return workspace({ ...files, 'kabi.yml': kabiYml(extra) })
}

describe.skipIf(!existsSync(data))('the ten variants of RHEL 5 (needs ../shared/data)', () => {
  const noPromise = '  ia64xen: { promise: none, reason: no checksums were ever recorded }\n'

  it('pass against themselves, with every promise compared', async () => {
    const { code, stdout } = await runCli(['check', '--json'], { cwd: ten(noPromise) })
    const report = JSON.parse(stdout) as JsonReport
    expect(code).toBe(0)
    expect(report.policy).toBe('rhel5')
    expect(report.variants.map(({ name, result, compared }) => [name, result, compared])).toEqual([
      ['i686', 'pass', 3036],
      ['i686PAE', 'pass', 3036],
      ['i686xen', 'pass', 3061],
      ['ia64', 'pass', 3023],
      ['ia64xen', 'no-promise', 0],
      ['ppc64', 'pass', 3004],
      ['ppc64kdump', 'pass', 3003],
      ['s390x', 'pass', 2172],
      ['x86_64', 'pass', 3081],
      ['x86_64xen', 'pass', 3089],
    ])
  })

  it('break when one digit of one checksum of one variant changes', async () => {
    const cwd = ten(noPromise)
    const path = join(cwd, 's390x.symvers')
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/^0x(.)/m, (_, digit) => (digit === '0' ? '0x1' : '0x0')),
    )
    const { code, stdout } = await runCli(['check'], { cwd })
    expect(stdout).toMatch(/^BREAK: 1 protected symbol changed in 1 of 9 variants$/m)
    expect(stdout).toMatch(/^ {2}in s390x:$/m)
    expect(code).toBe(1)
  })

  it('are an error as long as ia64xen promises something that has no checksums', async () => {
    const { code, stdout } = await runCli(['check'], { cwd: ten('  ia64xen: { symvers: ia64.symvers }\n') })
    expect(stdout).toMatch(/^ERROR/)
    expect(stdout).toContain('2968')
    expect(code).toBe(3)
  })
})
