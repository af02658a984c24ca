import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
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

  describe('without --symvers', () => {
    const release = '5.14.0-70.el9.x86_64'
    const module = (vermagic: string) =>
      buildModule({ info: [`vermagic=${vermagic} SMP modversions`], imports: { kfree: 1 } })

    it.each([
      `lib/modules/${release}/symvers.gz`,
      `boot/symvers-${release}.gz`,
      `usr/src/kernels/${release}/Module.symvers`,
      `lib/modules/${release}/build/Module.symvers`,
    ])('requires reads %s of the kernel that the module was built for', async (place) => {
      const content = place.endsWith('.gz') ? gzipSync(symvers) : symvers
      const cwd = workspace({ [`root/${place}`]: content, 'a.ko': module(release) })
      expect(await deps(['requires', 'a.ko', '--root', 'root'], cwd)).toEqual({
        code: 0,
        stdout: 'kernel(kfree) = 0x00000001\n',
        stderr: '',
      })
    })

    it.each<[string, Readonly<Record<string, Uint8Array>>, RegExp]>([
      [
        'a kernel that is not installed',
        { 'a.ko': module(release) },
        /None is installed.*tried .*usr\/src\/kernels/s,
      ],
      [
        'modules of two kernels',
        { 'a.ko': module(release), 'b.ko': module('6.1') },
        /several kernels: "5\.14.*"6\.1"/,
      ],
      [
        'a vermagic that leads elsewhere',
        { 'a.ko': module('../../etc') },
        /name no kernel: .*"\.\.\/\.\.\/etc"/,
      ],
      [
        'a module without vermagic',
        { 'a.ko': buildModule({ info: [], imports: { kfree: 1 } }) },
        /name no kernel/,
      ],
    ])('%s is an error', async (_, modules, message) => {
      const cwd = workspace({ ...modules, 'root/README': '' })
      const { code, stdout, stderr } = await deps(
        ['requires', ...Object.keys(modules), '--root', 'root'],
        cwd,
      )
      expect(stderr).toMatch(message)
      expect([code, stdout]).toEqual([3, ''])
    })
  })

  it('what a module beside this one exports is never asked of the kernel', async () => {
    const cwd = workspace({
      ...files,
      'user.ko': buildModule({ imports: { kfree: 1, usb_get: 7 } }),
      'usb.ko': buildModule({ exports: ['usb_get'], crcs: { usb_get: 7 } }),
    })
    const alone = ['requires', 'user.ko', '--symvers', 'Module.symvers', '--generator', 'rhel7']
    expect((await deps(alone, cwd)).stdout).toContain('kernel(usb_get) = 0x00000005\n')
    const { stdout } = await deps([...alone, '--beside', 'usb.ko'], cwd)
    expect(stdout).toBe('kernel(kfree) = 0x00000001\nksym(usb_get) = 0x00000007\n')
    expect((await deps([...alone, '--beside', 'gone.ko'], cwd)).code).toBe(3)
  })

  describe('with the tables of a kernel and of what is installed beside it', () => {
    const joined = {
      ...files,
      'ofed.symvers':
        '0x00000007\tusb_get\t/usr/src/ofed/usbcore\tEXPORT_SYMBOL\t\n0x00000003\tpeer\t/usr/src/ofed/peer\tEXPORT_SYMBOL\t\n',
      'own.ko': buildModule({ imports: { kfree: 1, usb_get: 5, peer: 3 } }),
      'ofed.ko': buildModule({ imports: { kfree: 1, usb_get: 7, peer: 3 } }),
      'none.ko': buildModule({ imports: { kfree: 1, usb_get: 8, peer: 3 } }),
      list: '[g]\n\tusb_get\n',
    }
    const tables = ['--symvers', 'ofed.symvers', '--symvers', 'Module.symvers']
    const requires = async (ko: string, generator: string) => {
      const { code, stdout, stderr } = await deps(
        ['requires', ko, ...tables, '--generator', generator],
        workspace(joined),
      )
      expect([code, stderr]).toEqual([0, expect.stringMatching(/usb_get.*is given as/)])
      return stdout.trim().split('\n')
    }

    it('the checksum of the module tells which row it means', async () => {
      const kfree = 'kernel(kfree) = 0x00000001'
      const peer = 'ksym(peer) = 0x00000003'
      for (const generator of ['rhel', 'rhel7']) {
        expect(await requires('own.ko', generator)).toEqual([kfree, 'kernel(usb_get) = 0x00000005', peer])
        expect(await requires('ofed.ko', generator)).toEqual([kfree, peer, 'ksym(usb_get) = 0x00000007'])
      }
      // RHEL 6 and 7 ask the kernel for a symbol whose checksum nobody has.
      expect(await requires('none.ko', 'rhel')).toEqual([kfree, peer, 'ksym(usb_get) = 0x00000008'])
      expect(await requires('none.ko', 'rhel7')).toEqual([kfree, 'kernel(usb_get) = 0x00000005', peer])
    })

    it('what is beside the kernel is none of its package', async () => {
      const cwd = workspace(joined)
      const rhel = await deps(['provides', ...tables], cwd)
      expect(rhel.stdout).toBe('kernel(kfree) = 0x00000001\nkernel(module_layout) = 0x00000009\n')
      const rhel7 = await deps(['provides', ...tables, '--generator', 'rhel7'], cwd)
      expect(rhel7.stdout.split('\n').slice(2, -1)).toEqual([
        'kernel(usb_get) = 0x00000005',
        'ksym(usb_get) = 0x00000007',
        'ksym(peer) = 0x00000003',
      ])
      expect([rhel7.code, rhel7.stderr]).toEqual([0, expect.stringContaining('usb_get')])
    })

    it('groups are those of the kernel', async () => {
      const cwd = workspace(joined)
      const args = ['provides', '--whitelist', 'list', '--symvers', 'Module.symvers']
      expect((await deps([...args, '--symvers', 'ofed.symvers'], cwd)).stdout).toBe(
        (await deps(args, cwd)).stdout,
      )
    })

    it('two kernels are refused', async () => {
      const other = workspace({ ...files, 'other.symvers': symvers.replace('0x00000001', '0x00000002') })
      for (const command of [['requires', 'igb.ko.gz'], ['provides']]) {
        const { code, stdout, stderr } = await deps(
          [...command, '--symvers', 'Module.symvers', '--symvers', 'other.symvers'],
          other,
        )
        expect([code, stdout, stderr]).toEqual([
          3,
          '',
          expect.stringContaining('Give the tables of one kernel'),
        ])
      }
    })
  })

  it.each<[string, string[], number, RegExp]>([
    ['nothing to print', ['provides'], 2, /Nothing to print/],
    ['suse without its flavour', ['provides', '--symvers', 'a', '--generator', 'suse'], 2, /needs --flavour/],
    ['a flavour for others', ['provides', '--symvers', 'a', '--flavour', 'rt'], 2, /belongs to/],
    ['groups of modules', ['provides', 'igb.ko.gz', '--symvers', 'a', '--whitelist', 'b'], 2, /RHEL 5/],
    ['no symvers', ['requires', 'igb.ko.gz', '--root', '.'], 3, /name the file with --symvers/],
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

/**
 * Folders with a distribution’s own find-provides.ksyms and find-requires.ksyms: KABI_KSYMS_GENERATORS is `style=folder`, several with
 * spaces between them. They are compared where the scripts can see what modules export: where the
 * checksums are absolute symbols, as in 5.10 on x86, and no longer in 6.1.
 */
const scripts = (process.env['KABI_KSYMS_GENERATORS'] ?? '')
  .split(' ')
  .filter(Boolean)
  .map((pair) => pair.split('=') as [string, string])
/** A folder as `lib/modules/<release>`; its symvers is where those scripts look, in /usr/src/kernels/<release>. */
const installed = process.env['KABI_MODULES_OF_GENERATORS'] ?? ''

describe.skipIf(scripts.length === 0 || installed === '')(
  'deps prints (needs KABI_KSYMS_GENERATORS and KABI_MODULES_OF_GENERATORS)',
  { timeout: 600_000 },
  () => {
    const release = /lib\/modules\/([^/]+)/.exec(installed)?.[1] ?? ''
    const files =
      installed === '' ? '' : execFileSync('find', [installed, '-name', '*.ko'], { encoding: 'utf8' })
    const modules = files.trim().split('\n').sort().slice(0, 200)
    const env = { ...process.env, LC_ALL: 'C', RPM_BUILD_ROOT: installed.replace(/\/lib\/modules\/.*/, '') }
    const generate = (folder: string, script: string) =>
      execFileSync(join(folder, script), {
        ...{ input: modules.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1e9, env },
        stdio: ['pipe', 'pipe', 'ignore'],
      })
    const styleOf = (name: string) => [
      ...['--generator', name],
      ...(name === 'suse' ? ['--flavour', release.replace(/.*-/, '')] : []),
    ]

    it.each(scripts)('what the generator %s in %s says that modules require', async (name, folder) => {
      const of = ['--symvers', join('/usr/src/kernels', release, 'Module.symvers')]
      const { stdout } = await deps(['requires', ...modules, ...of, ...styleOf(name)])
      expect(stdout).toBe(generate(folder, 'find-requires.ksyms'))
      expect(stdout.length).toBeGreaterThan(1000)
    })

    // SUSE's asks a tool that only its own kernels have. The others sort within a module; rpm sorts all.
    it.each(scripts.filter(([name]) => name !== 'suse'))(
      'what the generator %s in %s says that modules provide',
      async (name, folder) => {
        const { stdout } = await deps(['provides', ...modules, ...styleOf(name)])
        const lines = (text: string) => text.split('\n').toSorted()
        expect(lines(stdout)).toEqual(lines(generate(folder, 'find-provides.ksyms')))
        expect(stdout.length).toBeGreaterThan(1000)
      },
    )
  },
)
