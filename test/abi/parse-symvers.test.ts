import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exportTypes } from '../../src/abi/export.ts'
import { parseSymvers } from '../../src/abi/parse-symvers.ts'
import { isError } from '../../src/problem/problem.ts'

const place = { file: 'Module.symvers', line: 1 }

function parse(text: string) {
  return parseSymvers(text, 'Module.symvers')
}

function kinds(text: string): string[] {
  return parse(text).problems.map(({ kind }) => kind)
}

describe('layouts', () => {
  const absent = { type: undefined, namespace: undefined }
  const rows = [
    {
      name: '2.6 without export type',
      line: '0x5c1f1df8\to2hb_register\tfs/ocfs2/cluster/ocfs2_nodemanager',
      expected: {
        crc: 0x5c1f1df8,
        symbol: 'o2hb_register',
        module: 'fs/ocfs2/cluster/ocfs2_nodemanager',
        ...absent,
      },
    },
    {
      name: '2.6 to 5.3, four columns',
      line: '0x93956063\t___pskb_trim\tvmlinux\tEXPORT_SYMBOL',
      expected: {
        crc: 0x93956063,
        symbol: '___pskb_trim',
        module: 'vmlinux',
        type: 'EXPORT_SYMBOL',
        namespace: undefined,
      },
    },
    {
      name: '5.4, namespace third',
      line: '0x12\tusb_x\tUSB_STORAGE\tdrivers/usb/storage/usb-storage\tEXPORT_SYMBOL_GPL',
      expected: {
        crc: 0x12,
        symbol: 'usb_x',
        module: 'drivers/usb/storage/usb-storage',
        type: 'EXPORT_SYMBOL_GPL',
        namespace: 'USB_STORAGE',
      },
    },
    {
      name: '5.4, namespace third and empty',
      line: '0x12\tkfree\t\tvmlinux\tEXPORT_SYMBOL',
      expected: { crc: 0x12, symbol: 'kfree', module: 'vmlinux', type: 'EXPORT_SYMBOL', namespace: '' },
    },
    {
      name: '5.6, namespace last',
      line: '0x12\tdma_buf_get\tvmlinux\tEXPORT_SYMBOL_GPL\tDMA_BUF',
      expected: {
        crc: 0x12,
        symbol: 'dma_buf_get',
        module: 'vmlinux',
        type: 'EXPORT_SYMBOL_GPL',
        namespace: 'DMA_BUF',
      },
    },
    {
      name: '5.6, namespace last and empty',
      line: '0xfa41bfa1\tI_BDEV\tvmlinux\tEXPORT_SYMBOL\t',
      expected: {
        crc: 0xfa41bfa1,
        symbol: 'I_BDEV',
        module: 'vmlinux',
        type: 'EXPORT_SYMBOL',
        namespace: '',
      },
    },
    {
      name: '6.13, namespace that names modules',
      line: '0x12\tkvm_x\tarch/x86/kvm/kvm\tEXPORT_SYMBOL_GPL\tmodule:kvm-amd,kvm-intel',
      expected: {
        crc: 0x12,
        symbol: 'kvm_x',
        module: 'arch/x86/kvm/kvm',
        type: 'EXPORT_SYMBOL_GPL',
        namespace: 'module:kvm-amd,kvm-intel',
      },
    },
    {
      name: 'tabs and spaces mixed, as RHEL 6 has them',
      line: '0x5e95b1cd\tcurrent_umask   vmlinux EXPORT_SYMBOL',
      expected: {
        crc: 0x5e95b1cd,
        symbol: 'current_umask',
        module: 'vmlinux',
        type: 'EXPORT_SYMBOL',
        namespace: undefined,
      },
    },
    {
      name: 'spaces beside the tabs',
      line: '0x12\tfoo  \t vmlinux\tEXPORT_SYMBOL \t',
      expected: { crc: 0x12, symbol: 'foo', module: 'vmlinux', type: 'EXPORT_SYMBOL', namespace: '' },
    },
    {
      name: 'columns aligned with several tabs',
      line: '0x5e95b1cd\t\tcurrent_umask\t\t\tvmlinux\t\tEXPORT_SYMBOL',
      expected: {
        crc: 0x5e95b1cd,
        symbol: 'current_umask',
        module: 'vmlinux',
        type: 'EXPORT_SYMBOL',
        namespace: undefined,
      },
    },
    {
      name: 'a module path that is not ASCII',
      line: '0x12\tfoo\t/home/jürgen/mod\tEXPORT_SYMBOL',
      expected: {
        crc: 0x12,
        symbol: 'foo',
        module: '/home/jürgen/mod',
        type: 'EXPORT_SYMBOL',
        namespace: undefined,
      },
    },
  ]

  test.each(rows)('$name', ({ line, expected }) => {
    expect(parse(line + '\n')).toEqual({
      value: { file: 'Module.symvers', exports: [{ ...expected, ...place }] },
      problems: [],
    })
  })

  test.each(exportTypes)('export type %s', (type) => {
    expect(parse(`0x12\tfoo\tvmlinux\t${type}\t\n`).value.exports[0]?.type).toBe(type)
  })

  test.each([
    ['CR LF', '0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\r\n0x2\tb\tvmlinux\tEXPORT_SYMBOL\tNS\r\n'],
    ['no final newline', '0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\n0x2\tb\tvmlinux\tEXPORT_SYMBOL\tNS'],
    ['blank lines', '\n0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\n \t\n0x2\tb\tvmlinux\tEXPORT_SYMBOL\tNS\n\n'],
  ])('%s', (_, text) => {
    const { value, problems } = parse(text)
    expect(problems).toEqual([])
    expect(value.exports.map(({ symbol, namespace }) => [symbol, namespace])).toEqual([
      ['a', ''],
      ['b', 'NS'],
    ])
  })

  test('rows of the layouts 5.4 and 5.6 may follow each other, each row decides for itself', () => {
    const { value, problems } = parse(
      '0x1\ta\tNS\tvmlinux\tEXPORT_SYMBOL\n0x2\tb\tvmlinux\tEXPORT_SYMBOL\tNS\n',
    )
    expect(problems).toEqual([])
    expect(value.exports.map(({ module, namespace }) => [module, namespace])).toEqual([
      ['vmlinux', 'NS'],
      ['vmlinux', 'NS'],
    ])
  })

  test('lines are counted from 1, blank ones included', () => {
    expect(parse('\n\n0x1\ta\tvmlinux\n').value.exports[0]?.line).toBe(3)
  })

  test('a row reads the same with tabs and with spaces', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_/]{0,20}$/)
    const row = fc.tuple(
      fc.integer({ min: 1, max: 0xffffffff }),
      fc.stringMatching(/^[A-Za-z_.$][A-Za-z0-9_.$]{0,20}$/),
      word,
      fc.constantFrom(...exportTypes),
      fc.option(word, { nil: undefined }),
    )
    fc.assert(
      fc.property(row, ([crc, ...columns]) => {
        const fields = ['0x' + crc.toString(16), ...columns].filter((field) => field !== undefined)
        expect(parse(fields.join('  '))).toEqual(parse(fields.join('\t')))
        expect(parse(fields.join('\t')).value.exports).toHaveLength(1)
      }),
    )
  })
})

