import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Collected, Evidence } from '../../src/abi/evidence.ts'
import type { Problem } from '../../src/abi/problem.ts'
import type { VariantPlan } from '../../src/config/plan.ts'
import { collect } from '../../src/kernel/collect.ts'
import {
  configOf,
  fakeKernel,
  temporaryFolder,
  variantPlan,
  writeFiles,
  writeProgram,
} from './fake-kernel.ts'

function evidence(collected: Collected): Evidence {
  if (collected.kind === 'failure') throw new Error(JSON.stringify(collected.problems))
  return collected
}

function problems(collected: Collected): readonly Problem[] {
  return collected.kind === 'failure' ? collected.problems : []
}

const kinds = (collected: Collected): readonly string[] => problems(collected).map(({ kind }) => kind)

describe('collect with strategy full', () => {
  it('configures, builds and reads what make wrote', async () => {
    const kernel = fakeKernel()
    const { symvers, how, notes } = evidence(await collect(variantPlan(), kernel.options))
    expect(symvers.exports.map(({ symbol, crc }) => [symbol, crc])).toEqual([['printk', 0x12345678]])
    expect(how).toMatchObject({ strategy: 'full', source: kernel.source, compiler: 'gcc (Fake) 12.2.0' })
    expect(how.configDigest).toMatch(/^[0-9a-f]{64}$/)
    expect(how.seconds).toBeGreaterThan(0)
    expect(notes).toEqual([])
  })

  it('calls make with the variant’s settings, and its own last', async () => {
    const kernel = fakeKernel()
    const toolchain = { crossCompile: 'x-linux-gnu-', compiler: 'gcc' }
    writeProgram(join(kernel.bin, 'x-linux-gnu-ld'), '')
    const makeArgs = ['KCFLAGS=-g0 -DX="y z"', 'O=/elsewhere']
    evidence(await collect(variantPlan({ arch: 'i386', toolchain, makeArgs }), kernel.options))
    const settings = (folder: string) => [
      ...[...makeArgs, '-C', kernel.source, `O=${join(kernel.variantFolder, folder)}`],
      ...['ARCH=i386', 'CROSS_COMPILE=x-linux-gnu-', 'CC=gcc'],
    ]
    expect(kernel.calls()).toEqual([
      [...settings('config'), '-j1', 'tinyconfig'],
      [...settings('config'), '-j1', 'olddefconfig'],
      [...settings('build'), '-j3', 'prepare', 'modules_prepare'],
      ['-n', '-k', ...settings('build'), '-j3', 'vmlinux', 'modules'],
      [...settings('build'), '-j3', 'vmlinux', 'modules'],
    ])
  })

  it('hides the environment of its caller from the build', async () => {
    const kernel = fakeKernel()
    const secrets = {
      GITHUB_TOKEN: 's1',
      INPUT_KEY: 's2',
      MAKEFLAGS: '-i',
      KBUILD_OUTPUT: '/elsewhere',
      LD_PRELOAD: '',
    }
    kernel.scenario(`build() { env >"$out/env"; echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"; }`)
    Object.assign(process.env, secrets)
    try {
      await collect(variantPlan(), kernel.options)
    } finally {
      for (const name of Object.keys(secrets)) Reflect.deleteProperty(process.env, name)
    }
    const seen = readFileSync(join(kernel.variantFolder, 'build', 'env'), 'utf8')
    expect(seen).not.toMatch(/^(GITHUB_|INPUT_|MAKEFLAGS|KBUILD_OUTPUT|LD_PRELOAD)/m)
    expect(seen).toContain('KBUILD_BUILD_USER=kabi-gate\n')
  })

  it('reports progress with the total of a first build, and without one later', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`
      dry() { for o in a b c; do echo "set -e;  echo '  CC      $o.o';  gcc -c -o $o.o"; done; exit 2; }
      build() {
        echo '  HOSTCC  scripts/x.o'; echo '  CC      a.o'; echo '  AS      b.o'; echo '  CC [M]  c.o'
        echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"; touch "$out/vmlinux"
      }`)
    evidence(await collect(variantPlan(), kernel.options))
    const variant = 'x86_64'
    expect(kernel.progress).toEqual([
      { variant, phase: 'configure', done: 0 },
      { variant, phase: 'prepare', done: 0 },
      { variant, phase: 'count', done: 0 },
      { variant, phase: 'build', done: 0, total: 3 },
      { variant, phase: 'build', done: 1, total: 3, item: 'a.o' },
      { variant, phase: 'build', done: 2, total: 3, item: 'b.o' },
      { variant, phase: 'build', done: 3, total: 3, item: 'c.o' },
      { variant, phase: 'read', done: 0 },
    ])
    kernel.progress.length = 0
    evidence(await collect(variantPlan(), kernel.options))
    expect(kernel.progress.map(({ phase }) => phase)).toEqual([
      'configure',
      'build',
      'build',
      'build',
      'build',
      'read',
    ])
    expect(kernel.progress.every((step) => !('total' in step))).toBe(true)
  })

  it('fails when make fails, even without a word', async () => {
    const kernel = fakeKernel()
    kernel.scenario('build() { exit 2; }')
    const [problem, ...others] = problems(await collect(variantPlan(), kernel.options))
    expect(others).toEqual([])
    expect(problem).toMatchObject({ kind: 'build-failed', variant: 'x86_64' })
    expect(problem?.message).toContain('exit code 2')
    expect(problem?.message).toContain(join(kernel.variantFolder, 'build.log'))
  })

  it('fails when the preparations fail, before it builds', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`prepare() { echo 'fatal error: gelf.h: No such file' >&2; exit 2; }`)
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem).toMatchObject({ kind: 'build-failed', excerpt: ['fatal error: gelf.h: No such file'] })
    expect(kernel.calls().at(-1)?.at(-1)).toBe('modules_prepare')
  })

  it('succeeds when make succeeds, whatever it prints', async () => {
    const kernel = fakeKernel()
    kernel.scenario(
      `build() { echo 'error: *** Error 1' >&2; echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"; }`,
    )
    evidence(await collect(variantPlan(), kernel.options))
  })

  it('quotes the compiler when the build fails', async () => {
    const kernel = fakeKernel()
    kernel.scenario(
      `build() { echo "fork.c:1:2: error: expected ';'" >&2; echo 'make: *** [fork.o] Error 1' >&2; exit 2; }`,
    )
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem?.excerpt).toEqual(["fork.c:1:2: error: expected ';'", 'make: *** [fork.o] Error 1'])
  })

  it('never reads the Module.symvers of an earlier build', async () => {
    const kernel = fakeKernel()
    evidence(await collect(variantPlan(), kernel.options))
    const symvers = join(kernel.variantFolder, 'build', 'Module.symvers')
    expect(existsSync(symvers)).toBe(true)
    kernel.scenario('build() { exit 2; }')
    expect(kinds(await collect(variantPlan(), kernel.options))).toEqual(['build-failed'])
    expect(existsSync(symvers)).toBe(false)
    kernel.scenario('build() { :; }')
    expect(kinds(await collect(variantPlan(), kernel.options))).toEqual(['no-symvers'])
  })

  it('keeps the log of the run before', async () => {
    const kernel = fakeKernel()
    const build = (word: string) => kernel.scenario(`build() { echo ${word}; exit 2; }`)
    for (const word of ['first', 'second', 'third']) {
      build(word)
      await collect(variantPlan(), kernel.options)
    }
    expect(kernel.log()).toContain('third\n')
    expect(kernel.log()).toMatch(/^\+ make .* vmlinux modules$/m)
    expect(readFileSync(join(kernel.variantFolder, 'build.log.1'), 'utf8')).toContain('second\n')
  })

  it('says that the system killed the build', async () => {
    const kernel = fakeKernel()
    kernel.scenario('build() { touch "$out/half-written.o"; kill -KILL $$; }')
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem).toMatchObject({ kind: 'build-failed' })
    expect(problem?.message).toContain('SIGKILL')
    expect(problem?.advice).toContain('memory')
    expect(existsSync(join(kernel.variantFolder, 'build'))).toBe(false)
  })

  it('stops in the middle, and resumes what was done', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`build() { touch "$out/done.o"; echo '  CC      done.o'; sleep 300; }`)
    const onProgress = (): void => {
      if (existsSync(join(kernel.variantFolder, 'build', 'done.o'))) kernel.controller.abort()
    }
    expect(kinds(await collect(variantPlan(), { ...kernel.options, onProgress }))).toEqual(['interrupted'])
    expect(existsSync(join(kernel.variantFolder, 'lock'))).toBe(false)
    kernel.scenario('')
    evidence(await collect(variantPlan(), { ...kernel.options, signal: new AbortController().signal }))
    expect(existsSync(join(kernel.variantFolder, 'build', 'done.o'))).toBe(true)
  })
})

