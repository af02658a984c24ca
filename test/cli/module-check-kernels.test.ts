import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildDeb } from '../module/build-deb.ts'
import { buildModule } from '../module/build-module.ts'
import { buildRpm } from '../module/rpm/build-rpm.ts'
import { workspace, type Files } from '../support/workspace.ts'
import { crcOf, list, now, old, table } from './lists-with-types.ts'
import { runMain } from './run-main.ts'

const row = (symbol: string, crc: number) => `0x0000000${crc}\t${symbol}\tvmlinux\tEXPORT_SYMBOL\t\n`
const symvers = (kfree = 1) => row('module_layout', 9) + row('kfree', kfree) + row('dev_get', 2)
const info = (release: string, flags = 'SMP preempt mod_unload modversions ') => [
  'license=GPL',
  `vermagic=${release} ${flags}`,
]
const driver = (imports: Readonly<Record<string, number>>, release = '6.1.0-1') =>
  buildModule({ imports: { module_layout: 9, ...imports }, info: info(release) })
const own = (release: string, flags?: string) =>
  buildModule({ imports: { module_layout: 9 }, info: info(release, flags) })

const files = {
  'igb.ko': driver({ kfree: 1 }),
  'ena.ko': driver({ dev_get: 2 }),
  'lib/modules/6.1.0-1/kernel/a.ko': own('6.1.0-1'),
  'lib/modules/6.1.0-1/symvers.gz': gzipSync(symvers()),
  'lib/modules/6.1.0-2/kernel/a.ko': own('6.1.0-2'),
  'lib/modules/6.1.0-10/kernel/a.ko': own('6.1.0-10'),
  'lib/modules/kabi-current/kabi_stablelist_x86_64': 'kfree\n',
  'boot/symvers-6.1.0-2.gz': gzipSync(symvers()),
  'usr/src/linux-headers-6.1.0-10/Module.symvers': symvers(5),
}

async function check(args: readonly string[], more: Files = {}) {
  const cwd = workspace({ ...files, ...more })
  const run = await runMain(['module', 'check', ...args], { cwd })
  const read = (name: string) => readFileSync(join(cwd, name), 'utf8')
  return { ...run, read }
}

interface Report {
  readonly result: string
  readonly kernels: readonly Record<string, unknown>[]
  readonly modules: readonly {
    readonly name: string
    readonly cells: readonly { state: string; reasons: number[] }[]
  }[]
  readonly reasons: readonly object[]
  readonly problems: readonly object[]
}

async function states(args: readonly string[], more: Files = {}) {
  const run = await check([...args, '--json'], more)
  const report = JSON.parse(run.stdout) as Report
  const cells = report.modules.map((one) => [one.name, ...one.cells.map(({ state }) => state)].join(' '))
  return { code: run.code, cells, report, releases: report.kernels.map(({ release }) => release) }
}

