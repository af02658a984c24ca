import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { tool } from '../../src/version.ts'
import { workspace } from '../support/workspace.ts'
import { buildModule } from '../module/build-module.ts'
import { runMain } from './run-main.ts'

const list =
  '0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n' +
  '0x00000002\tusb_submit_urb\tvmlinux\tEXPORT_SYMBOL_GPL\t\n' +
  '0x00000003\tdma_map\tvmlinux\tEXPORT_SYMBOL\tDMA\n' +
  '0x00000009\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n'

const good = buildModule({ imports: { module_layout: 9, kfree: 1 } })
const justifications = [
  '[command: ksc -k bad.ko]',
  '',
  '{other.ko@4.18.0 SMP}',
  '[NONSTABLELISTUSAGE]',
  '##########',
  '(uhci_reset)',
  '',
  'Another driver.',
  '',
  '{bad.ko@4.18.0 SMP mod_unload}',
  '[STABLELISTUSAGE]',
  'kfree',
  '[NONSTABLELISTUSAGE]',
  '##########',
  '(uhci_reset)',
  '',
  'The controller hangs',
  'without it.',
  '',
  '##########',
  '(uhci_check)',
  '',
  'ENTER JUSTIFICATION TEXT HERE',
  '',
].join('\n')
const files = {
  'good.ko.gz': gzipSync(good),
  'bad.ko': buildModule({
    imports: { module_layout: 8, kfree: 7, uhci_reset: 4, uhci_check: 5, usb_submit_urb: 2, dma_map: 3 },
    info: ['license=Proprietary', 'vermagic=6.1.0 mod_unload '],
  }),
  'core.ko': buildModule({ imports: { module_layout: 9, kfree: 1 }, exports: ['core_up'] }),
  'card.ko': buildModule({ imports: { module_layout: 9, core_up: 1 } }),
  'kabi.yml':
    'version: 1\nvariants:\n  x86_64: { arch: x86_64, whitelist: list }\n  test: { arch: x86_64, promise: none, reason: only for tests }\n',
  'ksc-result.txt': justifications,
  list,
}

const check = (args: readonly string[], more: Parameters<typeof workspace>[0] = {}) => {
  const cwd = workspace({ ...files, ...more })
  return runMain(['module', 'check', ...args], { cwd }).then((run) => ({
    ...run,
    stdout: run.stdout.replaceAll(cwd + '/', ''),
  }))
}

