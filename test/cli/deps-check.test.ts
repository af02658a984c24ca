import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasProgram } from '../support/packaging.ts'
import { workspace } from '../support/workspace.ts'
import { buildModule } from '../module/build-module.ts'
import { buildIso } from '../module/disk/build-iso.ts'
import { buildRpm, dependency } from '../module/rpm/build-rpm.ts'
import { runMain } from './run-main.ts'

const row = (crc: string, symbol: string) => `${crc}\t${symbol}\tvmlinux\tEXPORT_SYMBOL\t\n`
const symvers = row('0x00000001', 'kfree') + row('0x00000009', 'module_layout')
const patched = symvers.replace('0x00000001', '0x00000005')

const release = '5.14.0-70.el9.x86_64'
const info = [`vermagic=${release} SMP mod_unload modversions`]
const igb = buildModule({
  info,
  imports: { module_layout: 9, kfree: 1 },
  exports: ['igb_do'],
  crcs: { igb_do: 7 },
})
const user = buildModule({ info, imports: { module_layout: 9, igb_do: 7 } })

const igbRpm = buildRpm({
  requires: ['kernel(kfree) = 0x00000001', 'kernel(module_layout) = 0x00000009', '/bin/sh'].map(dependency),
  provides: ['ksym(igb_do) = 0x00000007', 'kernel-modules >= 5.14.0'].map(dependency),
  files: { [`./lib/modules/${release}/extra/igb.ko`]: igb },
})

const userRpm = buildRpm({
  name: 'kmod-user',
  requires: ['ksym(igb_do) = 0x00000007', 'kernel(module_layout) = 0x00000009'].map(dependency),
  provides: [dependency('kernel-modules >= 5.14.0')],
  files: { [`./lib/modules/${release}/extra/user.ko`]: user },
})

const disk = {
  rhdd3: Buffer.from('Drivers for igb\n'),
  'rpms/x86_64/kmod-igb.rpm': igbRpm,
  'rpms/x86_64/kmod-user.rpm': userRpm,
  'modules/extra.ko': igb,
}

const files = {
  'Module.symvers': symvers,
  'patched.symvers': patched,
  'igb.rpm': igbRpm,
  'user.rpm': userRpm,
  'disk.iso': buildIso(disk),
  'notes.txt': 'no package\n',
}

const check = (args: readonly string[], cwd = workspace(files)) =>
  runMain(['deps', 'check', ...args], { cwd })