describe('a build folder', () => {
  const stamp = (kernel: { variantFolder: string }) => join(kernel.variantFolder, 'build', 'stamp')

  it('is used again, with the date of an equal configuration', async () => {
    const kernel = fakeKernel()
    evidence(await collect(variantPlan(), kernel.options))
    writeFileSync(stamp(kernel), '')
    const config = join(kernel.variantFolder, 'build', '.config')
    const before = statSync(config).mtimeMs
    await delay(20)
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(stamp(kernel))).toBe(true)
    expect(statSync(config).mtimeMs).toBe(before)
    evidence(await collect(variantPlan({ config: configOf({ set: ['CONFIG_X=y'] }) }), kernel.options))
    expect(readFileSync(config, 'utf8')).toContain('CONFIG_X=y\n')
  })

  it('is thrown away when the run that made it did not come to an end', async () => {
    const kernel = fakeKernel()
    writeFiles(kernel.variantFolder, { 'build/stamp': '' })
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(stamp(kernel))).toBe(false)
  })

  it('is not marked as finished while it is in use', async () => {
    const kernel = fakeKernel()
    const mark = join(kernel.variantFolder, 'tree-snapshot.json')
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(mark)).toBe(true)
    kernel.scenario(
      `build() { [ ! -e "${mark}" ] || exit 2; echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"; }`,
    )
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(mark)).toBe(true)
  })

  it.each<[string, Partial<VariantPlan>]>([
    ['architecture', { arch: 'i386' }],
    ['toolchain', { toolchain: { crossCompile: '', compiler: 'gcc' } }],
    ['make argument', { makeArgs: ['KCFLAGS=-g0'] }],
  ])('is thrown away for another %s', async (_, change) => {
    const kernel = fakeKernel()
    evidence(await collect(variantPlan(), kernel.options))
    writeFileSync(stamp(kernel), '')
    evidence(await collect(variantPlan(change), kernel.options))
    expect(existsSync(stamp(kernel))).toBe(false)
  })

  it('is thrown away for another version of the compiler', async () => {
    const kernel = fakeKernel()
    evidence(await collect(variantPlan(), kernel.options))
    writeFileSync(stamp(kernel), '')
    writeProgram(join(kernel.bin, 'gcc'), 'echo "gcc (Fake) 13.1.0"')
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(stamp(kernel))).toBe(false)
  })

  it('is thrown away when the tree was replaced by files with old dates', async () => {
    const kernel = fakeKernel()
    evidence(await collect(variantPlan(), kernel.options))
    writeFileSync(stamp(kernel), '')
    writeFileSync(join(kernel.source, 'kernel/fork.c'), 'new fork;\n')
    utimesSync(join(kernel.source, 'kernel/fork.c'), new Date('2020-01-01'), new Date('2020-01-01'))
    evidence(await collect(variantPlan(), kernel.options))
    expect(existsSync(stamp(kernel))).toBe(false)
    expect(kernel.log()).toContain('kernel/fork.c')
  })

  it('of a tree that changes during the build is no evidence', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`build() {
      echo 'long fork;' >"${kernel.source}/kernel/fork.c"
      echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"
    }`)
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem).toMatchObject({
      kind: 'build-failed',
      place: { file: join(kernel.source, 'kernel/fork.c') },
    })
  })

  it('is for one run at a time', async () => {
    const kernel = fakeKernel()
    kernel.scenario('build() { sleep 300; }')
    const first = collect(variantPlan(), kernel.options)
    while (!existsSync(join(kernel.variantFolder, 'lock'))) await delay(10)
    expect(kinds(await collect(variantPlan(), kernel.options))).toEqual(['busy'])
    kernel.controller.abort()
    expect(kinds(await first)).toEqual(['interrupted'])
  })
})

