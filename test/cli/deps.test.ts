import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, test } from 'vitest'
import { dataPath, describeRealData } from '../abi/real-data.ts'
import { workspace } from '../support/workspace.ts'
import { buildModule } from '../module/build-module.ts'
import { runMain } from './run-main.ts'

const symvers =
  '0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n0x00000009\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n' +
  '0x00000005\tusb_get\tdrivers/usb/usbcore\tEXPORT_SYMBOL_GPL\t\n'

const files = {
  'Module.symvers': symvers,
  'igb.ko.gz': gzipSync(buildModule({ imports: { module_layout: 9, kfree: 1, i2c_transfer: 2 } })),
  'notes.txt': 'no module\n',
}

const deps = (args: readonly string[], cwd = workspace(files)) => runMain(['deps', ...args], { cwd })

describe('kabi-gate deps', () => {
  it('provides prints the exports of the kernel image', async () => {
    const { code, stdout, stderr } = await deps(['provides', '--symvers', 'Module.symvers'])
    expect(stdout).toBe('kernel(kfree) = 0x00000001\nkernel(module_layout) = 0x00000009\n')
    expect([code, stderr]).toEqual([0, ''])
  })

  it('requires prints what a module imports', async () => {
    const { code, stdout } = await deps(['requires', 'igb.ko.gz', '--symvers', 'Module.symvers'])
    expect(stdout).toBe(
      'kernel(kfree) = 0x00000001\nkernel(module_layout) = 0x00000009\nksym(i2c_transfer) = 0x00000002\n',
    )
    expect(code).toBe(0)
  })

  it.each<[string, string[], number, RegExp]>([
    ['nothing to print', ['provides'], 2, /Nothing to print/],
    ['suse without its flavour', ['provides', '--symvers', 'a', '--generator', 'suse'], 2, /needs --flavour/],
    ['a flavour for others', ['provides', '--symvers', 'a', '--flavour', 'rt'], 2, /belongs to/],
    ['groups of modules', ['provides', 'igb.ko.gz', '--symvers', 'a', '--whitelist', 'b'], 2, /RHEL 5/],
    ['no symvers', ['requires', 'igb.ko.gz'], 2, /--symvers/],
    ['a missing symvers', ['requires', 'igb.ko.gz', '--symvers', 'gone'], 3, /does not exist/],
    ['a text file as module', ['requires', 'notes.txt', '--symvers', 'Module.symvers'], 3, /not an ELF file/],
    ['a text file as module', ['provides', 'notes.txt'], 3, /not an ELF file/],
    [
      'a list without groups',
      ['provides', '--symvers', 'Module.symvers', '--whitelist', 'Module.symvers'],
      2,
      /no \[section\]/,
    ],
  ])('refuses %s, with nothing on standard output', async (_, args, code, message) => {
    const run = await deps(args)
    expect(run.stderr).toMatch(message)
    expect([run.code, run.stdout]).toEqual([code, ''])
  })
})

describeRealData('the groups of RHEL 5', () => {
  it('have all hashes that Red Hat published', async () => {
    const { stdout } = await deps([
      ...['provides', '--symvers', dataPath('rhel5', 'Module.kabi_x86_64')],
      ...['--whitelist', dataPath('rhel5', 'kabi_whitelist_x86_64')],
    ])
    const printed = new Set(stdout.split('\n'))
    const published = readFileSync(dataPath('rhel5', 'published-group-hashes.x86_64.txt'), 'utf8').trim()
    const lines = published.split('\n')
    expect(lines).toHaveLength(17)
    expect(lines.filter((line) => !printed.has(line))).toEqual([])
  })
})

/** A folder with a distribution’s own find-provides.ksyms and find-requires.ksyms. */
const scripts = process.env['KABI_KSYMS_GENERATORS'] ?? '/usr/lib/rpm/redhat'
/** A folder as `lib/modules/<release>`; its symvers is where those scripts look, in /usr/src/kernels/<release>. */
const installed = process.env['KABI_MODULES']

function agreesWithGenerators(folder: string): void {
  const modules = execFileSync('find', [folder, '-name', '*.ko'], { encoding: 'utf8' }).trim().split('\n')
  const [some, input] = [modules.sort().slice(0, 40), modules.slice(0, 40).join('\n') + '\n']
  const generate = (script: string) =>
    execFileSync(join(scripts, script), { input, encoding: 'utf8', maxBuffer: 1e9 })

  it(`as find-provides.ksyms does, for ${some.length} modules`, async () => {
    const { stdout } = await deps(['provides', ...some])
    expect(stdout).toBe(generate('find-provides.ksyms'))
    expect(stdout.length).toBeGreaterThan(100)
  })

  it(`as find-requires.ksyms does, for ${some.length} modules`, async () => {
    const release = /lib\/modules\/([^/]+)/.exec(folder)?.[1] ?? ''
    const of = join('/usr/src/kernels', release, 'Module.symvers')
    const { stdout } = await deps(['requires', ...some, '--symvers', of])
    expect(stdout).toBe(generate('find-requires.ksyms'))
    expect(stdout.length).toBeGreaterThan(1000)
  })
}

describe('deps prints', () => {
  if (!existsSync(join(scripts, 'find-requires.ksyms'))) {
    test.skip(`needs the scripts of kernel-rpm-macros in ${scripts}, or KABI_KSYMS_GENERATORS`)
  } else if (installed === undefined) test.skip('needs KABI_MODULES, a folder lib/modules/<release>')
  else agreesWithGenerators(installed)
})
