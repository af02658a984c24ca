import { chmodSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildModule } from '../module/build-module.ts'
import { buildRpm, dependency } from '../module/rpm/build-rpm.ts'
import { workspace, writeFiles, type Files } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const row = (crc: string, symbol: string) => `${crc}\t${symbol}\tvmlinux\tEXPORT_SYMBOL\t\n`
const symvers = row('0x00000001', 'kfree') + row('0x00000009', 'module_layout')

const ga = '5.14.0-70.el9.x86_64'
const next = '5.14.0-162.el9.x86_64'
const info = [`vermagic=${ga} SMP mod_unload modversions`]
const igb = buildModule({ info, imports: { module_layout: 9, kfree: 1 } })
const requires = ['kernel(kfree) = 0x00000001', 'kernel(module_layout) = 0x00000009'].map(dependency)
const at = (path: string, module = igb) => ({ [`./lib/modules/${path}`]: module })

const rpm = (about: Parameters<typeof buildRpm>[0] = {}) =>
  buildRpm({
    requires,
    provides: [dependency('kernel-modules >= 5.14.0')],
    files: at(`${ga}/extra/igb.ko`),
    ...about,
  })
const providing = (text: string) => rpm({ provides: [dependency(text)] })

const files = {
  'kmod-igb.rpm': rpm(),
  'Module.symvers': symvers,
  'other.symvers': symvers.replace('0x00000001', '0x00000005'),
  'broken.rpm': rpm().subarray(0, 400),
  [`root/usr/src/kernels/${ga}/Module.symvers`]: symvers,
  'none/createrepo_c': 'not executable',
}

/** The command line of a disk; what is undefined is left out. */
function make(options: Readonly<Record<string, string | readonly string[] | undefined>> = {}) {
  const all: Readonly<Record<string, string | readonly string[] | undefined>> = {
    ...{ rpm: 'kmod-igb.rpm', for: ga, arch: 'x86_64', symvers: 'Module.symvers', output: 'out/dd.iso' },
    ...options,
  }
  const words = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().flatMap((one) => [`--${name}`, one]),
  )
  return ['disk', 'make', ...words]
}

const PATH = process.env['PATH'] ?? ''
const ask = (args: readonly string[], more: Files = {}, cwd = workspace({ ...files, ...more })) =>
  runMain(args, { cwd, env: { PATH } })

/** Programs in place of the real ones, each a script of the shell. */
function withPrograms(programs: Readonly<Record<string, string>>): { cwd: string; env: { PATH: string } } {
  const cwd = workspace(files)
  for (const [name, script] of Object.entries(programs)) {
    writeFiles(cwd, { [`bin/${name}`]: `#!/bin/sh\n${script}\n` })
    chmodSync(join(cwd, 'bin', name), 0o755)
  }
  return { cwd, env: { PATH: `${join(cwd, 'bin')}:${PATH}` } }
}