describe('the configuration', () => {
  it('is the base, then fragments, then further lines', async () => {
    const kernel = fakeKernel()
    const base = join(kernel.folder, 'base.config')
    const fragment = join(kernel.folder, 'f.config')
    writeFileSync(base, 'CONFIG_MODULES=y\nCONFIG_MODVERSIONS=y\nCONFIG_LAST=base')
    writeFileSync(fragment, 'CONFIG_A=y\nCONFIG_LAST=fragment')
    const config = configOf({
      from: { kind: 'file', path: base },
      fragments: [fragment],
      set: ['CONFIG_LAST=set'],
    })
    const { notes } = evidence(await collect(variantPlan({ config }), kernel.options))
    expect(notes).toEqual([])
    expect(readFileSync(join(kernel.variantFolder, 'build', '.config'), 'utf8')).toBe(
      'CONFIG_MODULES=y\nCONFIG_MODVERSIONS=y\nCONFIG_LAST=base\nCONFIG_A=y\nCONFIG_LAST=fragment\nCONFIG_LAST=set\n',
    )
    expect(kernel.calls()[0]?.at(-1)).toBe('olddefconfig')
  })

  it('starts from nothing each time, not from what the run before left', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`base() { printf 'CONFIG_MODULES=y\\nCONFIG_MODVERSIONS=y\\n' >>"$out/.config"; }`)
    evidence(await collect(variantPlan({ config: configOf({ set: ['CONFIG_X=y'] }) }), kernel.options))
    evidence(await collect(variantPlan(), kernel.options))
    expect(readFileSync(join(kernel.variantFolder, 'build', '.config'), 'utf8')).not.toContain('CONFIG_X')
  })

  it('that records no checksums is refused before anything is built', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`configure() { sed -i '/MODVERSIONS/d' "$out/.config"; }`)
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem).toMatchObject({ kind: 'modversions-off' })
    expect(problem?.message).toContain('CONFIG_MODVERSIONS')
    expect(kernel.calls().flat()).not.toContain('vmlinux')
    expect(kernel.calls().flat()).not.toContain('prepare')
  })

  it.each(['CONFIG_MODULES=m', 'CONFIG_MODULES=n', '# CONFIG_MODULES is not set'])(
    '%s records none',
    async (line) => {
      const kernel = fakeKernel()
      const config = configOf({ set: [line] })
      expect(kinds(await collect(variantPlan({ config }), kernel.options))).toEqual(['modversions-off'])
    },
  )

  it('notes what the kernel did not keep', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`configure() { sed -i '/CONFIG_LOST/d' "$out/.config"; }`)
    const config = configOf({ set: ['CONFIG_LOST=y', 'CONFIG_KEPT=y'] })
    const { notes } = evidence(await collect(variantPlan({ config }), kernel.options))
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatchObject({ kind: 'option-dropped', variant: 'x86_64' })
    expect(notes[0]?.excerpt).toEqual(['CONFIG_LOST=y was asked for; it is not set'])
  })

  it('that make refuses is a problem with make’s words', async () => {
    const kernel = fakeKernel()
    const config = configOf({ from: { kind: 'targets', targets: ['no_such_target'] } })
    const [problem] = problems(await collect(variantPlan({ config }), kernel.options))
    expect(problem).toMatchObject({ kind: 'configure-failed', excerpt: ['unknown targets: no_such_target'] })
  })

  it('with a line or a file that cannot be read is a problem, and make is not called', async () => {
    const kernel = fakeKernel()
    const fragment = join(kernel.folder, 'f.config')
    const config = configOf({ fragments: [fragment] })
    expect(kinds(await collect(variantPlan({ config }), kernel.options))).toEqual(['unreadable'])
    writeFileSync(fragment, 'CONFIG_A=y\nCONFIG_B y\n')
    const [problem] = problems(await collect(variantPlan({ config }), kernel.options))
    expect(problem).toMatchObject({ kind: 'malformed-line', place: { file: fragment, line: 2 } })
    expect(existsSync(join(kernel.bin, 'calls'))).toBe(false)
  })
})

