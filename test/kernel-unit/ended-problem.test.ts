import { describe, expect, it } from 'vitest'
import { endedProblem } from '../../src/kernel/ended-problem.ts'

function failed(...excerpt: readonly string[]) {
  const ended = { kind: 'exited', code: 2, forced: false } as const
  return endedProblem(ended, { what: 'make prepare', kind: 'build-failed', excerpt, log: '/log' })
}

describe('a build that ended with an error', () => {
  it.each([
    [
      "subcmd-util.h:56:23: error: pointer may be used after 'realloc' [-Werror=use-after-free]",
      '[WERROR=0]',
    ],
    ["/src/tools/lib/bpf/libbpf.c:9:1: error: discards 'const' [-Werror=discarded-qualifiers]", '[WERROR=0]'],
    [
      './include/linux/a.h:3:9: error: taking address of packed member [-Werror=address-of-packed-member]',
      '[KCFLAGS=-Wno-error]',
    ],
    ['arch/x86/kernel/asm-offsets.c:9:1: error: unused [-Werror]', '[KCFLAGS=-Wno-error]'],
  ])('has the cure for %s', (line, cure) => {
    const advice = failed(line, 'make: *** [Makefile:1: prepare] Error 2')?.advice
    expect(advice).toContain(`make-args: ${cure}`)
    expect(advice).toContain('newer than the kernel')
  })

  it('has both where both are needed', () => {
    const advice = failed(
      'subcmd-util.h:56:23: error: x [-Werror=use-after-free]',
      'kernel/a.c:1:1: error: y [-Werror=array-bounds]',
    )?.advice
    expect(advice).toContain('[WERROR=0, KCFLAGS=-Wno-error]')
  })

  it.each(["kernel/fork.c:12:3: error: expected ';'", 'kernel/a.c:1:1: warning: x [-Wunused]'])(
    'has no such advice for %s',
    (line) => {
      expect(failed(line)).not.toHaveProperty('advice')
    },
  )
})

describe('for a bisection, the end of a build', () => {
  const end = { what: 'make vmlinux', kind: 'build-failed', excerpt: [], log: '/log' } as const

  it('speaks of the commit where its source is wrong', () => {
    expect(failed("kernel/fork.c:12:3: error: expected ';'")).not.toHaveProperty('speaksOf')
  })

  it.each(['cc1: out of memory allocating 65536 bytes', 'a.s: No space left on device'])(
    'speaks of the machine where it says %s',
    (line) => {
      expect(failed(line)).toHaveProperty('speaksOf', 'setup')
    },
  )

  it('speaks of the machine where somebody ended it', () => {
    expect(endedProblem({ kind: 'killed', signal: 'SIGKILL' }, end)).toHaveProperty('speaksOf', 'setup')
  })
})
