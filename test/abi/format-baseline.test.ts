import { expect, test } from 'vitest'
import { nothingRecorded, type Baseline } from '../../src/abi/baseline.ts'
import { formatBaseline } from '../../src/abi/format-baseline.ts'

const unknown: Baseline = { variant: 'amd64', ...nothingRecorded }

/** Without the comment on top. */
function lines(baseline: Baseline): string[] {
  const text = formatBaseline(baseline)
  expect(text).toMatch(/^(# .*\n)+version: 1\n/)
  return text.replace(/^(# .*\n)+version: 1\n/, '').split('\n')
}

test('writes keys in a fixed order and options sorted', () => {
  const digest = 'ab'.repeat(32)
  const options = new Map([
    ['CONFIG_SMP', 'y'],
    ['CONFIG_NR_CPUS', '8192'],
    ['CONFIG_64BIT', 'n'],
    ['CONFIG_LOCALVERSION', '"-1"'],
  ])
  const source = { commit: 'cd'.repeat(20) }
  const compiler = 'gcc-12 (Debian 12.2.0-14) 12.2.0'
  const known = { arch: 'x86_64', kernel: '6.1', source, compiler, genksyms: digest, configDigest: digest }
  expect(lines({ ...unknown, ...known, options })).toEqual([
    'variant: amd64',
    'arch: x86_64',
    'kernel: "6.1"',
    `commit: "${source.commit}"`,
    'compiler: "gcc-12 (Debian 12.2.0-14) 12.2.0"',
    `genksyms: "${digest}"`,
    `config-digest: "${digest}"`,
    'options:',
    '  CONFIG_64BIT: n',
    '  CONFIG_LOCALVERSION: "\\"-1\\""',
    '  CONFIG_NR_CPUS: "8192"',
    '  CONFIG_SMP: y',
    '',
  ])
})

test('leaves out what is unknown', () => {
  expect(lines(unknown)).toEqual(['variant: amd64', ''])
})

test('tells no options from unknown options', () => {
  expect(lines({ ...unknown, options: new Map() })).toEqual(['variant: amd64', 'options: {}', ''])
})
