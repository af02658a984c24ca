import fc from 'fast-check'
import { runs } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { compare } from '../../src/abi/compare.ts'
import { exportTypes, formatCrc } from '../../src/abi/export.ts'
import { formatWhitelist } from '../../src/abi/format-whitelist.ts'
import { parseSymvers } from '../../src/abi/parse-symvers.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'

interface Column {
  readonly symbol: string
  readonly crc: number
  readonly module: string
  readonly type: string
  readonly namespace: string
}

const exported: fc.Arbitrary<Column> = fc.record({
  symbol: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/),
  crc: fc.integer({ min: 1, max: 0xffffffff }),
  module: fc.constantFrom('vmlinux', 'fs/ext4/ext4', 'net/core'),
  type: fc.constantFrom(...exportTypes),
  namespace: fc.constantFrom('', 'DMA_BUF', 'module:kvm'),
})
const build = fc.uniqueArray(exported, { selector: ({ symbol }) => symbol, minLength: 1, maxLength: 30 })

const layouts: readonly ((row: Column) => string)[] = [
  ({ crc, symbol, module }) => [formatCrc(crc), symbol, module].join('\t'),
  ({ crc, symbol, module, type }) => [formatCrc(crc), symbol, module, type].join('\t'),
  ({ crc, symbol, module, type, namespace }) => [formatCrc(crc), symbol, namespace, module, type].join('\t'),
  ({ crc, symbol, module, type, namespace }) => [formatCrc(crc), symbol, module, type, namespace].join('\t'),
]
const symversText = fc
  .tuple(build, fc.constantFrom(...layouts))
  .map(([rows, layout]) => rows.map((row) => layout(row) + '\n').join(''))

function whitelistTextOf(symvers: string): string {
  const { value, problems } = parseSymvers(symvers, 'Module.symvers')
  expect(problems).toEqual([])
  const rows = value.exports.map((row) => ({ ...row, section: '' }))
  return formatWhitelist({ file: 'w', dialect: 'canonical', rows })
}

test('a whitelist made from a symvers of any layout does not differ from it', () => {
  fc.assert(
    fc.property(symversText, (text) => {
      const symvers = parseSymvers(text, 'Module.symvers').value
      const whitelist = parseWhitelist(whitelistTextOf(text), 'w')
      expect(whitelist.problems).toEqual([])
      const count = symvers.exports.length
      expect(compare(whitelist.value, symvers)).toMatchObject({
        protected: count,
        compared: count,
        differences: [],
        added: [],
      })
    }),
  )
})

test('any one changed digit of a protected checksum is exactly one changed symbol', () => {
  const pick = fc.nat()
  const otherDigit = fc.integer({ min: 1, max: 15 })
  fc.assert(
    fc.property(symversText, pick, otherDigit, (text, at, distance) => {
      const digits = [...text.matchAll(/(?<=^0x[0-9a-f]*)[0-9a-f]/gm)].map(({ index }) => index)
      const offset = digits[at % digits.length] ?? 0
      const digit = (parseInt(text.charAt(offset), 16) ^ distance).toString(16)
      const patched = text.slice(0, offset) + digit + text.slice(offset + 1)
      const line = text.slice(0, offset).split('\n').length
      const symvers = parseSymvers(patched, 'Module.symvers').value
      fc.pre(symvers.exports[line - 1]?.crc !== 0)
      const { differences } = compare(parseWhitelist(whitelistTextOf(text), 'w').value, symvers)
      expect(differences).toMatchObject([{ kind: 'changed', current: { line } }])
    }),
    { numRuns: runs(300) },
  )
})
