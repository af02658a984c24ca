import { spawnSync } from 'node:child_process'
import {
  cpSync,
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasProgram, rpmbuild, rpmCpu as cpu, rpmFolder, run } from '../support/packaging.ts'
import { buildModule } from '../module/build-module.ts'
import { kabiYml, patched, released, whitelist, workspace, writeFiles } from '../support/workspace.ts'

const names = '[example]\n\tkmalloc\n\tpci_enable_device\n\tusb_alloc_urb\n'
const reason = `bisecting the "break" of $(id) & 'co', #17`
const timeout = 60_000

const release = `6.1.0-1.${cpu}`
const withRpm = cpu !== '' && hasProgram('rpmbuild')

const sources = (symvers: string) => ({
  'Module.symvers': symvers,
  [`Module.kabi_${cpu}`]: whitelist,
  [`kabi_stablelist_${cpu}`]: names,
})

const driver = buildModule({ imports: { kmalloc: 0x11111111 }, info: [`vermagic=${release} SMP`] })

/** What is listed of the patch in every log. */
const listed = ['pci_enable_device  0x22222222 -> 0xdeadbeef', 'usb_alloc_urb']

describe.skipIf(!withRpm)('the kernel package of examples/rpm (needs rpmbuild)', { timeout }, () => {
  const buildroot = (top: string, ...path: readonly string[]) =>
    join(top, 'BUILDROOT', `kernel-${release}`, ...path)

  it('is built where nothing breaks, and has the lists where vendors and kabi-gate look for them', () => {
    const top = rpmFolder({
      ...sources(released),
      'kabi.yml': kabiYml.replaceAll('x86_64', cpu),
      [`whitelists/${cpu}/kabi_whitelist`]: whitelist,
    })
    const { code, output } = rpmbuild(top, 'kernel.spec', ['-bb', '--noclean', '--with', 'kabi_evidence'])
    expect(output).toContain('\nPASS: ')
    expect(code).toBe(0)
    const packages = readdirSync(join(top, 'RPMS', cpu)).toSorted()
    expect(packages).toEqual(
      ['', '-abi-stablelists', '-devel', '-kabi-evidence'].map((name) => `kernel${name}-${release}.rpm`),
    )
    const filesOf = (name: string) =>
      run('rpm', ['-qpl', join(top, 'RPMS', cpu, `kernel-${name}-${release}.rpm`)], { cwd: top }).output
    const devel = ['Module.symvers', `Module.kabi_${cpu}`, 'kabi_whitelist']
    for (const file of devel) expect(filesOf('devel')).toContain(`/usr/src/kernels/${release}/${file}\n`)
    expect(filesOf('abi-stablelists')).toContain(`/lib/modules/kabi-example9/kabi_stablelist_${cpu}\n`)
    expect(readlinkSync(buildroot(top, 'lib/modules/kabi-current'))).toBe('kabi-example9')
    writeFiles(top, { 'driver.ko': driver })
    const root = ['--root', buildroot(top)]
    const vendor = run('kabi-gate', ['module', 'check', '-k', release, ...root, 'driver.ko'], { cwd: top })
    expect(vendor.output).toContain(`/usr/src/kernels/${release}/kabi_whitelist\n`)
    expect(vendor.output).toContain('Score: 100 % (1 of 1 kernel symbol')
    const evidence = buildroot(top, 'usr/share/kabi-evidence')
    const config = ['--config', join(top, 'SOURCES/kabi.yml')]
    const judged = run('kabi-gate', ['judge', ...config, '--evidence', evidence, '--strategy', 'prebuilt'], {
      cwd: top,
    })
    expect(judged).toMatchObject({ code: 0, output: expect.stringContaining('PASS') as string })
  })

  it('is not built where something breaks, and the log lists it; skipping %build or %check does not help', () => {
    const top = rpmFolder(sources(patched))
    const red = rpmbuild(top, 'kernel.spec', ['-bb', '--nocheck'])
    for (const line of ['BREAK: ', ...listed]) expect(red.output).toContain(line)
    expect(red.output).toContain('(%build)')
    expect(red.code).not.toBe(0)
    const skipped = rpmbuild(top, 'kernel.spec', ['-bi', '--short-circuit'])
    expect(skipped.output).toContain('the build did not compare')
    expect(skipped.output).toContain('(%install)')
    expect(skipped.code).not.toBe(0)
    expect(existsSync(join(top, 'RPMS', cpu))).toBe(false)
  })

  it('is built in spite of a break with a reason, which stands in the log and in the packaged report', () => {
    const top = rpmFolder(sources(patched))
    const without = ['--without', 'kabichk']
    const { code, output } = rpmbuild(top, 'kernel.spec', [
      ...['-bb', '--noclean', ...without, '--define', `kabichk_reason ${reason}`],
    ])
    for (const line of ['OVERRIDDEN by ', reason, ...listed]) expect(output).toContain(line)
    expect(code).toBe(0)
    const report = readFileSync(buildroot(top, `usr/share/kabi-reports/kabi-report-${cpu}.json`), 'utf8')
    expect(JSON.parse(report)).toMatchObject({ result: 'overridden', override: { reason } })
  })

  it.each([
    ['without a reason', []],
    ['with one that is too short', ['--define', 'kabichk_reason because']],
  ])('is refused %s', (_, define) => {
    const args = ['-bb', '--without', 'kabichk', ...define]
    const { code, output } = rpmbuild(rpmFolder(sources(patched)), 'kernel.spec', args)
    expect(output).toContain('needs a reason of at least 10 characters')
    expect(code).not.toBe(0)
  })
})

