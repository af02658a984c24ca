import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fakeKernel, writeProgram } from '../kernel-unit/fake-kernel.ts'
import { writeFiles } from '../support/workspace.ts'
import { runMain, type Ran } from './run-main.ts'

interface Json {
  readonly ready: boolean
  readonly variants: readonly {
    readonly variant: string
    readonly strategy?: string
    readonly examined: readonly { readonly what: string; readonly state: string; readonly detail: string }[]
  }[]
  readonly installation: { readonly apt: readonly string[]; readonly dnf: readonly string[] }
}

const row = '0x11111111\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\n'
const programs = ['flex', 'bison', 'bc', 'awk', 'cmp', 'find', 'ld', 'ar', 'nm', 'objcopy', 'perl', 'pahole']

/** A kernel tree with a configuration, and a PATH with all that it needs and nothing else. */
function patient(change: Readonly<Record<string, string>> = {}) {
  const { folder, source, bin } = fakeKernel()
  for (const name of programs) writeProgram(join(bin, name), '')
  writeProgram(join(bin, 'gcc'), 'case $1 in -dumpmachine) echo x86_64-linux-gnu ;; esac')
  writeFiles(source, {
    'kabi.yml': `version: 1
defaults: { strategy: exports }
variants:
  x86_64: { arch: x86_64, config: full.config }
  built: { arch: x86_64, symvers: Module.symvers }
  preview: { arch: x86_64, promise: none, reason: only for the curious }
`,
    'full.config': 'CONFIG_DEBUG_INFO_BTF=y\n',
    'Module.symvers': row,
    'whitelists/x86_64/kabi_whitelist': row,
    'whitelists/built/kabi_whitelist': row,
    ...change,
  })
  const run = (...args: string[]): Promise<Ran> =>
    runMain(['doctor', '--work-dir', join(folder, 'work'), ...args], { cwd: source, env: { PATH: bin } })
  return { source, bin, folder, run }
}

function missing({ stdout }: Ran): string[] {
  const { variants } = JSON.parse(stdout) as Json
  return variants.flatMap(({ variant, examined }) =>
    examined.flatMap(({ what, state }) => (state === 'missing' ? [`${variant}: ${what}`] : [])),
  )
}

