import { expect, it } from 'vitest'
import type { Export } from '../../src/abi/export.ts'
import type { Verification } from '../../src/abi/verification.ts'
import { verificationJson, verificationText } from '../../src/report/verification.ts'

const row: Export = {
  symbol: 'dev_open',
  crc: 0x12ab,
  module: 'vmlinux',
  type: 'EXPORT_SYMBOL',
  namespace: '',
  file: 'net/core/dev.c',
  line: 9,
}

const verification: Verification = {
  variant: 'x86_64',
  against: 'Module.symvers',
  how: { strategy: 'exports', seconds: 2 },
  asked: 6,
  equal: 2,
  missing: [{ ...row, symbol: 'a_missing' }],
  surplus: [{ ...row, symbol: 'b_surplus', type: undefined, namespace: 'NS' }],
  unknown: ['c_unknown'],
  different: [{ computed: { ...row, crc: 1 }, recorded: row }],
}

it('a verification as text names each symbol that is not equal, and ends with the count', () => {
  expect(verificationText(verification)).toBe(`x86_64: strategy exports against Module.symvers
missing    a_missing  recorded 0x000012ab vmlinux EXPORT_SYMBOL
surplus    b_surplus  computed 0x000012ab vmlinux - NS
unknown    c_unknown  exported by neither
different  dev_open   recorded 0x000012ab vmlinux EXPORT_SYMBOL  computed 0x00000001 vmlinux EXPORT_SYMBOL
2 of 6 symbols equal, 1 missing, 1 surplus, 1 unknown, 1 different
`)
})

it('a verification as JSON says the same', () => {
  expect(JSON.parse(verificationJson(verification))).toMatchObject({
    schemaVersion: 1,
    asked: 6,
    equal: 2,
    missing: [{ symbol: 'a_missing', crc: '0x000012ab' }],
    surplus: [{ symbol: 'b_surplus', type: null, namespace: 'NS' }],
    unknown: ['c_unknown'],
    different: [{ computed: { crc: '0x00000001' }, recorded: { crc: '0x000012ab' } }],
  })
})