describe('kabi-gate disk make refuses', () => {
  const two = `${ga},${next}`
  const bothTables = [`${ga}=Module.symvers`, `${next}=other.symvers`]

  it.each<[string, Files, Parameters<typeof make>[0], readonly string[]]>([
    [
      'a package that the installer passes over',
      { 'kmod-igb.rpm': rpm({ provides: [] }) },
      {},
      [
        'kmod-igb-1.0-1.el9.x86_64: the installer passes it over: it does not provide kernel-modules',
        `${ga}: no package has a module for it`,
      ],
    ],
    [
      'a version of kernel-modules that is no version',
      { 'kmod-igb.rpm': providing('kernel-modules') },
      {},
      [
        'it provides kernel-modules without a version, which fits no kernel',
        `${ga}: no package has a module for it`,
      ],
    ],
    [
      'a package for another kernel',
      { 'kmod-igb.rpm': providing('kernel-modules >= 5.15') },
      {},
      [
        'the installer passes it over: no kernel of --for is kernel-modules >= 5.15',
        `${ga}: no package has a module for it`,
      ],
    ],
    [
      'a version that lacks the end of the release',
      { 'kmod-igb.rpm': providing('kernel-modules = 5.14.0-70.el9') },
      {},
      [
        'the installer passes it over: no kernel of --for is kernel-modules = 5.14.0-70.el9',
        `${ga}: no package has a module for it`,
      ],
    ],
    [
      'another architecture',
      { 'kmod-igb.rpm': rpm({ arch: 'aarch64' }) },
      {},
      ['for another architecture: aarch64'],
    ],
    [
      'a module of another architecture',
      {
        'kmod-igb.rpm': rpm({
          arch: 'noarch',
          files: at('a.ko', buildModule({ machine: 183, info, imports: { kfree: 1 } })),
        }),
      },
      {},
      ['lib/modules/a.ko is for another architecture: aarch64'],
    ],
    [
      'a module that the installer does not load',
      { 'kmod-igb.rpm': rpm({ files: { './usr/lib/modules/5.14/igb.ko': igb } }) },
      {},
      ['the installer does not load usr/lib/modules/5.14/igb.ko: it is not below /lib/modules'],
    ],
    [
      'what would not load on one of the kernels',
      {},
      { for: two, symvers: bothTables },
      [`kmod-igb-1.0-1.el9.x86_64: would not install and load on ${next}`],
    ],
    [
      'what asks for no symbol',
      { 'kmod-igb.rpm': rpm({ requires: [] }) },
      {},
      [`kmod-igb-1.0-1.el9.x86_64: would not install and load on ${ga}`],
    ],
    [
      'a kernel for which nothing is',
      { 'kmod-igb.rpm': providing(`kernel-modules = ${ga}`) },
      { for: two, symvers: bothTables },
      [`${next}: no package has a module for it`],
    ],
    [
      'modules of which the installer keeps one',
      {
        'kmod-igb.rpm': rpm({ files: { ...at(`${ga}/extra/igb.ko`), ...at(`${next}/kernel/extra/igb.ko`) } }),
      },
      {},
      [
        `${ga}: the installer would keep one of these as updates/extra/igb.ko`,
        `  kmod-igb-1.0-1.el9.x86_64: lib/modules/${next}/kernel/extra/igb.ko`,
      ],
    ],
    [
      'a symbol of a package that the installer of that kernel does not take',
      {
        'kmod-igb.rpm': rpm({ requires: [...requires, dependency('ksym(bus) = 0x00000007')] }),
        'bus.rpm': rpm({
          name: 'kmod-bus',
          provides: ['ksym(bus) = 0x00000007', `kernel-modules = ${ga}`].map(dependency),
          files: at(`${ga}/bus.ko`),
        }),
      },
      {
        rpm: ['kmod-igb.rpm', 'bus.rpm'],
        for: two,
        symvers: bothTables.map((one) => one.replace('other', 'Module')),
      },
      [`kmod-igb-1.0-1.el9.x86_64: would not install and load on ${next}`],
    ],
    [
      'the groups of RHEL 5, which no kernel of an installer has',
      { 'kmod-igb.rpm': rpm({ requires: [dependency(`kernel(rhel5_mm_ga) = ${'5'.repeat(40)}`)] }) },
      {},
      ['would not install and load'],
    ],
  ])('%s, and writes nothing', async (_, more, options, reasons) => {
    const cwd = workspace({ ...files, ...more })
    const { code, stdout, stderr } = await ask(make(options), {}, cwd)
    expect([code, stderr]).toEqual([1, ''])
    const [, refused = ''] = stdout.split('REFUSED: out/dd.iso was not written\n')
    for (const reason of reasons) expect(refused).toContain(reason)
    expect(refused.trimEnd().split('\n')).toHaveLength(
      reasons.length + (reasons[1]?.startsWith('  ') ? 1 : 0),
    )
    expect(existsSync(join(cwd, 'out'))).toBe(false)
    expect(stdout).toContain('exports of Module.symvers: the installer takes ')
    const json = await ask([...make(options), '--json'], {}, cwd)
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({ result: 'refused', output: 'out/dd.iso', arch: 'x86_64' })
  })

  it('and shows names of a package without what a terminal would obey', async () => {
    const more = { 'kmod-igb.rpm': rpm({ name: 'kmod\u001b[31m\n::error::', provides: [] }) }
    const { stdout } = await ask(make(), more)
    expect(stdout).toContain('kmod ::error::-1.0-1.el9.x86_64'.replace('::error', ':error'))
    expect(stdout).not.toContain('\u001b')
  })
})

