import { describe, expect, it, test } from 'vitest'
import { parseSymvers } from '../../src/abi/parse-symvers.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { driverProblems, judgeDrivers } from '../../src/judge/drivers.ts'
import type { SymbolFinding } from '../../src/judge/finding.ts'
import type { KernelModule, ModuleInfo } from '../../src/module/kernel-module.ts'
import { changed } from '../report/samples.ts'

function driver(
  name: string,
  imports: Readonly<Record<string, number>>,
  info: Partial<ModuleInfo> = {},
): KernelModule {
  return {
    file: `drivers/${name}.ko`,
    name,
    arch: 'x86_64',
    imports: Object.entries(imports).map(([symbol, crc]) => ({ symbol, crc })),
    exports: new Set(),
    info: { license: 'GPL', vermagic: undefined, namespaces: [], ...info },
  }
}

const whitelist = parseWhitelist(
  '0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n0x00000002\tpci_up\tvmlinux\tEXPORT_SYMBOL\t\n',
  'list',
).value
const kernel = (text: string) => parseSymvers(text, 'Module.symvers').value
const same =
  '0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n0x00000002\tpci_up\tvmlinux\tEXPORT_SYMBOL\t\n0x00000003\tprivate\tvmlinux\tEXPORT_SYMBOL\t\n'

function judged(
  drivers: readonly KernelModule[],
  symvers: string,
  findings: readonly SymbolFinding[] = [],
  standard: 'fail' | 'warn' = 'fail',
) {
  return judgeDrivers(
    [{ variant: 'x86_64', drivers, whitelist, symvers: kernel(symvers) }],
    findings,
    standard,
  )
}

test('drivers load on a kernel that has what they need', () => {
  const report = judged([driver('a', { kfree: 1, private: 3 })], same)
  expect(report).toStrictEqual({
    sets: [{ variant: 'x86_64', drivers: 1, broken: 0, foreign: [] }],
    broken: [],
    ranks: [],
  })
  expect(driverProblems(report)).toStrictEqual([])
})

describe.each<[string, KernelModule, string, unknown]>([
  [
    'a changed symbol',
    driver('a', { kfree: 1 }),
    same.replace('00000001', '00000009'),
    { kind: 'checksum', symbol: 'kfree', built: 1, expected: 9, by: 'kernel' },
  ],
  [
    'a changed symbol that nobody protects',
    driver('a', { private: 3 }),
    same.replace('00000003', '00000009'),
    { kind: 'checksum', symbol: 'private', built: 3, expected: 9, by: 'kernel' },
  ],
  ['a removed symbol', driver('a', { gone: 3 }), same, { kind: 'not-exported', symbol: 'gone' }],
  [
    'a symbol that became GPL-only',
    driver('a', { kfree: 1 }, { license: 'Proprietary' }),
    same.replace('SYMBOL', 'SYMBOL_GPL'),
    { kind: 'gpl-only', symbol: 'kfree' },
  ],
  [
    'a symbol that moved into a namespace',
    driver('a', { kfree: 1 }),
    same.replace('SYMBOL\t', 'SYMBOL\tMM'),
    { kind: 'namespace', symbol: 'kfree', namespace: 'MM' },
  ],
])('%s', (_, module, symvers, reason) => {
  it('stops a driver that uses it', () => {
    const { broken } = judged([module, driver('b', { pci_up: 2 })], symvers)
    expect(broken).toMatchObject([{ name: 'a', severity: 'fail', reasons: [reason], causes: [] }])
  })
})

test('a driver built for another kernel than the released one is not broken by the patch', () => {
  const report = judged([driver('old', { kfree: 7 }), driver('a', { kfree: 1 })], same)
  expect(report.sets).toMatchObject([{ drivers: 2, broken: 0, foreign: ['drivers/old.ko'] }])
  expect(driverProblems(report)).toStrictEqual([])
})

test('a set of nothing but drivers for another kernel is an error', () => {
  expect(driverProblems(judged([driver('old', { kfree: 7 })], same))).toMatchObject([
    { kind: 'other-kernel', variant: 'x86_64' },
  ])
})

test('causes and symbols are ranked by the drivers they stop', () => {
  const findings = [
    { ...changed('kfree', 'x86_64'), causes: ['s#page:1', 's#list:2'] },
    { ...changed('pci_up', 'x86_64'), causes: ['s#list:2'] },
  ]
  const symvers = same
    .replace('00000001', '00000008')
    .replace('00000002', '00000009')
    .replace(/.*private.*\n/, '')
  const drivers = [
    driver('a', { kfree: 1 }),
    driver('b', { pci_up: 2, kfree: 1 }),
    driver('c', { pci_up: 2 }),
    driver('d', { private: 3 }),
  ]
  const { broken, ranks } = judged(drivers, symvers, findings)
  expect(ranks).toStrictEqual([
    { about: { cause: 's#list:2' }, drivers: 3 },
    { about: { cause: 's#page:1' }, drivers: 2 },
    { about: { symbol: 'private' }, drivers: 1 },
  ])
  expect(broken.map(({ name, causes }) => [name, causes])).toStrictEqual([
    ['a', ['s#page:1', 's#list:2']],
    ['b', ['s#page:1', 's#list:2']],
    ['c', ['s#list:2']],
    ['d', []],
  ])
})

test('a driver weighs no more than the finding that stops it, nor than the policy says', () => {
  const symvers = same.replace('00000001', '00000008').replace('00000003', '00000009')
  const excused = [{ ...changed('kfree', 'x86_64'), severity: 'warn' as const }]
  const drivers = [driver('a', { kfree: 1 }), driver('b', { kfree: 1, private: 3 })]
  const severities = (standard: 'fail' | 'warn', findings: readonly SymbolFinding[]) =>
    judged(drivers, symvers, findings, standard).broken.map(({ severity }) => severity)
  expect(severities('fail', excused)).toStrictEqual(['warn', 'fail'])
  expect(severities('warn', [])).toStrictEqual(['warn', 'warn'])
})