describe('kabi-build', () => {
  const script = 'examples/rpm/kabi-build'
  const environment = { KABI_RELEASE: release, KABI_ARCH: 'x86_64', KABI_CHECK: '1' }
  const files = { symvers: released, kabi: whitelist, list: names }

  const call = (cwd: string, words: string, env: Readonly<Record<string, string>> = {}) => {
    copyFileSync(script, join(cwd, 'kabi-build'))
    return run('sh', ['kabi-build', ...words.split(' ')], { cwd, env: { ...environment, ...env } })
  }
  const checked = () => {
    const cwd = workspace(files)
    expect(call(cwd, 'check x86_64 list kabi symvers')).toMatchObject({ code: 0 })
    return cwd
  }
  const install = 'install x86_64 list kabi symvers devel lists reports'

  it('installs what it compared', () => {
    const cwd = checked()
    expect(call(cwd, install)).toEqual({ code: 0, output: '' })
    expect(readFileSync(join(cwd, 'devel/Module.symvers'), 'utf8')).toBe(released)
    expect(readdirSync(join(cwd, 'lists'))).toEqual(['kabi_stablelist_x86_64'])
    expect(readdirSync(join(cwd, 'reports'))).toHaveLength(4)
  })

  it('refuses the stamp of an earlier build, and says in which way it was another', () => {
    const cwd = checked()
    const others: readonly (readonly [Partial<typeof files>, Readonly<Record<string, string>>, RegExp])[] = [
      [{}, { KABI_RELEASE: '6.1.0-2.x86_64' }, /< release 6\.1\.0-1.*\n---\n> release 6\.1\.0-2/],
      [{}, { KABI_ARCH: 'ppc64le' }, /> arch ppc64le/],
      [{ symvers: patched }, {}, /> Module\.symvers [0-9a-f]{64}/],
      [{ list: '[example]\n\tkmalloc\n' }, {}, /> list /],
      [{ kabi: released }, {}, /> kabi /],
      [{}, { KABI_CHECK: '0', KABI_REASON: reason }, /> check disabled: bisecting/],
    ]
    for (const [changed, env, message] of others) {
      writeFiles(cwd, { ...files, ...changed })
      const { code, output } = call(cwd, install, env)
      expect(output).toMatch(message)
      expect(output).toContain('is not of this build')
      expect(code).toBe(3)
      expect(existsSync(join(cwd, 'devel'))).toBe(false)
    }
    const { code, output } = call(cwd, install.replace('x86_64', 'x86_64-rt'))
    expect(output).toContain('the build did not compare x86_64-rt')
    expect(code).toBe(3)
  })

  it('takes the stamp of an earlier build away when it compares, so that a break leaves none', () => {
    const cwd = checked()
    writeFiles(cwd, { symvers: patched })
    expect(call(cwd, 'check x86_64 list kabi symvers').code).toBe(1)
    writeFiles(cwd, { symvers: released })
    expect(call(cwd, install)).toMatchObject({ code: 3 })
  })

  it('takes one list with names and checksums, and options of compare', () => {
    const cwd = workspace(files)
    expect(call(cwd, 'check x86_64 kabi kabi symvers --policy rhel9')).toMatchObject({
      code: 0,
      output: expect.stringContaining('policy rhel9') as string,
    })
  })

  it.each<[string, string, Readonly<Record<string, string>>, number, RegExp]>([
    ['too few arguments', 'check x86_64 list kabi', {}, 2, /an argument is missing/],
    ['an unknown verb', 'skip x86_64 list kabi symvers', {}, 2, /neither check nor install/],
    ['a variant that leads out', 'check ../x list kabi symvers', {}, 2, /no name of a variant/],
    [
      'a switch that is neither on nor off',
      'check x list kabi symvers',
      { KABI_CHECK: 'no' },
      2,
      /KABI_CHECK is 'no'/,
    ],
    ['no release', 'check x list kabi symvers', { KABI_RELEASE: '' }, 2, /release of the kernel/],
    ['a file that is not there', 'check x gone kabi symvers', {}, 3, /gone is missing or empty/],
    ['an empty file', 'check x empty kabi symvers', {}, 3, /empty is missing or empty/],
    ['folders that are missing', 'install x list kabi symvers devel', {}, 2, /found 1/],
    [
      'a reason while the check is on',
      'check x list kabi symvers',
      { KABI_REASON: reason },
      2,
      /not disabled/,
    ],
  ])('refuses %s', (_, words, env, code, message) => {
    const run = call(workspace({ ...files, empty: '' }), words, env)
    expect(run.output).toMatch(message)
    expect(run.code).toBe(code)
  })

  it('is written for a POSIX shell, and so are the others', () => {
    for (const shell of ['kabi-build', 'koji-judge.sh'])
      expect(spawnSync('sh', ['-n', join('examples/rpm', shell)]).status, shell).toBe(0)
  })
})