describe('collect before it starts anything', () => {
  it('refuses what cannot be built', async () => {
    const kernel = fakeKernel()
    const { source, ...withoutSource } = kernel.options
    const { config, ...withoutConfig } = variantPlan()
    expect(config).toBeDefined()
    expect(kinds(await collect(withoutConfig, kernel.options))).toEqual(['config'])
    expect(kinds(await collect(variantPlan(), withoutSource))).toEqual(['tree-not-kernel'])
    expect(kinds(await collect(variantPlan(), { ...kernel.options, source: '/no/such' }))).toEqual([
      'tree-not-kernel',
    ])
    const inside = { ...kernel.options, workDir: join(source ?? '', 'work') }
    expect(kinds(await collect(variantPlan(), inside))).toEqual(['usage'])
    writeFiles(kernel.source, { '.config': '' })
    expect(kinds(await collect(variantPlan(), kernel.options))).toEqual(['tree-not-clean'])
    expect(existsSync(join(kernel.bin, 'calls'))).toBe(false)
  })

  it('does nothing for a variant whose turn comes after the run was stopped', async () => {
    const kernel = fakeKernel()
    kernel.controller.abort()
    expect(kinds(await collect(variantPlan(), kernel.options))).toEqual(['interrupted'])
    expect(existsSync(kernel.variantFolder)).toBe(false)
    expect(kernel.progress).toEqual([])
  })

  it('refuses a compiler that does not work', async () => {
    const kernel = fakeKernel()
    writeProgram(join(kernel.bin, 'gcc'), 'exit 1')
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem).toMatchObject({ kind: 'missing-tool' })
    expect(problem?.message).toContain('gcc --version')
  })

  it('says that the work folder cannot be written', async () => {
    const kernel = fakeKernel()
    mkdirSync(join(kernel.folder, 'work'))
    writeFileSync(kernel.variantFolder, 'a file in the way')
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem).toMatchObject({
      kind: 'unwritable',
      variant: 'x86_64',
      place: { file: kernel.variantFolder },
    })
    expect(problem?.advice).toContain('--work-dir')
  })
})

