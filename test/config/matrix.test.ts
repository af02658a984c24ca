import { describe, expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import { matrixOf } from '../../src/config/matrix.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { planDigest } from '../../src/config/plan-digest.ts'

function planOf(text: string, folder = '/tree') {
  const { value, problems } = parseConfig(text, 'kabi.yml')
  if (!value) throw new Error(problems.map(({ message }) => message).join('\n'))
  return makePlan(value, 'kabi.yml', folder)
}

const many = (count: number) =>
  planOf(
    `version: 1\nvariants:\n${Array.from({ length: count }, (_, at) => `  v${at}: { arch: x86_64 }\n`).join('')}`,
  )

describe('the matrix of a plan', () => {
  it('has a leg for each variant that promises something, with its runner', () => {
    const plan = planOf(`version: 1
defaults: { runner: big }
variants:
  a: { arch: x86_64 }
  b: { arch: s390x, runner: [self-hosted, s390x], strategy: full }
  c: { arch: x86_64, promise: none, reason: a technology preview }
`)
    expect(matrixOf(plan).value).toEqual({
      include: [
        { variant: 'a', arch: 'x86_64', strategy: 'exports', runner: 'big' },
        { variant: 'b', arch: 's390x', strategy: 'full', runner: ['self-hosted', 's390x'] },
      ],
    })
  })

  it('has at most 256 legs', () => {
    expect(matrixOf(many(256)).value?.include).toHaveLength(256)
    expect(matrixOf(many(257))).toMatchObject({ value: undefined, problems: [{ kind: 'config' }] })
  })
})

describe('the digest of a plan', () => {
  function digest(settings: string, folder?: string): string {
    const plan = planOf(`version: 1\nvariants: { a: { arch: x86_64, ${settings} } }\n`, folder)
    const [variant] = plan.variants
    if (!variant) throw new Error('no variant')
    return planDigest(variant, plan.folder)
  }
  const some = 'config: configs/a.config, compiler: tools/gcc, llvm: llvm/bin/, make-args: [V=1]'

  it('is the same wherever the tree lies', () => {
    expect(digest(some, '/elsewhere/tree')).toBe(digest(some, '/tree'))
  })

  it.each([
    some.replace('a.config', 'b.config'),
    some.replace('tools/gcc', 'gcc'),
    some.replace('llvm/bin/', '/llvm/bin/'),
    some.replace('V=1', 'V=2'),
    `${some}, strategy: full`,
    `${some}, cross-compile: x86_64-linux-gnu-`,
    some.replace('configs/a.config', '{ defconfig: defconfig }'),
  ])('is another for %s', (settings) => {
    expect(digest(settings)).not.toBe(digest(some))
  })

  it('does not count where the job runs and what is promised', () => {
    expect(digest(`${some}, runner: big, whitelist: other`)).toBe(digest(some))
  })
})
