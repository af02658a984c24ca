import { describe, expect, it } from 'vitest'
import { errorExcerpt } from '../../src/kernel/error-excerpt.ts'

function excerptOf(stderr: readonly string[], stdoutBetween?: string): readonly string[] {
  const excerpt = errorExcerpt()
  for (const line of stderr) {
    excerpt.add(line, 'stderr')
    if (stdoutBetween !== undefined) excerpt.add(stdoutBetween, 'stdout')
  }
  return excerpt.lines()
}

const compilerMessage = [
  "kernel/fork.c: In function 'fork':",
  "kernel/fork.c:12:3: error: expected ';' before '}' token",
  '   12 |   fork()',
  '      |         ^',
  '      |         ;',
]

describe('errorExcerpt', () => {
  it('keeps a compiler’s message whole while other output comes in between', () => {
    const lines = excerptOf(
      [...compilerMessage, 'make[2]: *** [kernel/fork.o] Error 1'],
      '  CC      lib/sort.o',
    )
    expect(lines).toEqual([...compilerMessage, 'make[2]: *** [kernel/fork.o] Error 1'])
  })

  it('leaves out what went well before and warnings after', () => {
    const warnings = Array.from({ length: 50 }, (_, count) => `lib/a.c:${count}: warning: unused`)
    const lines = excerptOf([...warnings, 'make: *** [Makefile:1: kernel] Error 2', ...warnings])
    expect(lines).toEqual(['make: *** [Makefile:1: kernel] Error 2'])
  })

  it('keeps the first and the last of many errors, and at most twenty lines', () => {
    const many = Array.from({ length: 500 }, (_, count) => `kernel/fork.c:${count}:1: error: wrong`)
    const lines = excerptOf([...many, 'make: *** Error 2'])
    expect(lines).toHaveLength(20)
    expect(lines[0]).toBe('kernel/fork.c:0:1: error: wrong')
    expect(lines[14]).toBe('[482 more lines]')
    expect(lines[19]).toBe('make: *** Error 2')
  })

  it.each([
    'ERROR: modpost: "foo" [fs/bar.ko] undefined!',
    "fork.c:(.text+0x1): undefined reference to `foo'",
    'gcc: fatal error: Killed signal terminated program cc1',
    '*** The source tree is not clean',
  ])('knows %j as an error', (line) => {
    expect(excerptOf([line, ...Array.from({ length: 30 }, () => 'later')])).toContain(line)
  })

  it('puts Kconfig’s own words before what every make says after them, and these only once', () => {
    const kconfig = 'drivers/Kconfig:16: can\'t open file "drivers/gone/Kconfig"'
    const lines = excerptOf([
      'drivers/Kconfig:9:warning: ignoring unsupported character',
      kconfig,
      'make[2]: *** [scripts/kconfig/Makefile:77: olddefconfig] Error 1',
      ...Array.from({ length: 5 }, (_, level) => `make[${level}]: *** [Makefile:1: olddefconfig] Error 2`),
    ])
    expect(lines.filter((line) => line === kconfig)).toHaveLength(1)
    expect(lines.at(-2)).toBe(kconfig)
    expect(lines.at(-1)).toBe('make[2]: *** [scripts/kconfig/Makefile:77: olddefconfig] Error 1')
  })

  it.each([
    'init/Kconfig:20: syntax error',
    'arch/x86/Kconfig.debug:7: unknown statement "bol"',
    'Kconfig:3: missing end statement for this entry',
    'net/Kconfig:12: recursive inclusion detected.',
    'Recursive inclusion detected.',
    "can't find file Kconfig",
  ])('knows Kconfig’s %j as an error', (line) => {
    expect(excerptOf([line, ...Array.from({ length: 30 }, () => 'later')])).toContain(line)
  })

  it('gives the end of the output when no line speaks of an error', () => {
    const lines = excerptOf(Array.from({ length: 30 }, (_, count) => `line ${count}`))
    expect(lines).toEqual(Array.from({ length: 10 }, (_, count) => `line ${count + 20}`))
  })

  it('gives nothing for no output', () => {
    expect(excerptOf([])).toEqual([])
  })

  it('removes colours and control characters and shortens long lines', () => {
    const esc = '\u001b'
    expect(excerptOf([`${esc}[01;31merror:${esc}[0m a\tb\u0007\u0000\u202e`])).toEqual(['error: a b'])
    const [long = ''] = excerptOf([`error: ${'x'.repeat(10_000)}`])
    expect(long).toHaveLength(200)
  })
})