describe('kabi-gate disk make is called wrongly with', () => {
  it.each<[string, Parameters<typeof make>[0], RegExp]>([
    ['a release that is a path', { for: '../../etc' }, /"..\/..\/etc", which is no kernel release/],
    ['an empty release', { for: `${ga},` }, /"", which is no kernel release/],
    ['a release twice', { for: `${ga},${ga}` }, /names 5.14.0-70.el9.x86_64 twice/],
    ['a release of another architecture', { arch: 's390x' }, /is no kernel for --arch s390x/],
    ['an architecture that is a path', { arch: '../x' }, /"..\/x", which is no architecture/],
    ['a table of nobody knows which kernel', { for: `${ga},${next}` }, /does not say for which release/],
    [
      'a table of a kernel that is not asked for',
      { symvers: '5.15=Module.symvers' },
      /does not say for which/,
    ],
    ['a table without a file', { symvers: `${ga}=` }, /names no file/],
    ['another kind of image', { output: 'dd.img' }, /has to end in \.iso/],
    ['a title of two lines', { title: 'a\nb' }, /--title has to be one line/],
    ['an empty title', { title: '' }, /--title has to be one line/],
    ['an option twice', { arch: ['x86_64', 'aarch64'] }, /--arch was given twice/],
    ['a package twice', { rpm: ['kmod-igb.rpm', 'kmod-igb.rpm'] }, /has the name of another package/],
    ['a name that is no package', { rpm: 'Module.symvers' }, /is no name of a package/],
    ['no package', { rpm: undefined }, /required option '--rpm/],
    ['no kernel', { for: undefined }, /required option '--for/],
  ])('%s', async (_, options, message) => {
    const { code, stdout, stderr } = await ask(make(options))
    expect(stderr).toMatch(message)
    expect([code, stdout]).toEqual([2, ''])
  })

  it.each(['yesterday', '-1', '4102444800', '1e9'])('SOURCE_DATE_EPOCH=%s', async (SOURCE_DATE_EPOCH) => {
    const run = await runMain(make(), { cwd: workspace(files), env: { PATH, SOURCE_DATE_EPOCH } })
    expect(run.stderr).toContain(`SOURCE_DATE_EPOCH is "${SOURCE_DATE_EPOCH}", which is no date`)
    expect(run.code).toBe(2)
  })
})

describe('kabi-gate disk make ends with an error for', () => {
  it.each<[string, Parameters<typeof make>[0], RegExp]>([
    ['a package that is not there', { rpm: 'gone.rpm' }, /gone\.rpm" does not exist/],
    ['a package that is cut off', { rpm: 'broken.rpm' }, /is cut off/],
    ['a table that is not there', { symvers: 'gone' }, /gone" does not exist/],
    [
      'a kernel that is not installed',
      { symvers: undefined, root: 'root', for: `${ga},${next}` },
      /None is installed for the kernel "5\.14\.0-162\.el9\.x86_64"[^]*--symvers RELEASE=FILE/,
    ],
    ['an output that is below a file', { output: 'Module.symvers/dd.iso' }, /Module\.symvers/],
  ])('%s', async (_, options, message) => {
    const fake = withPrograms({ createrepo_c: 'true', xorriso: 'true' })
    const { code, stdout, stderr } = await runMain(make(options), fake)
    expect(stderr).toMatch(message)
    expect([code, stdout]).toEqual([3, ''])
  })

  it('tools that are not installed, and names their packages', async () => {
    const cwd = workspace(files)
    const { code, stderr } = await runMain(make(), { cwd, env: { PATH: join(cwd, 'none') } })
    expect(stderr).toContain('made with createrepo_c, which was not found')
    expect(stderr).toContain('Debian and Ubuntu call it createrepo-c')
    expect(stderr).toContain('Install the package xorriso.')
    expect(code).toBe(3)
    expect(existsSync(join(cwd, 'out'))).toBe(false)
  })

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'createrepo_c that fails',
      { createrepo_c: 'echo no room >&2; exit 7', xorriso: 'true' },
      /createrepo_c[^]* ended with exit code 7[^]*no room/,
    ],
    [
      'xorriso that fails',
      { createrepo_c: 'true', xorriso: 'echo no room >&2; exit 5' },
      /xorriso[^]* ended with exit code 5[^]*no room/,
    ],
    [
      'xorriso that is ended',
      { createrepo_c: 'true', xorriso: 'kill -9 $$' },
      /ended from outside by SIGKILL/,
    ],
    [
      'xorriso that writes nothing',
      { createrepo_c: 'true', xorriso: 'true' },
      /could not be read again[^]*does not exist/,
    ],
    [
      'xorriso that writes something else',
      { createrepo_c: 'true', xorriso: 'echo x >image.iso' },
      /no ISO 9660 image/,
    ],
  ])('%s, and leaves what was there', async (_, programs, message) => {
    const fake = withPrograms(programs)
    writeFiles(fake.cwd, { 'out/dd.iso': 'the disk of yesterday' })
    const { code, stdout, stderr } = await runMain(make(), fake)
    expect(stderr).toMatch(message)
    expect([code, stdout]).toEqual([3, ''])
    expect(readdirSync(join(fake.cwd, 'out'))).toEqual(['dd.iso'])
  })

  it('programs that are told to stop, and leaves nothing behind', async () => {
    const stop = new AbortController()
    const fake = withPrograms({ createrepo_c: 'sleep 30', xorriso: 'true' })
    const running = runMain(make(), { ...fake, signal: stop.signal })
    setTimeout(() => stop.abort(), 1000)
    const { code, stderr } = await running
    expect(stderr).toContain('was stopped before it had finished')
    expect(code).not.toBe(0)
    expect(readdirSync(join(fake.cwd, 'out'))).toEqual([])
  })
})

describe('the programs that disk make starts', () => {
  it('see no secret and no settings of the user', async () => {
    const dump = 'env >"$(dirname "$0")/../seen"; exit 9'
    const { cwd, env } = withPrograms({ createrepo_c: dump, xorriso: 'true' })
    await runMain(make(), {
      cwd,
      env: { ...env, GITHUB_TOKEN: 'secret', MKISOFSRC: '/etc/rc', HOME: '/home/a' },
    })
    const { readFileSync } = await import('node:fs')
    const seen = readFileSync(join(cwd, 'seen'), 'utf8')
    expect(seen).not.toMatch(/GITHUB_TOKEN|MKISOFSRC|HOME=\/home\/a/)
    expect(seen).toMatch(/^TZ=UTC$/m)
    expect(seen).toMatch(/^SOURCE_DATE_EPOCH=0$/m)
  })
})
