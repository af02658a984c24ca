import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { KernelConfig } from '../../src/config/plan.ts'
import { collect } from '../../src/kernel/collect.ts'
import { evidence, fakeKernel, kinds, problems, variantPlan, writeProgram } from './fake-kernel.ts'

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

  it('has the types that the build made, unless gendwarfksyms did', async () => {
    const kernel = fakeKernel()
    expect(evidence(await collect(variantPlan(), kernel.options)).types).toBeUndefined()
    mkdirSync(join(kernel.variantFolder, 'build/init'), { recursive: true })
    writeFileSync(join(kernel.variantFolder, 'build/init/main.symtypes'), 'printk int printk ( )\n')
    const { types } = evidence(await collect(variantPlan(), kernel.options))
    expect(types).toEqual({ kind: 'path', path: join(kernel.variantFolder, 'build') })
    const config = { ...variantPlan().config, set: ['CONFIG_GENDWARFKSYMS=y'] } as KernelConfig
    expect(evidence(await collect(variantPlan({ config }), kernel.options)).types).toBeUndefined()
  })

  it.each([
    ['3.10.0', '3', '10', true],
    ['4.9.0', '4', '9', true],
    ['4.14.0', '4', '14', false],
    ['5.4.0', '5', '4', false],
  ])(
    'says of Linux %s, which does not build, whether it is too old for that',
    async (release, version, patchlevel, isOld) => {
      const kernel = fakeKernel()
      writeFileSync(
        join(kernel.source, 'Makefile'),
        `VERSION = ${version}\nPATCHLEVEL = ${patchlevel}\nSUBLEVEL = 0\n`,
      )
      kernel.scenario(
        'build() { echo "*** CONFIG_RETPOLINE=y, but not supported by the compiler." >&2; exit 2; }',
      )
      const [problem] = problems(await collect(variantPlan(), kernel.options))
      expect(problem?.message.startsWith(`Linux ${release} is older than 4.14`)).toBe(isOld)
      expect(problem?.advice?.includes('strategy: prebuilt') ?? false).toBe(isOld)
    },
  )

  it('calls make with the variant’s settings, and its own last', async () => {
    const kernel = fakeKernel()
    const toolchain = { crossCompile: 'x-linux-gnu-', compiler: 'gcc' }
    for (const name of ['ld', 'ar', 'nm', 'objcopy'])
      writeProgram(join(kernel.bin, `x-linux-gnu-${name}`), '')
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
      ['-n', '-k', ...settings('build'), '-j3', 'KBUILD_SYMTYPES=1', 'vmlinux', 'modules'],
      [...settings('build'), '-j3', 'KBUILD_SYMTYPES=1', 'vmlinux', 'modules'],
    ])
  })

  it.each([
    ['CROSS_COMPILE ?= arm-linux-gnueabi-', true],
    ['CROSS_COMPILE = /opt/gcc/bin/arm-', true],
    ['CROSS_COMPILE ?= $(CONFIG_CROSS_COMPILE:"%"=%)', false],
  ])('a native build uses no cross tools that the Makefile names: %s', async (line, cleared) => {
    const kernel = fakeKernel()
    writeFileSync(join(kernel.source, 'Makefile'), `VERSION = 6\nPATCHLEVEL = 1\n${line}\n`)
    evidence(await collect(variantPlan(), kernel.options))
    for (const call of kernel.calls()) expect(call.includes('CROSS_COMPILE=')).toBe(cleared)
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
