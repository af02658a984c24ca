import { expect, test } from 'vitest'
import { checksumsMissing, joinChecksums } from '../../src/abi/join-checksums.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'

function list(text: string, file: string) {
  const { value, problems } = parseWhitelist(text, file)
  expect(problems).toEqual([])
  return value
}

const checksums = list(
  '0x1\ta\tvmlinux\tEXPORT_SYMBOL\tNS\n0x2\tb\tfs/b\tEXPORT_SYMBOL_GPL\t\n0x3\tc\tvmlinux\tEXPORT_SYMBOL\t\n',
  'Module.kabi',
)

test('names get their columns and keep their section and place; other checksums protect nothing', () => {
  const names = list('[s]\n\ta\n[t]\n\ta\n\tb\n', 'names')
  expect(joinChecksums(names, checksums)).toEqual({
    value: {
      file: 'names',
      dialect: 'names',
      rows: [
        {
          symbol: 'a',
          crc: 1,
          module: 'vmlinux',
          type: 'EXPORT_SYMBOL',
          namespace: 'NS',
          section: 's',
          file: 'names',
          line: 2,
        },
        {
          symbol: 'a',
          crc: 1,
          module: 'vmlinux',
          type: 'EXPORT_SYMBOL',
          namespace: 'NS',
          section: 't',
          file: 'names',
          line: 4,
        },
        {
          symbol: 'b',
          crc: 2,
          module: 'fs/b',
          type: 'EXPORT_SYMBOL_GPL',
          namespace: '',
          section: 't',
          file: 'names',
          line: 5,
        },
      ],
    },
    problems: [],
  })
})

test('names without a checksum are one problem that counts symbols, names ten and shows where the first stands', () => {
  const lost = Array.from({ length: 12 }, (_, index) => `lost${index}`)
  const names = list('[s]\na\n' + lost.join('\n') + '\n[t]\nlost0\n', 'names')
  const { value, problems } = joinChecksums(names, checksums)
  expect(problems).toEqual([
    {
      kind: 'no-checksum',
      message:
        `12 of 13 protected symbols have no checksum: ${lost.slice(0, 10).join(', ')}, …. ` +
        'Looked for in "Module.kabi".',
      place: { file: 'names', line: 3 },
    },
  ])
  expect(value.rows).toHaveLength(14)
  expect(value.rows[0]?.crc).toBe(1)
})

test('a list with checksums of its own must agree with the ones it is given', () => {
  expect(joinChecksums(list('0x1\ta\n', 'own'), checksums).problems).toEqual([])
  expect(joinChecksums(list('0x9\ta\n', 'own'), checksums).problems).toMatchObject([
    {
      kind: 'conflicting-rows',
      message: expect.stringContaining('line 1 of "Module.kabi"') as unknown,
      place: { file: 'own', line: 1 },
    },
  ])
})

test('checksums that are names themselves join nothing', () => {
  const names = list('a\nb\n', 'names')
  expect(joinChecksums(names, names).problems).toMatchObject([{ kind: 'no-checksum' }])
})

test('a list used alone lacks checksums, or does not', () => {
  expect(checksumsMissing(checksums)).toBeUndefined()
  expect(checksumsMissing(list('a\nb\n', 'names'))).toEqual({
    kind: 'no-checksum',
    message: '2 of 2 protected symbols have no checksum: a, b.',
    place: { file: 'names', line: 1 },
  })
})
