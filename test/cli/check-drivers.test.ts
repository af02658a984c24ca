import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { patched, released, whitelist, workspace } from '../support/workspace.ts'
import { buildRpm } from '../module/rpm/build-rpm.ts'
import { buildModule } from '../module/build-module.ts'
import { runMain } from './run-main.ts'

const yml = (drivers: string, more = '') =>
  `version: 1\n${more}variants:\n  x86_64: { arch: x86_64, symvers: Module.symvers, drivers: [${drivers}] }\n`

const pci = buildModule({ imports: { pci_enable_device: 0x22222222, kmalloc: 0x11111111 } })
const private_ = buildModule({ imports: { nobody_cares: 0x44444444, kmalloc: 0x11111111 } })
const files = {
  'kabi.yml': yml('drivers'),
  'whitelists/x86_64/kabi_whitelist': whitelist,
  'Module.symvers': released,
  'drivers/extra/pci.ko': pci,
  'drivers/private.ko': private_,
}

const check = (more: Parameters<typeof workspace>[0] = {}, ...args: string[]) =>
  runMain(['check', ...args], { cwd: workspace({ ...files, ...more }) })

describe('kabi-gate check with drivers', () => {
  it('says that they load', async () => {
    const run = await check()
    expect(run.stdout).toContain(
      'note: drivers that have to keep loading\n    x86_64  2 of 2 drivers still load\n',
    )
    expect(run.code).toBe(0)
  })

  it('names those that would not, and why', async () => {
    const run = await check({ 'Module.symvers': patched })
    expect(run.stdout).toContain('break[driver]: Driver would no longer load: 1 driver\n')
    expect(run.stdout).toContain('    pci  in x86_64  pci_enable_device 0x22222222 -> 0xdeadbeef\n')
    expect(run.stdout).toContain('    x86_64  1 of 2 drivers would no longer load\n')
    expect(run.code).toBe(1)
  })

  it('fails on a symbol that only a driver needs, unless the policy lets it pass', async () => {
    const symvers = { 'Module.symvers': released.replace('44444444', '55555555') }
    const run = await check(symvers)
    expect(run.stdout).toMatch(/^BREAK: 1 driver no longer loading\n/)
    expect(run.code).toBe(1)
    const lenient = { ...symvers, 'kabi.yml': yml('drivers', 'policy: { kinds: { driver: warn } }\n') }
    const warned = await check(lenient)
    expect(warned.stdout).toContain('warning[driver]')
    expect(warned.code).toBe(0)
  })

  it('tells the same in every form of report', async () => {
    const symvers = { 'Module.symvers': released.replace('44444444', '55555555') }
    const [json, markdown, html, sarif] = await Promise.all(
      ['json', 'markdown', 'html', 'sarif'].map((form) => check(symvers, '--format', form)),
    )
    expect(JSON.parse(json?.stdout ?? '')).toMatchObject({
      result: 'break',
      drivers: {
        sets: [{ variant: 'x86_64', drivers: 2, broken: 1, foreign: [] }],
        broken: [{ name: 'private', reasons: [{ kind: 'checksum', symbol: 'nobody_cares' }] }],
        ranks: [{ cause: null, symbol: 'nobody_cares', drivers: 1 }],
      },
    })
    expect(markdown?.stdout).toContain('| 1 | symbol nobody_cares |')
    expect(html?.stdout).toContain('<td>symbol nobody_cares</td>')
    expect(sarif?.stdout).toContain('Driver would no longer load: private\\nIn x86_64.')
  })

  it.each(['drivers.tar', 'drivers.tar.gz', 'drivers.deb', 'drivers.rpm'])(
    'reads the drivers of %s',
    async (name) => {
      const cwd = workspace({ ...files, 'kabi.yml': yml(name), 'Module.symvers': patched })
      pack(cwd, name)
      const run = await runMain(['check', '--json'], { cwd })
      expect(JSON.parse(run.stdout)).toMatchObject({
        drivers: {
          sets: [{ drivers: 2, broken: 1 }],
          broken: [{ file: join(cwd, name) + '!/drivers/extra/pci.ko' }],
        },
      })
    },
  )

  it.each<[string, string, RegExp]>([
    ['is not there', 'nowhere', /does not exist/],
    ['holds no driver', 'whitelists', /no driver in/],
    ['holds a driver that cannot be read', 'drivers, bad', /is not an ELF file/],
    ['is an archive that is cut off', 'cut.tar', /is a tar archive that is cut off/],
    ['is no package', 'x.rpm', /x\.rpm/],
    ['was built for another kernel', 'old', /built for another kernel|None of the 1 drivers/i],
  ])('never passes when a set %s', async (_, drivers, message) => {
    const old = buildModule({ imports: { kmalloc: 9 } })
    const run = await check({
      'kabi.yml': yml(drivers),
      'bad/a.ko': 'text',
      'cut.tar': new Uint8Array(100),
      'x.rpm': 'no package',
      'old/a.ko': old,
    })
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.stdout).toMatch(/^ERROR/)
    expect(run.code).toBe(3)
  })

  it('judges the drivers of a leg that ran elsewhere', async () => {
    const cwd = workspace({ ...files, 'Module.symvers': released.replace('44444444', '55555555') })
    const leg = await runMain(['collect', '--variant', 'x86_64', '--output', 'evidence'], { cwd })
    expect(leg.code).toBe(0)
    const run = await runMain(['judge', '--evidence', 'evidence'], { cwd })
    expect(run.stdout).toContain('private  in x86_64  nobody_cares 0x44444444 -> 0x55555555')
    expect(run.code).toBe(1)
  })
})

describe('kabi-gate whitelist derive', () => {
  it('takes the same sets', async () => {
    const cwd = workspace(files)
    pack(cwd, 'drivers.tar')
    for (const set of ['drivers', 'drivers.tar']) {
      const run = await runMain(['whitelist', 'derive', set], { cwd })
      expect(run.stdout).toBe('[common]\n\tkmalloc\n[pci]\n\tpci_enable_device\n[private]\n\tnobody_cares\n')
    }
  })
})

/** Packs the folder of drivers. */
function pack(cwd: string, name: string): void {
  const tar = (to: string) => execFileSync('tar', ['-caf', to, 'drivers'], { cwd })
  if (name.endsWith('.rpm')) {
    writeFileSync(
      join(cwd, name),
      buildRpm({ files: { 'drivers/extra/pci.ko': pci, 'drivers/private.ko': private_ } }),
    )
    return
  }
  if (!name.endsWith('.deb')) {
    tar(name)
    return
  }
  mkdirSync(join(cwd, 'parts'))
  writeFileSync(join(cwd, 'parts/debian-binary'), '2.0\n')
  tar('parts/data.tar.xz')
  execFileSync('ar', ['rc', '../' + name, 'debian-binary', 'data.tar.xz'], { cwd: join(cwd, 'parts') })
}
