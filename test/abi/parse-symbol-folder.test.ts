import { describe, expect, test } from 'vitest'
import { parseSymbolFolder } from '../../src/abi/parse-symbol-folder.ts'

function parse(files: Readonly<Record<string, string>>) {
  const list = Object.entries(files).map(([name, text]) => ({ name, file: `kabi/${name}`, text }))
  return parseSymbolFolder('kabi', list)
}

test('each file is one row with its lifetime, sorted by symbol', () => {
  const { value, problems } = parse({
    kfree: '#3-7\n0x1\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n',
    __alloc_skb: '#2-\n0xd93dd652\t__alloc_skb\tvmlinux\tEXPORT_SYMBOL\tNS\n\n',
    Kmalloc: '0x2\tKmalloc\tvmlinux\tEXPORT_SYMBOL_GPL\n',
  })
  expect(problems).toEqual([])
  expect(value).toMatchObject({ file: 'kabi', dialect: 'one-file-per-symbol' })
  expect(value.rows).toEqual([
    {
      symbol: 'Kmalloc',
      crc: 2,
      module: 'vmlinux',
      type: 'EXPORT_SYMBOL_GPL',
      namespace: undefined,
      section: '',
      file: 'kabi/Kmalloc',
      line: 1,
    },
    {
      symbol: '__alloc_skb',
      crc: 0xd93dd652,
      module: 'vmlinux',
      type: 'EXPORT_SYMBOL',
      namespace: 'NS',
      section: '',
      lifetime: { first: 2 },
      file: 'kabi/__alloc_skb',
      line: 2,
    },
    {
      symbol: 'kfree',
      crc: 1,
      module: 'vmlinux',
      type: 'EXPORT_SYMBOL',
      namespace: '',
      section: '',
      lifetime: { first: 3, last: 7 },
      file: 'kabi/kfree',
      line: 2,
    },
  ])
})

test('hidden files and README are skipped', () => {
  const { value, problems } = parse({
    '.gitignore': '*.swp\n',
    README: 'One file a symbol.\n',
    'README.md': '# kABI\n',
    README_first: '#1-\n0x1\tREADME_first\tvmlinux\tEXPORT_SYMBOL\t\n',
  })
  expect(problems).toEqual([])
  expect(value.rows.map(({ symbol }) => symbol)).toEqual(['README_first'])
})

describe('a file that is not understood', () => {
  const row = '0x1\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n'

  test.each([
    ['is named unlike its symbol', '#1-\n0x1\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\n', 2, '"kmalloc"'],
    ['has two rows', row + row, 2, 'second row'],
    ['has two lifetimes', '#1-\n#2-\n' + row, 2, 'the lifetime'],
    ['has its lifetime last', row + '#1-\n', 2, 'the lifetime'],
    ['has a comment for a lifetime', '# since 6\n' + row, 1, '"# since 6" is not a lifetime'],
    ['ends before it begins', '#7-3\n' + row, 1, '"#7-3" is not a lifetime'],
    ['has a row that is cut off', '#1-\n0x1\tkf', 2, 'found 2 columns'],
    ['has no checksum', '#1-\nkfree\n', 2, '"kfree" is not a checksum'],
  ])('%s', (_, text, line, message) => {
    const { value, problems } = parse({ kfree: text, other: '0x2\tother\tvmlinux\tEXPORT_SYMBOL\t\n' })
    expect(value.rows.map(({ symbol }) => symbol)).toEqual(['other'])
    expect(problems).toMatchObject([
      {
        kind: 'malformed-line',
        message: expect.stringContaining(message) as unknown,
        place: { file: 'kabi/kfree', line },
      },
    ])
  })

  test.each(['', '\n', '#1-\n'])('has no row: %j', (text) => {
    expect(parse({ kfree: text }).problems).toMatchObject([
      {
        kind: 'malformed-line',
        message: expect.stringContaining('no row') as unknown,
        place: { file: 'kabi/kfree' },
      },
    ])
  })

  test('is binary', () => {
    expect(parse({ kfree: '\u0000\u0001' }).problems).toMatchObject([{ kind: 'unreadable' }])
  })
})

test('a folder without files protects nothing', () => {
  expect(parse({ README: 'soon\n' }).problems).toMatchObject([
    { kind: 'empty-whitelist', place: { file: 'kabi' } },
  ])
})

test('checksums that are all zero cannot be compared', () => {
  expect(parse({ a: '0x0\ta\tvmlinux\tEXPORT_SYMBOL\t\n' }).problems).toMatchObject([
    { kind: 'all-unversioned' },
  ])
})