describe('lines that are not understood', () => {
  const ok = '0x00000001\tfoo\tvmlinux\tEXPORT_SYMBOL\t'

  test.each([
    ['0x\tfoo\tvmlinux\tEXPORT_SYMBOL\t', 1, '"0x" is not a checksum (0x and one to eight hex digits)'],
    ['12345678\tfoo\tvmlinux\tEXPORT_SYMBOL\t', 1, '"12345678" is not a checksum'],
    ['0x123456789\tfoo\tvmlinux\tEXPORT_SYMBOL\t', 1, '"0x123456789" is not a checksum'],
    ['-\tfoo\tvmlinux\tEXPORT_SYMBOL\t', 1, '"-" is not a checksum'],
    ['# a comment', 1, '"#" is not a checksum'],
    ['[section]', 1, '"[section]" is not a checksum'],
    ['0x12', 5, 'an empty column is not the name of a symbol'],
    ['0x12\t9foo\tvmlinux\tEXPORT_SYMBOL\t', 6, '"9foo" is not the name of a symbol'],
    ['0x12\tfoo-bar\tvmlinux\tEXPORT_SYMBOL\t', 6, '"foo-bar" is not the name of a symbol'],
    ['0x12\tfo o\tvmlinux\tEXPORT_SYMBOL\t', 6, '"fo o" is not the name of a symbol'],
    ['0x12 fo o vmlinux EXPORT_SYMBOL', 11, '"vmlinux" stands where an export type was expected'],
    ['0x12\tfoo\tfs/my module\tEXPORT_SYMBOL\t', 10, '"fs/my module" is not a module'],
    ['0x12\tfoo', 1, 'found 2 columns in "0x12\\tfoo"'],
    ['0x12\tfoo\t\tEXPORT_SYMBOL\t', 10, 'an empty column is not a module'],
    ['0x12\tfoo\tEXPORT_SYMBOL', 10, '"EXPORT_SYMBOL" is not a module'],
    ['0x12\tfoo\t-\tEXPORT_SYMBOL\t', 10, '"-" is not a module'],
    ['0x12\tfoo\tvml\u0007inux\tEXPORT_SYMBOL\t', 10, '"vml\\u0007inux" is not a module'],
    ['0x12\tfoo\tvml\u202einux\tEXPORT_SYMBOL\t', 10, '"vml\\u202einux" is not a module'],
    ['0x12\tfoo\tvmlinux\tEXPORT_SYMBOL_NS\t', 18, '"EXPORT_SYMBOL_NS" is not a known export type'],
    ['0x12\tfoo\tvmlinux\texport_symbol', 18, '"export_symbol" stands where an export type was expected'],
    ['0x12\tfoo\tvmlinux\t-', 18, '"-" stands where an export type was expected'],
    ['0x12\tfoo\tvmlinux\tEXPORT_SYMBOL\t-', 32, '"-" is not a namespace'],
    ['0x12\tfoo\tvmlinux\tEXPORT_SYMBOL\tN\u0001S', 32, '"N\\u0001S" is not a namespace'],
    ['0x12\tfoo\tvmlinux\tEXPORT_SYMBOL\tNS\t#6-', 1, 'found 6 columns'],
    ['0x12\tfoo\tvmlinux\tEXPORT_SYMBOL\tNS\tmore\tstill', 1, 'found 7 columns'],
  ])('%j', (line, column, message) => {
    const { value, problems } = parse(`${ok}\n${line}\n`)
    expect(value.exports.map(({ symbol }) => symbol)).toEqual(['foo'])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({
      kind: 'malformed-line',
      place: { file: 'Module.symvers', line: 2, column },
    })
    expect(problems[0]?.message).toContain(message)
    expect(problems[0]?.message).toMatch(/; the file was read as a symvers table\.$/)
  })

  test('the excerpt shows the line without control characters and underlines the fault', () => {
    expect(parse('0x12\tfo\u001bo\tvmlinux').problems[0]?.excerpt).toEqual(['0x12 fo?o vmlinux', '     ^^^^'])
  })

  test('the excerpt of a long line is cut around the fault', () => {
    const line = `0x12\t${'s'.repeat(300)}\tvmlinux\tEXPORT_WRONG\t${'N'.repeat(300)}`
    const [shown = '', marks = ''] = parse(line).problems[0]?.excerpt ?? []
    expect(shown).toMatch(/^…s+ vmlinux EXPORT_WRONG N+…$/)
    expect(shown.length).toBeLessThanOrEqual(102)
    expect(shown.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('EXPORT_WRONG')
  })

  test('a row that lost its last columns is not taken for an older layout', () => {
    const text = `${ok}\n0x2\tbar\tdrivers/net/ethernet/int`
    expect(parse(text).problems[0]).toMatchObject({ kind: 'malformed-line', place: { line: 2 } })
    expect(kinds('0x2\tbar\tvmlinux\n' + ok)).toEqual(['malformed-line'])
  })

  test('a file without one good line is not called empty as well', () => {
    expect(kinds('kfree\n')).toEqual(['malformed-line'])
  })

  test('of many bad lines twenty are told and the others counted', () => {
    const { problems } = parse(ok + '\n' + 'x\n'.repeat(3000))
    expect(problems).toHaveLength(21)
    expect(problems[20]?.message).toBe('2980 more problems in this file are not shown.')
  })

  test('every line is either an export, blank, or reported', () => {
    const piece = fc.constantFrom(
      '0x1',
      'foo',
      '\t',
      ' ',
      'vmlinux',
      'EXPORT_SYMBOL',
      'EXPORT_X',
      '-',
      '#',
      '[',
      '\u0001',
    )
    const line = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(line, (text) => {
        const { value, problems } = parse(text)
        expect(value.exports.length === 1 || problems.some(isError)).toBe(true)
      }),
    )
  })
})