describe('kabi-gate module check', () => {
  it('says in the words of RHEL 5’s checker that a module uses only official ABI', async () => {
    const run = await check(['--whitelist', 'list', 'good.ko.gz'])
    expect(run.stdout).toBe(`kabi-gate module check
----------------------
ABI Checker version: ${tool.version}
Module: good.ko.gz
Kernel: not named
Whitelist: list

NOTE: Your module seems to use only official ABI.

Score: 100 % (1 of 1 kernel symbol on the whitelist)
`)
    expect(run.code).toBe(0)
  })

  describe('says what the distribution says in kabi.yml', () => {
    const note =
      'This does not constitute, and must not be presented as, a certification of your module by anybody.'
    const more = { 'kabi.yml': `${files['kabi.yml']}notes: ["${note}", "::error::<b>@everyone"]\n` }

    it('below the result', async () => {
      const { stdout, code } = await check(['--variant', 'x86_64', 'good.ko.gz', 'core.ko'], more)
      expect(stdout).toMatch(
        /; score 100 % \(1 of 1 kernel symbol\)\n\nNOTE: This does not [^\n]*\n {6}anybody\.\nNOTE: :error::<b>@everyone\n$/,
      )
      expect(code).toBe(0)
    })

    it('as data', async () => {
      const { stdout } = await check(['--variant', 'x86_64', '--json', 'good.ko.gz'], more)
      expect(JSON.parse(stdout)).toMatchObject({ notes: [note, '::error::<b>@everyone'] })
    })

    it('and nothing where no kabi.yml is asked', async () => {
      const { stdout } = await check(['--whitelist', 'list', '--json', 'good.ko.gz'], more)
      expect(JSON.parse(stdout)).toMatchObject({ notes: [] })
    })
  })

  it('names everything that is not official, with the justifications given before', async () => {
    const root = {
      'lib/modules/6.1.0/kernel/a.ko': good,
    }
    const args = [
      '-k',
      '6.1.0',
      '--root',
      '.',
      '--whitelist',
      'list',
      '--justify',
      'ksc-result.txt',
      'bad.ko',
    ]
    const run = await check(args, root)
    expect(run.stdout).toBe(`kabi-gate module check
----------------------
ABI Checker version: ${tool.version}
Module: bad.ko
Kernel: 6.1.0
Whitelist: list

WARNING: The following symbols are used by your module
WARNING: and are not on the ABI whitelist.
symbol: uhci_check
symbol: uhci_reset
  justification: The controller hangs without it.
  = help: Do without them, or ask for them: \`kabi-gate module request\` writes the request. They may
          change in any update.

WARNING: The following symbols have another checksum
WARNING: than your module was built with. It will not load.
symbol: kfree  built with 0x00000007, whitelist 0x00000001
  = help: Build the module for this kernel.

WARNING: The following symbols are in a namespace
WARNING: that your module does not import. It will not load.
symbol: dma_map  DMA
  = help: Add MODULE_IMPORT_NS with the namespace to the module’s source. A namespace that begins
          with module: is for the modules it names.

WARNING: The following symbols are for GPL-compatible modules only,
WARNING: and the license of your module is not. It will not load.
symbol: usb_submit_urb
  = help: Do without them.

WARNING: Your module was built with other options than this kernel.
WARNING: It will not load.
flags: built with "mod_unload", kernel "SMP preempt mod_unload modversions"
  = help: Build the module with the configuration of this kernel.

WARNING: The structure of modules is another one
WARNING: than your module was built with. It will not load.
symbol: module_layout  built with 0x00000008, whitelist 0x00000009
  = help: Build the module for this kernel.

Score: 60 % (3 of 5 kernel symbols on the whitelist)
`)
    expect(run.code).toBe(1)
  })

  it('does not report what one module provides to another', async () => {
    const run = await check(['--variant', 'x86_64', 'core.ko', 'card.ko'])
    expect(run.stdout).toContain('1 symbol of the other modules left out')
    expect(run.stdout).toMatch(
      /2 modules: all use only official ABI; score 100 % \(1 of 1 kernel symbol\)\n$/,
    )
    expect(run.code).toBe(0)
    expect((await check(['--variant', 'x86_64', 'card.ko'])).code).toBe(1)
  })

  it('gives the same as data', async () => {
    const run = await check(['--whitelist', 'list', '--json', 'bad.ko', '--justify', 'ksc-result.txt'])
    const report = JSON.parse(run.stdout) as { modules: { violations: unknown[] }[] }
    expect(report).toMatchObject({ result: 'violations', used: 5, protected: 3, score: 60, problems: [] })
    expect(report.modules[0]?.violations).toContainEqual({
      kind: 'checksum',
      symbol: 'kfree',
      built: '0x00000007',
      expected: '0x00000001',
      by: 'whitelist',
      namespace: null,
      loads: false,
      justification: null,
    })
    expect(report.modules[0]?.violations).toContainEqual(
      expect.objectContaining({ symbol: 'uhci_reset', justification: 'The controller hangs without it.' }),
    )
    expect(run.code).toBe(1)
  })

  it.each([
    ['usr/src/kernels/2.6.18-45.el5-x86_64/kabi_whitelist', '2.6.18-45.el5'],
    ['usr/src/kernels/2.6.18-45.el5/kabi_whitelist', '2.6.18-45.el5'],
    ['lib/modules/kabi-current/kabi_stablelist_x86_64', '4.18.0-553.el8.x86_64'],
    ['lib/modules/kabi/kabi_whitelist_x86_64', '2.6.32-71.el6.x86_64'],
    ['lib/modules/kabi-rhel86/kabi_stablelist_x86_64', '4.18.0-372.el8.x86_64'],
  ])('finds an installed whitelist: %s', async (path, release) => {
    const names = '[rhel_common]\n\tkfree\n'
    const run = await check(['-k', release, '--root', '.', 'good.ko.gz'], { [path]: names })
    expect(run.stdout).toContain(`Kernel: ${release}\nWhitelist: ${path}\n`)
    expect(run.code).toBe(0)
  })

  it('takes the newest of several releases of lists', async () => {
    const lists = {
      'lib/modules/kabi-rhel89/kabi_stablelist_x86_64': '[a]\n\tprintk\n',
      'lib/modules/kabi-rhel810/kabi_stablelist_x86_64': '[a]\n\tkfree\n',
    }
    const run = await check(['-k', '4.18.0', '--root', '.', 'good.ko.gz'], lists)
    expect(run.stdout).toContain('kabi-rhel810')
  })

  it('asks the installed kernel for the checksums that a list of names lacks', async () => {
    const root = {
      'lib/modules/kabi-current/kabi_stablelist_x86_64': '[a]\n\tkfree\n',
      'lib/modules/4.18.0.x86_64/symvers.gz': gzipSync('0x00000005\tkfree\tvmlinux\tEXPORT_SYMBOL\n'),
    }
    const run = await check(['-k', '4.18.0.x86_64', '--root', '.', 'good.ko.gz'], root)
    expect(run.stdout).toContain('symbol: kfree  built with 0x00000001, kernel 0x00000005')
    expect(run.code).toBe(1)
  })

  it('names a symbol that a table beside the kernel gives differently', async () => {
    const tables = {
      list: '[a]\n\tkfree\n',
      'k.symvers': '0x00000005\tkfree\tvmlinux\tEXPORT_SYMBOL\n',
      'ofed.symvers': '0x00000001\tkfree\t/usr/src/ofed/compat\tEXPORT_SYMBOL\n',
    }
    const args = ['--whitelist', 'list', '--symvers', 'k.symvers', '--symvers', 'ofed.symvers', 'good.ko.gz']
    const run = await check(args, tables)
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('"kfree" is given as (0x00000001')])
  })

  it.each<[string, string[], number, RegExp]>([
    ['no module', [], 2, /missing required argument/],
    ['two whitelists', ['--whitelist', 'list', '--variant', 'x86_64', 'good.ko.gz'], 2, /two whitelists/],
    [
      'a configuration beside a kernel',
      ['-k', '6.1', '--config', 'kabi.yml', 'good.ko.gz'],
      2,
      /only with --variant/,
    ],
    [
      'tables of one kernel for several variants',
      ['--symvers', 'list', 'good.ko.gz'],
      2,
      /--symvers is of one kernel/,
    ],
    ['a variant named twice', ['--variant', 'x86_64', '--variant', 'x86_64', 'good.ko.gz'], 2, /given twice/],
    [
      'several variants of which one promises nothing',
      ['--variant', 'x86_64', '--variant', 'test', 'good.ko.gz'],
      2,
      /promises nothing/,
    ],
    ['a configuration that is not there', ['--config', 'nowhere.yml', 'good.ko.gz'], 3, /nowhere\.yml/],
    ['a release that is a path', ['-k', '../..', 'good.ko.gz'], 2, /release of a kernel/],
    ['an unknown variant', ['--variant', 'ia64', 'good.ko.gz'], 2, /ia64/],
    ['a variant that promises nothing', ['--variant', 'test', 'good.ko.gz'], 2, /promises nothing/],
    ['a kernel without a list', ['-k', '9.9', '--root', '.', 'good.ko.gz'], 3, /tried .*kabi-current/],
    ['a module that is not there', ['--whitelist', 'list', 'nowhere.ko'], 3, /does not exist/],
    ['a text', ['--whitelist', 'list', 'list'], 3, /is not an ELF file/],
    ['a whitelist that is not there', ['--whitelist', 'nowhere', 'good.ko.gz'], 3, /does not exist/],
    [
      'justifications without any',
      ['--whitelist', 'list', '--justify', 'list', 'good.ko.gz'],
      3,
      /holds no justification/,
    ],
  ])('is an error for %s', async (_, args, code, message) => {
    const run = await check(args)
    expect((run.stdout + run.stderr).replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.stdout).not.toContain('official ABI')
    expect(run.code).toBe(code)
  })

  it('is an error as data, too', async () => {
    const run = await check(['--whitelist', 'list', '--json', 'list'])
    expect(JSON.parse(run.stdout)).toMatchObject({
      result: 'error',
      modules: [],
      problems: [{ kind: 'unreadable' }],
    })
    expect(run.code).toBe(3)
  })
})