describe('kabi-gate module check --kernels', () => {
  it('tells for each driver on which of the installed kernels it loads, and why not on the others', async () => {
    const run = await check(['--kernels', 'lib/modules', 'igb.ko', 'ena.ko'])
    expect(run.stdout).toBe(`kabi-gate module check --kernels
--------------------------------

   kernel                       loads  fits  no  ?  from
1  6.1.0-1   exports 3 symbols      2     0   0  0  lib/modules/6.1.0-1
2  6.1.0-2   exports 3 symbols      0     2   0  0  lib/modules/6.1.0-2
3  6.1.0-10  exports 3 symbols      0     1   1  0  lib/modules/6.1.0-10

module  1      2     3
igb     loads  fits  no
ena     loads  fits  fits

loads: built for this kernel
fits: built for another release, and would load on this one, as weak-modules links it
no: this kernel would refuse it

Why not:
  another checksum  kfree  built with 0x00000001, kernel 0x00000005  kernel 3  igb

1 of 2 modules would not, or may not, load on all 3 kernels
`)
    expect(run.code).toBe(1)
  })

  it('passes only where every driver loads on every kernel', async () => {
    const run = await check([
      '--kernels',
      'lib/modules/6.1.0-1',
      '--kernels',
      'lib/modules/6.1.0-2',
      'igb.ko',
    ])
    expect(run.stdout).toMatch(/\n1 module: would load on all 2 kernels\n$/)
    expect(run.code).toBe(0)
  })

  it('gives the same as data', async () => {
    const { report, code } = await states(['--kernels', 'lib/modules', 'igb.ko'])
    expect(report).toMatchObject({
      schemaVersion: 1,
      result: 'violations',
      kernels: [
        { release: '6.1.0-1', arch: 'x86_64', vermagic: expect.stringContaining('SMP') as string, built: 1 },
        { release: '6.1.0-2', fits: 1 },
        { release: '6.1.0-10', refused: 1, knows: 'exports', symbols: 3 },
      ],
      modules: [
        { name: 'igb', cells: [{ state: 'built', reasons: [] }, { state: 'fits' }, { reasons: [0] }] },
      ],
      reasons: [
        {
          ...{ kind: 'checksum', symbol: 'kfree', built: '0x00000001', expected: '0x00000005' },
          ...{ namespace: null, module: null },
        },
      ],
      problems: [],
    })
    expect(code).toBe(1)
  })

  it('writes a page that needs no script, with names escaped', async () => {
    const evil = { 'x/lib/modules/6.1.0-1/symvers': symvers(5), 'p/<b>.txt': symvers() }
    const args = [
      '--kernels',
      'p/<b>.txt',
      '--kernels',
      'x',
      '-o',
      'table.html',
      '-o',
      'table.json',
      'igb.ko',
    ]
    const run = await check(args, evil)
    const page = run.read('table.html')
    expect(page).toContain('<span class="badge fail">no</span>')
    expect(page).toContain('&#60;b&#62;.txt')
    expect(page).not.toMatch(/<script|<b>\.txt|https?:/)
    expect(page).toContain("default-src 'none'")
    expect(JSON.parse(run.read('table.json'))).toMatchObject({ result: 'violations' })
    expect(run.code).toBe(1)
  })

  const place = 'usr/src/kernels/5.14.0-70.el9.x86_64/Module.symvers'
  it.each<[string, string, Files, string]>([
    [
      'a .deb of headers',
      'h.deb',
      { 'h.deb': buildDeb({ 'usr/src/linux-headers-6.1.0-47-amd64/Module.symvers': symvers() }) },
      '6.1.0-47-amd64',
    ],
    [
      'an .rpm of kernel-devel',
      'k.rpm',
      { 'k.rpm': buildRpm({ files: { [place]: Buffer.from(symvers()) } }) },
      '5.14.0-70.el9.x86_64',
    ],
    [
      'an .rpm of a kernel',
      'k.rpm',
      {
        'k.rpm': buildRpm({
          files: {
            'lib/modules/5.14.0-70/symvers.gz': gzipSync(symvers()),
            'lib/modules/5.14.0-70/kernel/a.ko': own('5.14.0-70'),
          },
        }),
      },
      '5.14.0-70',
    ],
    [
      'a package whose build wrote the release beside the table',
      'd.deb',
      {
        'd.deb': buildDeb({
          'usr/src/linux-6.4.0-obj/x86_64/default/Module.symvers': symvers(),
          'usr/src/linux-6.4.0-obj/x86_64/default/include/generated/utsrelease.h':
            '#define UTS_RELEASE "6.4.0-1-default"\n',
        }),
      },
      '6.4.0-1-default',
    ],
    [
      'a folder of packages',
      'packages',
      { 'packages/k.rpm': buildRpm({ files: { [place]: Buffer.from(symvers()) } }) },
      '5.14.0-70.el9.x86_64',
    ],
    [
      'a folder of headers',
      'usr/src/linux-headers-6.1.0-3',
      { 'usr/src/linux-headers-6.1.0-3/Module.symvers': symvers() },
      '6.1.0-3',
    ],
    [
      'a root folder with headers alone',
      'r',
      { 'r/usr/src/kernels/5.14.0-71/Module.symvers': symvers() },
      '5.14.0-71',
    ],
    [
      'a kernel’s folder below /usr/lib',
      'r/usr/lib/modules/6.1.0-4',
      { 'r/usr/lib/modules/6.1.0-4/symvers.gz': gzipSync(symvers()) },
      '6.1.0-4',
    ],
    [
      'a folder like /lib/modules',
      'm',
      { 'm/6.1.0-5/symvers': symvers(), 'm/6.1.0-5/kernel/a.ko': own('6.1.0-5') },
      '6.1.0-5',
    ],
    [
      'a list of paths',
      'l.txt',
      { 'l.txt': '# kernels\n\nsub/../m\n', 'm/6.1.0-6/symvers': symvers() },
      '6.1.0-6',
    ],
    ['a list of names beside it', 'l.txt', { 'l.txt': 'm\n', 'm/6.1.0-6/symvers': symvers() }, '6.1.0-6'],
  ])('takes %s', async (_, path, more, release) => {
    const { cells, releases, report } = await states(['--kernels', path, 'igb.ko'], more)
    expect(report.problems).toEqual([])
    expect(releases).toEqual([release])
    expect(cells).toEqual(['igb fits'])
  })

  it('takes a Module.symvers of no known release, and says what it could not compare', async () => {
    const run = await check(['--kernels', 'Module.symvers', 'igb.ko'], { 'Module.symvers': symvers() })
    expect(run.stdout).toContain(
      'not known of kernel 1, so not compared: flags\nnot known of kernel 1, so not compared: release\n',
    )
    expect(run.code).toBe(0)
  })

  it('takes whitelists with checksums: what they do not say is not known', async () => {
    const list = {
      kabi_whitelist_x86_64: 'kfree\nmodule_layout\n',
      'Module.kabi_x86_64': row('kfree', 1) + row('module_layout', 9),
    }
    const { cells, code } = await states(['--kernels', 'kabi_whitelist_x86_64', 'igb.ko', 'ena.ko'], list)
    expect([code, cells]).toEqual([1, ['igb fits', 'ena unknown']])
    const family = {
      'lists/x86_64/kabi_whitelist': '[a]\n' + symvers(),
      'lists/s390x/kabi_whitelist': '[a]\n' + symvers(7),
    }
    expect((await states(['--kernels', 'lists', 'igb.ko'], family)).cells).toEqual(['igb refused fits'])
  })

  it('compares the flags with those of the kernel’s own modules', async () => {
    const rt = {
      'r/lib/modules/6.1.0-1-rt/symvers': symvers(),
      'r/lib/modules/6.1.0-1-rt/kernel/a.ko': own('6.1.0-1-rt', 'SMP preempt_rt '),
    }
    const { cells, report } = await states(['--kernels', 'r', 'igb.ko'], rt)
    expect(cells).toEqual(['igb refused'])
    expect(report.reasons).toEqual([
      expect.objectContaining({ kind: 'vermagic', expected: 'SMP preempt_rt' }),
    ])
  })

  it('compares the flags that the configuration beside the table gives, where there is no module', async () => {
    const config =
      'CONFIG_X86_64=y\nCONFIG_MODULES=y\nCONFIG_SMP=y\nCONFIG_PREEMPT_RT=y\nCONFIG_MODVERSIONS=y\n'
    const headers = 'usr/src/linux-headers-6.1.0-9/'
    const packed = buildDeb({ [headers + 'Module.symvers']: symvers(), [headers + '.config']: config })
    const more = { 'h.deb': packed, [headers + 'Module.symvers']: symvers(), [headers + '.config']: config }
    for (const path of ['h.deb', headers + 'Module.symvers']) {
      const { cells, report } = await states(['--kernels', path, 'igb.ko'], more)
      expect(cells).toEqual(['igb refused'])
      expect(report.reasons).toEqual([
        expect.objectContaining({ kind: 'vermagic', expected: 'SMP preempt_rt modversions' }),
      ])
    }
  })

  it('refuses a driver for another machine', async () => {
    const headers = buildDeb({ 'usr/src/linux-headers-6.1.0-47-s390x/Module.symvers': symvers() }, 's390x')
    const { cells, report } = await states(['--kernels', 'h.deb', 'igb.ko'], { 'h.deb': headers })
    expect([cells, report.reasons]).toEqual([
      ['igb refused'],
      [expect.objectContaining({ kind: 'arch', built: 'x86_64', expected: 's390x' })],
    ])
  })

  it('says which module would be loaded where the kernel has one of that name', async () => {
    const shipped = {
      'lib/modules/6.1.0-1/kernel/net/igb.ko': own('6.1.0-1'),
      'lib/modules/6.1.0-1/modules.builtin': 'kernel/net/ena.ko\n',
      'etc/depmod.d/dist.conf': 'search updates extra built-in weak-updates\n',
    }
    const args = ['--kernels', 'lib/modules/6.1.0-1', '-o', 'table.html', 'igb.ko', 'ena.ko']
    const run = await check(args, shipped)
    expect(run.stdout).toContain(`
Modules of the same name:
  kernel 1  igb is installed as kernel/net/igb.ko.
    With search updates extra built-in weak-updates, depmod takes the driver from updates and extra,
    and the installed module if the driver is in weak-updates.
    To have the driver from there: override igb * weak-updates
  kernel 1  ena is built into this kernel, so no module of that name is loaded.

2 modules: would load on the kernel
`)
    expect(run.read('table.html')).toContain('override igb * weak-updates')
    expect((await states(args, shipped)).report.kernels[0]).toMatchObject({
      sameNames: [
        { module: 0, installed: ['kernel/net/igb.ko'], builtIn: false },
        { module: 1, builtIn: true },
      ],
    })
    expect((await check(args, { ...shipped, 'run/depmod.d/x.conf': 'override igb\n' })).code).toBe(3)
  })

  it('takes drivers as packages and folders, and a kernel named twice once', async () => {
    const kmod = buildRpm({ files: { 'lib/modules/6.1.0-1/extra/igb/igb.ko': driver({ kfree: 1 }) } })
    const args = ['--kernels', 'lib/modules', '--kernels', 'lib/modules/6.1.0-1', 'drivers', 'kmod.rpm']
    const { cells } = await states(args, { 'drivers/ena.ko': driver({ dev_get: 2 }), 'kmod.rpm': kmod })
    expect(cells).toEqual(['ena built fits fits', 'igb built fits refused'])
  })

  it.each<[string, string[], Files, number, RegExp]>([
    ['a kernel that is not there', ['--kernels', 'nowhere', 'igb.ko'], {}, 3, /does not exist/],
    ['a driver that is not there', ['--kernels', 'lib/modules', 'nowhere.ko'], {}, 3, /does not exist/],
    [
      'a folder without a kernel',
      ['--kernels', 'empty', 'igb.ko'],
      { 'empty/README': '' },
      3,
      /no kernel in .*found README/,
    ],
    ['an empty list', ['--kernels', 'l.txt', 'igb.ko'], { 'l.txt': '' }, 3, /has no rows/],
    [
      'a list with a path that is not there',
      ['--kernels', 'l.txt', 'igb.ko'],
      { 'l.txt': 'lib/modules\n\nnowhere/else\n' },
      3,
      /l\.txt:3/,
    ],
    [
      'a list in a list',
      ['--kernels', 'l.txt', 'igb.ko'],
      { 'l.txt': 'm.txt\n', 'm.txt': 'lib/modules\n' },
      3,
      /is a list of paths itself/,
    ],
    [
      'a list without checksums',
      ['--kernels', 'lib/modules/kabi-current/kabi_stablelist_x86_64', 'igb.ko'],
      {},
      3,
      /without a baseline checksum/,
    ],
    [
      'an installed kernel without symbols',
      ['--kernels', 'm', 'igb.ko'],
      { 'm/6.1.0-9/kernel/a.ko': own('6.1.0-9') },
      3,
      /tried .*6\.1\.0-9/,
    ],
    [
      'a package without symbols',
      ['--kernels', 'k.rpm', 'igb.ko'],
      { 'k.rpm': buildRpm({ files: { 'boot/vmlinuz': Buffer.from('') } }) },
      3,
      /"[^"]*k\.rpm" has none/,
    ],
    [
      'a package of two kernels',
      ['--kernels', 'k.rpm', 'igb.ko'],
      {
        'k.rpm': buildRpm({
          files: {
            'lib/modules/6.1/symvers': Buffer.from(symvers()),
            'lib/modules/6.2/symvers': Buffer.from(symvers()),
          },
        }),
      },
      3,
      /those of several kernels: "6\.1", "6\.2"/,
    ],
    [
      'a package that is cut off',
      ['--kernels', 'h.deb', 'igb.ko'],
      { 'h.deb': buildDeb({ 'usr/src/linux-headers-6.1/Module.symvers': symvers() }).subarray(0, 300) },
      3,
      /h\.deb/,
    ],
    [
      'a damaged table',
      ['--kernels', 'Module.symvers', 'igb.ko'],
      { 'Module.symvers': symvers() + 'half\n' },
      3,
      /Module\.symvers:4/,
    ],
    [
      'a damaged table in a package',
      ['--kernels', 'h.deb', 'igb.ko'],
      { 'h.deb': buildDeb({ 'usr/src/linux-headers-6.1/Module.symvers': symvers() + 'half\n' }) },
      3,
      /Module\.symvers:4/,
    ],
    [
      'an output of no known form',
      ['--kernels', 'lib/modules', '-o', 'table.pdf', 'igb.ko'],
      {},
      2,
      /format cannot be told/,
    ],
    [
      'an output that cannot be written',
      ['--kernels', 'lib/modules', '-o', 'igb.ko/table.html', 'igb.ko'],
      {},
      3,
      /cannot be written/,
    ],
    [
      'an output without kernels',
      ['--whitelist', 'l', '-o', 'table.html', 'igb.ko'],
      {},
      2,
      /only with --kernels/,
    ],
    [
      'a page without kernels',
      ['--whitelist', 'l', '--format', 'html', 'igb.ko'],
      {},
      2,
      /only with --kernels/,
    ],
    [
      'another way to name a kernel',
      ['--kernels', 'lib/modules', '-k', '6.1', 'igb.ko'],
      {},
      2,
      /does not go together/,
    ],
    [
      'a whitelist beside the kernels',
      ['--kernels', 'lib/modules', '--whitelist', 'l', 'igb.ko'],
      {},
      2,
      /does not go together/,
    ],
  ])('is an error for %s', async (_, args, more, code, message) => {
    const run = await check(args, more)
    expect((run.stdout + run.stderr).replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.stdout).not.toContain('would load')
    expect(run.code).toBe(code)
  })

  it('leaves no page of an earlier run that reads as this one’s', async () => {
    const run = await check(['--kernels', 'nowhere', '-o', 'table.html', 'igb.ko', '--json'], {
      'table.html': 'LOADS',
    })
    expect(run.read('table.html')).toContain('ERROR')
    expect(JSON.parse(run.stdout)).toMatchObject({ result: 'error', problems: [{ kind: 'unreadable' }] })
    expect(run.code).toBe(3)
  })
})