describe('the file as a whole', () => {
  test.each(['', '\n', ' \n\t\n'])('%j has no exports', (text) => {
    expect(kinds(text)).toEqual(['empty-symvers'])
  })

  test('checksums that are all zero are an error that says how many', () => {
    const { problems } = parse('0x00000000\ta\tvmlinux\tEXPORT_SYMBOL\t\n0x0\tb\tvmlinux\tEXPORT_SYMBOL\t\n')
    expect(problems).toMatchObject([
      { kind: 'all-unversioned', message: expect.stringContaining('All 2 exports') as unknown },
    ])
  })

  test('some checksums that are zero are left to the comparison', () => {
    expect(kinds('0x0\ta\tvmlinux\tEXPORT_SYMBOL\n0x1\tb\tvmlinux\tEXPORT_SYMBOL\n')).toEqual([])
  })

  test('a row given twice is a note, and the first is kept', () => {
    const row = '0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\n'
    const { value, problems } = parse(row + row)
    expect(value.exports).toMatchObject([{ symbol: 'a', line: 1 }])
    expect(problems).toMatchObject([{ kind: 'duplicate-row', place: { line: 2 } }])
    expect(problems.some(isError)).toBe(false)
    expect(problems[0]?.message).toContain('line 1')
  })

  test.each([
    ['checksum', '0x2\ta\tvmlinux\tEXPORT_SYMBOL\tNS'],
    ['module', '0x1\ta\tfs/a\tEXPORT_SYMBOL\tNS'],
    ['export type', '0x1\ta\tvmlinux\tEXPORT_SYMBOL_GPL\tNS'],
    ['namespace', '0x1\ta\tvmlinux\tEXPORT_SYMBOL\t'],
  ])('two rows of one symbol that differ in the %s are an error that names both lines', (_, second) => {
    const { value, problems } = parse(`0x1\ta\tvmlinux\tEXPORT_SYMBOL\tNS\n\n${second}\n`)
    expect(value.exports).toHaveLength(1)
    expect(problems).toMatchObject([{ kind: 'conflicting-rows', place: { line: 3 } }])
    expect(problems[0]?.message).toContain('line 1')
  })

  test.each([
    ['a binary', '\u007fELF\u0002\u0001\u0000\u0000more\n'.repeat(50), 'binary'],
    ['a page of HTML', '\n<!DOCTYPE html>\n<html>\n' + '<p>404</p>\n'.repeat(50), 'HTML'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n', 'Git LFS'],
  ])('%s is one problem', (_, text, word) => {
    expect(parse(text)).toMatchObject({
      value: { exports: [] },
      problems: [{ kind: 'unreadable', message: expect.stringContaining(word) as unknown }],
    })
  })
})
