import { expect, test } from 'vitest'
import type { Evidence } from '../../src/abi/evidence.ts'
import { makeBaseline } from '../../src/abi/make-baseline.ts'

const evidence: Evidence = {
  kind: 'evidence',
  variant: 'amd64',
  symvers: { file: '/linux', exports: [] },
  how: { strategy: 'exports', compiler: 'gcc\t12', configDigest: 'cd', seconds: 1 },
  build: { arch: 'x86_64', kernel: '6.1.170', genksyms: 'ab', options: new Map([['CONFIG_A', 'y']]) },
  notes: [],
}

test('a baseline says what the evidence knows', () => {
  const options = new Map([['CONFIG_SMP', 'y']])
  expect(makeBaseline(evidence, { commit: 'ef' }, options)).toEqual({
    variant: 'amd64',
    arch: 'x86_64',
    kernel: '6.1.170',
    source: { commit: 'ef' },
    compiler: 'gcc 12',
    genksyms: 'ab',
    configDigest: 'cd',
    options,
  })
})

test('of a build by somebody else only the variant is known', () => {
  const prebuilt: Evidence = {
    kind: 'evidence',
    variant: 'amd64',
    symvers: { file: 'Module.symvers', exports: [] },
    how: { strategy: 'prebuilt', seconds: 1 },
    notes: [],
  }
  const known = Object.entries(makeBaseline(prebuilt, undefined, undefined)).filter(
    ([, value]) => value !== undefined,
  )
  expect(known).toEqual([['variant', 'amd64']])
})