describe('kabi-gate deps check', () => {
  it('passes a package whose symbols are all there', async () => {
    const cwd = workspace(files)
    const { code, stdout, stderr } = await check(['igb.rpm', '--symvers', 'Module.symvers'], cwd)
    expect(stdout).toBe(
      `kmod-igb-1.0-1.el9.x86_64, built for ${release}
  igb.rpm
  2 symbols required, all there
  lib/modules/${release}/extra/igb.ko
    2 symbols, all there

PASS: 1 package with 1 module would install and load on the kernel of Module.symvers
`,
    )
    expect([code, stderr]).toEqual([0, ''])
  })

  it('tells a changed checksum, in the package and in its module', async () => {
    const { code, stdout } = await check(['igb.rpm', '--symvers', 'patched.symvers'])
    expect(stdout).toContain('would not install: 1 of 2 required symbols not there')
    expect(stdout).toContain('    kernel(kfree) = 0x00000001  the kernel has 0x00000005\n')
    expect(stdout).toContain('    would not load: 1 of 2 symbols\n    kfree  needs 0x00000001')
    expect(stdout).toContain('BREAK: 1 of 1 package with 1 module')
    expect(code).toBe(1)
  })

  it('a package that needs another one passes only beside it', async () => {
    const alone = await check(['user.rpm', '--symvers', 'Module.symvers'])
    expect(alone.stdout).toContain('    ksym(igb_do) = 0x00000007  missing\n')
    expect(alone.code).toBe(1)
    expect((await check(['user.rpm', 'igb.rpm', '--symvers', 'Module.symvers'])).code).toBe(0)
  })

  it('does not pass a package that asks for nothing while its modules need symbols', async () => {
    const need = { [`./lib/modules/${release}/extra/user.ko`]: user }
    const cwd = workspace({
      ...files,
      'none.rpm': buildRpm({ requires: [dependency('/bin/sh'), dependency('kernel >= 5.14')], files: need }),
      'own.rpm': buildRpm({ requires: [dependency(`kernel-uname-r = ${release}`)], files: need }),
    })
    const none = await check(['none.rpm', 'igb.rpm', '--symvers', 'Module.symvers'], cwd)
    expect(none.stdout).toContain(
      '  its modules need 2 symbols, the package asks for none: rpm would install it anywhere\n',
    )
    expect(none.stdout).toContain('BREAK: 1 of 2 packages with 2 modules would not')
    expect(none.stdout).toContain(', or would install on any\n')
    expect(none.code).toBe(1)
    const own = await check(['own.rpm', 'igb.rpm', '--symvers', 'Module.symvers'], cwd)
    expect(own.code).toBe(0)
  })

  it('lists required checksums that none of the modules needs any more', async () => {
    const requires = ['kernel(kfree) = 0x00000001', 'kernel(module_layout) = 0x00000008', 'kernel(gone)']
    const file = { [`./lib/modules/${release}/extra/igb.ko`]: igb }
    const cwd = workspace({
      ...files,
      'old.symvers': symvers.replace('0x00000009', '0x00000008') + row('0x00000003', 'gone'),
      'old.rpm': buildRpm({ requires: requires.map(dependency), files: file }),
    })
    const { stdout } = await check(['old.rpm', '--symvers', 'old.symvers'], cwd)
    expect(stdout).toContain(`  3 symbols required, all there
  obsolete: 2 required symbols that none of its modules needs
    kernel(gone)
    kernel(module_layout) = 0x00000008
`)
    const json = await check(['old.rpm', '--symvers', 'old.symvers', '--json'], cwd)
    expect(json.stdout).toMatch(/"obsolete": \[\s*"kernel\(gone\)"/)
  })

  it('reads a driver disk, an image or a folder, alike', async () => {
    const image = await check(['disk.iso', '--symvers', 'Module.symvers'])
    expect(image.stdout).toMatch(/^Driver disk disk\.iso, rpms\/x86_64: Drivers for igb\n/)
    expect(image.stdout).toContain('  for the installer: kernel-modules >= 5.14.0\n')
    expect(image.stdout).toContain('PASS: 2 packages with 3 modules')
    expect(image.code).toBe(0)
    const cwd = workspace({
      ...files,
      ...Object.fromEntries(Object.entries(disk).map(([k, v]) => [`disk/${k}`, v])),
    })
    const folder = await check(['disk', '--symvers', 'Module.symvers'], cwd)
    const withoutName = (text: string) => text.replace(/^.*\n/, '')
    expect(withoutName(folder.stdout)).toBe(withoutName(image.stdout))
    expect((await check(['disk', '--symvers', 'patched.symvers'], cwd)).code).toBe(1)
  })

  const onDisk = (rpm: Parameters<typeof buildRpm>[0], path = 'rpms/x86_64/kmod.rpm') => ({
    [path]: buildRpm({ requires: [dependency('kernel(kfree) = 0x00000001')], ...rpm }),
  })
  const module = { [`./lib/modules/${release}/extra/igb.ko`]: buildModule({ info, imports: { kfree: 1 } }) }
  const provides = [dependency('kernel-modules >= 5.14.0')]

  it.each<[string, Record<string, Buffer>, string]>([
    [
      'that does not provide kernel-modules',
      onDisk({ files: module }),
      'the installer passes it over: it does not provide kernel-modules',
    ],
    [
      'of modules that is for the installer itself only',
      onDisk({ files: module, provides: [dependency('installer-enhancement = 19.0')] }),
      'the installer passes it over: it does not provide kernel-modules',
    ],
    [
      'that provides kernel-modules without a version',
      onDisk({ files: module, provides: [dependency('kernel-modules')] }),
      'the installer passes it over: it provides kernel-modules without a version, which fits no kernel',
    ],
    [
      'of another architecture',
      onDisk({ files: module, provides, arch: 's390x' }),
      'the package is for another architecture: s390x',
    ],
    [
      'with a module of another architecture',
      onDisk({
        files: {
          [`./lib/modules/${release}/a.ko`]: buildModule({ machine: 183, info, imports: { kfree: 1 } }),
        },
        provides,
        arch: 'noarch',
      }),
      `lib/modules/${release}/a.ko is for another architecture: aarch64`,
    ],
    [
      'with a module below /usr',
      onDisk({
        files: {
          [`./usr/lib/modules/${release}/a.ko`]: igb,
        },
        provides,
      }),
      `the installer does not load usr/lib/modules/${release}/a.ko: it is not below /lib/modules`,
    ],
    [
      'in a folder below',
      onDisk({ files: module, provides }, 'rpms/x86_64/more/kmod.rpm'),
      'the installer does not see it: it looks for packages in rpms/<arch>, and not in folders below or for hidden files',
    ],
    [
      'that is hidden',
      onDisk({ files: module, provides }, 'rpms/x86_64/.kmod.rpm'),
      'the installer does not see it',
    ],
  ])('does not pass a disk with a package %s', async (_, packages, why) => {
    const cwd = workspace({ ...files, 'dd.iso': buildIso({ rhdd3: disk.rhdd3, ...packages }) })
    const { code, stdout } = await check(['dd.iso', '--symvers', 'Module.symvers'], cwd)
    expect(stdout).toContain(`  ${why}`)
    expect(stdout).toContain('BREAK: 1 of 1 package with 1 module would not install or load')
    expect(stdout).toMatch(/, or the installer would not use them\n$/)
    expect(code).toBe(1)
    const json = await check(['dd.iso', '--symvers', 'Module.symvers', '--json'], cwd)
    expect(JSON.parse(json.stdout)).toMatchObject({
      result: 'break',
      targets: [{ packages: [{ unmet: [] }] }],
    })
  })

  it('passes what is for the installer itself, without modules, in the version that it has', async () => {
    const diskFor = (text: string) =>
      buildIso({
        rhdd3: disk.rhdd3,
        'rpms/x86_64/tool.rpm': buildRpm({ name: 'tool', provides: [dependency(text)] }),
      })
    const run = (text: string) =>
      check(['dd.iso', '--symvers', 'Module.symvers'], workspace({ ...files, 'dd.iso': diskFor(text) }))
    const taken = await run('installer-enhancement = 19.0')
    expect(taken.stdout).toContain('  for the installer itself\n')
    expect(taken.code).toBe(0)
    const other = await run('installer-enhancement = 20.0')
    expect(other.stdout).toContain('it does not provide kernel-modules')
    expect(other.code).toBe(1)
  })

  it('of a disk for several architectures, one has to be named', async () => {
    const cwd = workspace({ ...files, 'two.iso': buildIso({ ...disk, 'rpms/s390x/kmod-igb.rpm': userRpm }) })
    const without = await check(['two.iso', '--symvers', 'Module.symvers'], cwd)
    expect(without.stderr).toMatch(/has packages for "s390x", "x86_64"/)
    expect([without.code, without.stdout]).toEqual([2, ''])
    const named = await check(['two.iso', '--symvers', 'Module.symvers', '--arch', 'x86_64'], cwd)
    expect(named.code).toBe(0)
    expect((await check(['two.iso', '--symvers', 'Module.symvers', '--arch', 'ia64'], cwd)).code).toBe(2)
  })

  it('prints JSON', async () => {
    const { stdout } = await check(['igb.rpm', '--symvers', 'patched.symvers', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      result: 'break',
      targets: [
        {
          packages: [
            {
              label: 'kmod-igb-1.0-1.el9.x86_64',
              releases: [release],
              unmet: [{ kind: 'changed', needed: '0x00000001', found: '0x00000005' }],
            },
          ],
        },
      ],
    })
  })

  it('groups of RHEL 5 need their list, and are met or not by their hash', async () => {
    const list = '[rhel5_mm_ga]\n\tkfree\n'
    // printf 0x00000001 | sha1sum
    const hash = '5495a92ce9186fa5351c8428d3cfe60c5d3b5f58'
    const rpm = buildRpm({ requires: [dependency(`kernel(rhel5_mm_ga) = ${hash}`)] })
    const cwd = workspace({ ...files, 'group.rpm': rpm, list })
    const run = (symversFile: string, more: readonly string[]) =>
      check(['group.rpm', '--symvers', symversFile, ...more], cwd)
    expect((await run('Module.symvers', [])).stdout).toContain('give its list with --whitelist')
    expect((await run('Module.symvers', ['--whitelist', 'list'])).code).toBe(0)
    const other = await run('patched.symvers', ['--whitelist', 'list'])
    expect(other.stdout).toMatch(new RegExp(`${hash}  the kernel has [0-9a-f]{40}\n`))
    expect(other.code).toBe(1)
  })

  describe('with the table of what is installed beside the kernel', () => {
    const beside = {
      ...files,
      'ofed.symvers': '0x00000007\tkfree\t/usr/src/ofed/compat\tEXPORT_SYMBOL\t\n',
      'ofed.rpm': buildRpm({
        requires: ['ksym(kfree) = 0x00000007', 'kernel(module_layout) = 0x00000009'].map(dependency),
        files: {
          [`./lib/modules/${release}/extra/x.ko`]: buildModule({
            info,
            imports: { module_layout: 9, kfree: 7 },
          }),
        },
      }),
      'wrong.rpm': buildRpm({ requires: ['kernel(kfree) = 0x00000007'].map(dependency), files: {} }),
      'other.rpm': buildRpm({ requires: ['ksym(kfree) = 0x00000008'].map(dependency), files: {} }),
    }
    const both = ['--symvers', 'Module.symvers', '--symvers', 'ofed.symvers']

    it('takes either row, and says that there are two', async () => {
      const { code, stdout, stderr } = await check(['igb.rpm', 'ofed.rpm', ...both], workspace(beside))
      expect([code, stdout]).toEqual([0, expect.stringContaining('PASS: 2 packages')])
      expect(stderr).toContain('"kfree" is given as (0x00000007')
      expect((await check(['ofed.rpm', '--symvers', 'Module.symvers'], workspace(beside))).code).toBe(1)
    })

    it('asks the kernel alone for what only its package provides', async () => {
      const { code, stdout } = await check(['wrong.rpm', ...both], workspace(beside))
      expect([code, stdout]).toEqual([1, expect.stringContaining('the kernel has 0x00000001')])
      expect((await check(['other.rpm', ...both], workspace(beside))).code).toBe(1)
    })
  })

  it.each<[string, string]>([
    ['kernel(kfree) >= 0x00000001', 'not understood'],
    ['kernel(no symbol) = 0x00000001', 'not understood'],
    ['kernel(kfree) = something', 'not understood'],
    ['kernel(gone)', 'missing'],
  ])('%s is never taken for met', async (text, why) => {
    const cut = text.lastIndexOf(') ')
    const [name, sign, version] =
      cut < 0 ? [text] : [text.slice(0, cut + 1), ...text.slice(cut + 2).split(' ')]
    const rpm = buildRpm({
      requires: [{ ...dependency(`x ${sign ?? ''} ${version ?? ''}`), name }],
    })
    const { code, stdout } = await check(
      ['x.rpm', '--symvers', 'Module.symvers'],
      workspace({ ...files, 'x.rpm': rpm }),
    )
    expect(stdout).toContain(why)
    expect(code).toBe(1)
  })

  it.each<[string, string[], number, RegExp]>([
    ['a text', ['notes.txt', '--symvers', 'Module.symvers'], 3, /is no RPM package and no ISO/],
    ['a folder that is no disk', ['.', '--symvers', 'Module.symvers'], 3, /no rhdd3/],
    ['what is not there', ['gone.rpm', '--symvers', 'Module.symvers'], 3, /does not exist/],
    ['a package as symvers', ['igb.rpm', '--symvers', 'igb.rpm'], 3, /igb\.rpm/],
  ])('refuses %s', async (_, args, code, message) => {
    const run = await check(args)
    expect(run.stderr).toMatch(message)
    expect([run.code, run.stdout]).toEqual([code, ''])
  })
})

const spec = `Name: kmod-igb
Version: 1.0
Release: 1
Summary: A driver
License: GPL-2.0-only
Requires: kernel(kfree) = 0x00000001
Requires: kernel(gone) = 0x00000002
Provides: kernel-modules >= 5.14.0
%description
A driver.
%install
mkdir -p %{buildroot}/lib/modules/${release}/extra
cp %{_sourcedir}/igb.ko %{buildroot}/lib/modules/${release}/extra
%files
/lib/modules/${release}/extra/igb.ko
`

describe('a package of rpmbuild', () => {
  it.skipIf(!hasProgram('rpmbuild')).each(['w9.gzdio', 'w2.xzdio', 'w3.zstdio'])(
    'packed with %s is read (needs rpmbuild)',
    async (payload) => {
      const top = mkdtempSync(join(tmpdir(), 'kabi-gate-rpm-'))
      onTestFinished(() => rmSync(top, { recursive: true, force: true }))
      const cwd = workspace({ ...files, 'SOURCES/igb.ko': igb, 'igb.spec': spec })
      const define = (name: string, value: string) => ['--define', `${name} ${value}`]
      execFileSync(
        'rpmbuild',
        [
          '-bb',
          ...define('_topdir', top),
          ...define('_sourcedir', join(cwd, 'SOURCES')),
          ...define('_rpmdir', cwd),
          ...define('_binary_payload', payload),
          ...define('debug_package', '%{nil}'),
          ...define('__os_install_post', '%{nil}'),
          join(cwd, 'igb.spec'),
        ],
        { stdio: 'pipe' },
      )
      const folder = readdirSync(cwd).find((name) =>
        readdirIfFolder(join(cwd, name)).some((file) => file.endsWith('.rpm')),
      )
      const [rpm = ''] = readdirIfFolder(join(cwd, folder ?? ''))
      const { code, stdout, stderr } = await check(
        [join(folder ?? '', rpm), '--symvers', 'Module.symvers'],
        cwd,
      )
      expect(stderr).toBe('')
      expect(stdout).toContain(`built for ${release}`)
      expect(stdout).toContain('    kernel(gone) = 0x00000002  missing\n')
      expect(stdout).toContain('    2 symbols, all there\n')
      expect(code).toBe(1)
      expect(readFileSync(join(cwd, folder ?? '', rpm)).length).toBeGreaterThan(1000)
    },
  )
})

function readdirIfFolder(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