describe('module check --kernels, with whitelists', () => {
  const imports = (types: typeof old) => ({
    f: crcOf(types, 'f'),
    h: crcOf(types, 'h'),
    i: crcOf(types, 'i'),
  })
  const drivers = {
    'dev.ko': buildModule({ imports: imports(old), info: info('6.1.0-1') }),
    'next.ko': buildModule({ imports: imports(now), info: info('6.1.0-2') }),
  }
  const lists = { ...list('old', old), ...list('new', now), ...drivers }

  it('says which definitions are behind the checksums that do not fit, where types stand beside the lists', async () => {
    const run = await check(['--kernels', 'old', '--kernels', 'new', 'dev.ko', 'next.ko'], lists)
    expect(run.code).toBe(1)
    const text = run.stdout.replaceAll(/ +/g, ' ')
    expect(text).toMatch(/ f built with 0x\w+, whitelist 0x\w+, because of struct dev kernel 2 dev\n/)
    expect(text).toMatch(
      / h built with 0x\w+, whitelist 0x\w+, because of struct dev, struct bus kernel 2 dev\n/,
    )
    expect(text).toMatch(/ i built with 0x\w+, whitelist 0x\w+, because of struct bus kernel 1 next\n/)
    const page = await check(['--kernels', 'old', '--kernels', 'new', 'dev.ko', '--format', 'html'], lists)
    expect(page.stdout).toContain(', because of struct dev, struct bus</td>')
    const { report } = await states(['--kernels', 'old', '--kernels', 'new', 'dev.ko'], lists)
    expect(report.reasons).toMatchObject([
      { symbol: 'f', causes: ['struct dev'] },
      { symbol: 'h', causes: ['struct dev', 'struct bus'] },
      { symbol: 'i', causes: ['struct bus'] },
    ])
  })

  it.each([
    ['no types stand beside one', { 'new/x86_64/symtypes.gz': undefined }],
    ['the list that it was built for is not among them', { 'old/x86_64/kabi_whitelist': table(now) }],
  ])('names no definition where %s', async (_, change) => {
    const all = Object.entries({ ...lists, ...change }).filter(([, content]) => content !== undefined)
    const run = await check(
      ['--kernels', 'old', '--kernels', 'new', 'dev.ko'],
      Object.fromEntries(all) as Files,
    )
    expect(run.code).toBe(1)
    expect(run.stdout).toContain(' f ')
    expect(run.stdout).not.toContain('because of')
  })
})