describe('kabi-gate doctor', () => {
  it('exits with 0 and says so when nothing is missing', async () => {
    const { stdout, code } = await patient().run()
    expect(stdout).toMatch(/x86_64, strategy exports: everything is there\n/)
    expect(stdout).toMatch(/built, strategy prebuilt: everything is there\n/)
    expect(stdout).toContain('preview: promises nothing')
    expect(stdout).toContain('Nothing is missing.')
    expect(stdout).not.toContain('apt-get')
    expect(code).toBe(0)
  })

  it('exits with 3 and gives one command for each distribution when tools are missing', async () => {
    const { bin, run } = patient()
    for (const name of ['flex', 'pahole']) rmSync(join(bin, name))
    const { stdout, code } = await run()
    expect(stdout).toMatch(/2 of \d+ missing/)
    expect(stdout).toMatch(/missing +pahole +needed for CONFIG_DEBUG_INFO_BTF/)
    expect(stdout).toMatch(/Debian, Ubuntu: +sudo apt-get install flex dwarves\n/)
    expect(stdout).toMatch(/Fedora, EL: +sudo dnf install flex dwarves\n/)
    expect(code).toBe(3)
  })

  it('tries to write where it says that all is well', async () => {
    const { run, folder } = patient()
    writeFiles(folder, { work: 'a file where the folder should be' })
    const result = await run('--json')
    expect(missing(result)).toContain('x86_64: work folder')
    expect(result.code).toBe(3)
  })

  it('says how to make a whitelist that is not there', async () => {
    const { source, run } = patient()
    rmSync(join(source, 'whitelists/x86_64'), { recursive: true })
    const { stdout, code } = await run()
    expect(stdout).toContain('kabi-gate whitelist create')
    expect(code).toBe(3)
  })

  it.each([
    ['13.2.0', {}, ['x86_64: old tree']],
    ['11.4.0', {}, []],
    [
      '13',
      {
        'kabi.yml':
          'version: 1\nvariants:\n  x86_64: { arch: x86_64, config: full.config, make-args: [WERROR=0] }\n',
      },
      [],
    ],
  ])(
    'knows the cure for a tree whose objtool gcc %s refuses, unless it is there',
    async (version, change, expected) => {
      const old = {
        'tools/lib/subcmd/Makefile': 'ifneq ($(WERROR),0)\n',
        'tools/lib/subcmd/subcmd-util.h': 'ret = realloc(ptr, 1);\n',
      }
      const { bin, run } = patient({ ...old, ...change })
      const gcc = `case $1 in -dumpmachine) echo x86_64-linux-gnu ;; -dumpversion) echo ${version} ;; esac`
      writeProgram(join(bin, 'gcc'), gcc)
      const result = await run('--json')
      expect(missing(result)).toEqual(expected)
      if (expected.length > 0) expect(result.stdout).toContain('make-args: [WERROR=0]')
    },
  )

  it.each([
    ['9.4.0', {}, ['x86_64: old tree']],
    ['8.5.0', {}, []],
    [
      '12',
      {
        'kabi.yml':
          'version: 1\nvariants:\n  x86_64: { arch: x86_64, config: full.config, make-args: [KCFLAGS=-Wno-error] }\n',
      },
      [],
    ],
  ])(
    'knows the cure for a tree that gives every object -Werror, with gcc %s',
    async (version, change, expected) => {
      const Makefile = 'VERSION = 4\nPATCHLEVEL = 18\nKBUILD_CFLAGS   += -Werror\n'
      const { bin, run } = patient({ Makefile, ...change })
      const gcc = `case $1 in -dumpmachine) echo x86_64-linux-gnu ;; -dumpversion) echo ${version} ;; esac`
      writeProgram(join(bin, 'gcc'), gcc)
      const result = await run('--json')
      expect(missing(result)).toEqual(expected)
      if (expected.length > 0) expect(result.stdout).toContain('make-args: [KCFLAGS=-Wno-error]')
    },
  )

  it('tells each thing of every variant as JSON', async () => {
    const { bin, run } = patient()
    rmSync(join(bin, 'bc'))
    const ran = await run('--format', 'json')
    const json = JSON.parse(ran.stdout) as Json
    expect(json).toMatchObject({ schemaVersion: 1, ready: false, installation: { apt: ['bc'], dnf: ['bc'] } })
    expect(json.variants.map(({ variant, strategy }) => [variant, strategy])).toEqual([
      ['x86_64', 'exports'],
      ['built', 'prebuilt'],
      ['preview', undefined],
    ])
    expect(missing(ran)).toEqual(['x86_64: bc'])
    expect(json.variants[0]?.examined.find(({ what }) => what === 'flex')?.detail).toBe(join(bin, 'flex'))
    expect(ran.code).toBe(3)
  })

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['a whitelist that is empty', { 'whitelists/x86_64/kabi_whitelist': '' }, 'x86_64: whitelist'],
    ['a configuration with a line that is none', { 'full.config': 'MODVERSIONS\n' }, 'x86_64: configuration'],
    ['a finished build without exports', { 'Module.symvers': '' }, 'built: Module.symvers'],
    ['a tree that is no kernel', { Makefile: 'all:\n' }, 'x86_64: kernel tree'],
    ['a tree that was built in', { '.config': '' }, 'x86_64: kernel tree'],
  ])('does not pass over %s', async (_, change, expected) => {
    const ran = await patient(change).run('--format', 'json')
    expect(missing(ran)).toEqual([expected])
    expect(ran.code).toBe(3)
  })

  it('notices a compiler that builds for another machine', async () => {
    const { bin, run } = patient()
    writeProgram(join(bin, 'gcc'), 'case $1 in -dumpmachine) echo aarch64-linux-gnu ;; esac')
    const ran = await run('--format', 'json')
    expect(missing(ran)).toEqual(['x86_64: compiler for x86_64'])
    expect(ran.stdout).toContain('set cross-compile in kabi.yml')
  })

  it('looks at what the strategy asked for needs, and no more', async () => {
    const { bin, run } = patient()
    rmSync(join(bin, 'flex'))
    const ran = await run('--variant', 'built', '--format', 'json')
    expect(missing(ran)).toEqual([])
    expect(ran.code).toBe(0)
    expect(missing(await run('--variant', 'built', '--strategy', 'full', '--format', 'json'))).toEqual([
      'built: kabi.yml',
    ])
  })

  it('exits with 2 when the configuration is wrong', async () => {
    const { code, stdout } = await patient({ 'kabi.yml': 'version: 2\n' }).run()
    expect(stdout).toContain('kabi.yml:1')
    expect(code).toBe(2)
  })

  it('shows an example in its help', async () => {
    const { code, stdout } = await patient().run('--help')
    expect(stdout).toMatch(/Examples:\n {2}kabi-gate doctor/)
    expect(code).toBe(0)
  })
})