describe('collect with strategy prebuilt', () => {
  const prebuilt = (symvers?: string) =>
    variantPlan({ strategy: 'prebuilt', ...(symvers ? { symvers } : {}) })

  it('reads the file named and starts nothing', async () => {
    const kernel = fakeKernel()
    const path = join(temporaryFolder(), 'Module.symvers')
    writeFileSync(path, '0x9a8b7c6d\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n')
    const { symvers, how } = evidence(await collect(prebuilt(path), kernel.options))
    expect(symvers.exports).toHaveLength(1)
    expect(how).toEqual({ strategy: 'prebuilt', seconds: expect.any(Number) as number })
    expect(existsSync(join(kernel.bin, 'calls'))).toBe(false)
    expect(existsSync(kernel.variantFolder)).toBe(false)
  })

  it('fails without a file and with an empty one', async () => {
    const kernel = fakeKernel()
    const path = join(temporaryFolder(), 'Module.symvers')
    expect(kinds(await collect(prebuilt(), kernel.options))).toEqual(['no-symvers'])
    expect(kinds(await collect(prebuilt(path), kernel.options))).toEqual(['unreadable'])
    writeFileSync(path, '')
    expect(kinds(await collect(prebuilt(path), kernel.options))).toEqual(['empty-symvers'])
  })
})