const withDpkg = cpu !== '' && hasProgram('dpkg-buildpackage')

describe.skipIf(!withDpkg)(
  'the kernel package of examples/deb (needs dpkg-buildpackage)',
  { timeout },
  () => {
    const arch = withDpkg
      ? spawnSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).stdout.trim()
      : ''
    const headers = 'linux-headers-6.1.0-example'

    function tree(symvers: string): string {
      const cwd = workspace({
        'k/Module.symvers': symvers,
        [`k/debian/Module.kabi_${cpu}`]: whitelist,
        [`k/debian/kabi_stablelist_${cpu}`]: names,
      })
      cpSync('examples/deb/debian', join(cwd, 'k/debian'), { recursive: true })
      copyFileSync('examples/rpm/kabi-build', join(cwd, 'k/debian/kabi-build'))
      return join(cwd, 'k')
    }
    const build = (cwd: string, env: Readonly<Record<string, string>> = {}) =>
      run('dpkg-buildpackage', ['-us', '-uc', '-b'], { cwd, env })

    it('is built where nothing breaks, and the packages have the lists', () => {
      const cwd = tree(released)
      const { code, output } = build(cwd)
      expect(output).toContain('PASS: ')
      expect(code).toBe(0)
      for (const name of [headers, 'linux-abi-stablelists'])
        run('dpkg-deb', ['-x', `../${name}_6.1.0_${arch}.deb`, 'root'], { cwd })
      expect(readdirSync(join(cwd, 'root/usr/src', headers))).toEqual([
        `Module.kabi_${cpu}`,
        'Module.symvers',
        'kabi_whitelist',
      ])
      writeFiles(cwd, { 'driver.ko': driver })
      const vendor = ['module', 'check', '-k', '6.1.0-example', '--root', 'root', 'driver.ko']
      expect(run('kabi-gate', vendor, { cwd }).output).toContain(
        `/lib/modules/kabi-current/kabi_stablelist_${cpu}\n`,
      )
    })

    it('is not built where something breaks, whatever make is told to skip', () => {
      const cwd = tree(patched)
      const red = build(cwd)
      for (const line of ['BREAK: ', ...listed]) expect(red.output).toContain(line)
      expect(red.code).not.toBe(0)
      const stamp = `debian/kabi-check/${cpu}/stamp`
      const skipped = run('debian/rules', ['-o', stamp, 'binary'], { cwd })
      expect(skipped.output).toContain('the build did not compare')
      expect(skipped.code).not.toBe(0)
      expect(existsSync(join(cwd, '..', `${headers}_6.1.0_${arch}.deb`))).toBe(false)
    })

    it('does not take an old date for an old file', () => {
      const cwd = tree(released)
      expect(run('debian/rules', ['build'], { cwd }).code).toBe(0)
      writeFiles(cwd, { 'Module.symvers': patched })
      utimesSync(join(cwd, 'Module.symvers'), 1, 1)
      const { code, output } = run('debian/rules', ['binary'], { cwd })
      expect(output).toContain('is not of this build')
      expect(code).not.toBe(0)
    })

    it('is built in spite of a break with a reason, and refused without', () => {
      const cwd = tree(patched)
      const off = { DEB_BUILD_OPTIONS: 'nokabichk' }
      const refused = build(cwd, off)
      expect(refused.output).toContain('needs a reason of at least 10 characters')
      expect(refused.code).not.toBe(0)
      const { code, output } = build(cwd, { ...off, KABI_REASON: reason })
      for (const line of ['OVERRIDDEN by ', reason, ...listed]) expect(output).toContain(line)
      expect(code).toBe(0)
    })
  },
)
