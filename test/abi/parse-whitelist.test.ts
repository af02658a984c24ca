import fc from 'fast-check'
import { runs } from '../support/properties.ts'
import { describe, expect, test } from 'vitest'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { isError } from '../../src/problem/problem.ts'

function parse(text: string) {
  return parseWhitelist(text, 'list')
}

function kinds(text: string): string[] {
  return parse(text).problems.map(({ kind }) => kind)
}

const none = { crc: undefined, module: undefined, type: undefined, namespace: undefined }

describe('dialects', () => {
  test.each([
    {
      name: 'RHEL 5, names in sections, indented by a tab',
      text: '[rhel5_kernel_ga]\n\tkfree\n\tkmalloc\n[rhel5_net_ga]\n\tkfree\n',
      dialect: 'names',
      rows: [
        { ...none, symbol: 'kfree', section: 'rhel5_kernel_ga', line: 2 },
        { ...none, symbol: 'kmalloc', section: 'rhel5_kernel_ga', line: 3 },
        { ...none, symbol: 'kfree', section: 'rhel5_net_ga', line: 5 },
      ],
    },
    {
      name: 'Oracle UEK, header followed by a tab',
      text: '[ol9_x86_64_whitelist]\t\n\tI_BDEV\n',
      dialect: 'names',
      rows: [{ ...none, symbol: 'I_BDEV', section: 'ol9_x86_64_whitelist', line: 2 }],
    },
    {
      name: 'openEuler, header followed by spaces, names indented by four',
      text: '[_x86_64_whitelist]    \n    acpi_bus_get_device\n',
      dialect: 'names',
      rows: [{ ...none, symbol: 'acpi_bus_get_device', section: '_x86_64_whitelist', line: 2 }],
    },
    {
      name: 'names without header and without indent, with comments',
      text: '# protected\n\nkfree\n# and\nkmalloc\n',
      dialect: 'names',
      rows: [
        { ...none, symbol: 'kfree', section: '', line: 3 },
        { ...none, symbol: 'kmalloc', section: '', line: 5 },
      ],
    },
    {
      name: 'Android',
      text: '[abi_symbol_list]\n# commonly used symbols\n  module_layout\n\n# required by a.ko\n  add_cpu\n',
      dialect: 'abi-symbol-list',
      rows: [
        { ...none, symbol: 'module_layout', section: 'abi_symbol_list', line: 3 },
        { ...none, symbol: 'add_cpu', section: 'abi_symbol_list', line: 6 },
      ],
    },
    {
      name: 'Module.kabi of RHEL 9',
      text: '0xfa41bfa1\tI_BDEV\tvmlinux\tEXPORT_SYMBOL\t\n',
      dialect: 'symvers',
      rows: [
        {
          symbol: 'I_BDEV',
          crc: 0xfa41bfa1,
          module: 'vmlinux',
          type: 'EXPORT_SYMBOL',
          namespace: '',
          section: '',
          line: 1,
        },
      ],
    },
    {
      name: 'SUSE SLE 10, three columns',
      text: '0x57a40e1e\tset_anon_super\tvmlinux\n',
      dialect: 'symvers',
      rows: [{ ...none, symbol: 'set_anon_super', crc: 0x57a40e1e, module: 'vmlinux', section: '', line: 1 }],
    },
    {
      name: 'checksum and symbol alone',
      text: '0x57a40e1e\tset_anon_super\n',
      dialect: 'symvers',
      rows: [{ ...none, symbol: 'set_anon_super', crc: 0x57a40e1e, section: '', line: 1 }],
    },
    {
      name: 'canonical',
      text: '# release 1\n0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\n[net]\n0x2\tb\t-\tEXPORT_SYMBOL\t-\n-\tc\tfs/c\t-\t-\n0x3\td\tvmlinux\t-\tNS\t#3-7\n',
      dialect: 'canonical',
      rows: [
        {
          symbol: 'a',
          crc: 1,
          module: 'vmlinux',
          type: 'EXPORT_SYMBOL',
          namespace: '',
          section: '',
          line: 2,
        },
        { ...none, symbol: 'b', crc: 2, type: 'EXPORT_SYMBOL', section: 'net', line: 4 },
        { ...none, symbol: 'c', module: 'fs/c', section: 'net', line: 5 },
        {
          symbol: 'd',
          crc: 3,
          module: 'vmlinux',
          type: undefined,
          namespace: 'NS',
          section: 'net',
          lifetime: { first: 3, last: 7 },
          line: 6,
        },
      ],
    },
    {
      name: 'Ubuntu',
      text: 'EXPORT_SYMBOL\tdrivers/acpi/nfit/nfit 0x0dd70e2a\tadd_nfit\nEXPORT_SYMBOL_GPL\tvmlinux 0xface\tkfree\n',
      dialect: 'ubuntu-abi',
      rows: [
        {
          symbol: 'add_nfit',
          crc: 0x0dd70e2a,
          module: 'drivers/acpi/nfit/nfit',
          type: 'EXPORT_SYMBOL',
          namespace: undefined,
          section: '',
          line: 1,
        },
        {
          symbol: 'kfree',
          crc: 0xface,
          module: 'vmlinux',
          type: 'EXPORT_SYMBOL_GPL',
          namespace: undefined,
          section: '',
          line: 2,
        },
      ],
    },
    {
      name: 'Ubuntu with the namespace column, and with other orders',
      text:
        'EXPORT_SYMBOL_GPL\tDMA_BUF\tvmlinux 0x1\ta\n' +
        'EXPORT_SYMBOL_GPL\t\tvmlinux 0x2\tb\n' +
        'c\tfs/c EXPORT_SYMBOL\t0x3\n',
      dialect: 'ubuntu-abi',
      rows: [
        {
          symbol: 'a',
          crc: 1,
          module: 'vmlinux',
          type: 'EXPORT_SYMBOL_GPL',
          namespace: 'DMA_BUF',
          section: '',
          line: 1,
        },
        {
          symbol: 'b',
          crc: 2,
          module: 'vmlinux',
          type: 'EXPORT_SYMBOL_GPL',
          namespace: '',
          section: '',
          line: 2,
        },
        {
          symbol: 'c',
          crc: 3,
          module: 'fs/c',
          type: 'EXPORT_SYMBOL',
          namespace: undefined,
          section: '',
          line: 3,
        },
      ],
    },
    {
      name: 'RPM',
      text: 'kernel(kfree) = 0x037a0cba\nksym(kmalloc) = 0x1\n ksym(default:PDE_DATA)=e515007f \n',
      dialect: 'rpm-dependencies',
      rows: [
        { ...none, symbol: 'kfree', crc: 0x037a0cba, section: '', line: 1 },
        { ...none, symbol: 'kmalloc', crc: 1, section: '', line: 2 },
        { ...none, symbol: 'PDE_DATA', crc: 0xe515007f, section: '', line: 3 },
      ],
    },
  ])('$name', ({ text, dialect, rows }) => {
    const expected = {
      value: { file: 'list', dialect, rows: rows.map((row) => ({ ...row, file: 'list' })) },
      problems: [],
    }
    expect(parse(text)).toEqual(expected)
    expect(parse(text.replaceAll('\n', '\r\n'))).toEqual(expected)
    const kind = /names|abi-symbol-list/.test(dialect) ? 'no-newline' : 'malformed-line'
    const line = text.split('\n').length - 1
    expect(parse(text.slice(0, -1))).toMatchObject({ ...expected, problems: [{ kind, place: { line } }] })
  })

  test.each([
    ['comments', '# a\n'.repeat(300)],
    ['blank lines', '\n'.repeat(300)],
    ['section lines', '[empty]\n'.repeat(300)],
    ['one row of another dialect', 'kfree\n'],
  ])('%s at the beginning do not decide the dialect', (_, beginning) => {
    const rows = '0x1\ta\tvmlinux\tEXPORT_SYMBOL\n0x2\tb\tvmlinux\tEXPORT_SYMBOL\n'
    const { value, problems } = parse(beginning + rows)
    expect(['symvers', 'canonical']).toContain(value.dialect)
    expect(value.rows.map(({ symbol }) => symbol)).toEqual(['a', 'b'])
    expect(problems.filter(isError)).toHaveLength(beginning === 'kfree\n' ? 1 : 0)
  })
})

describe('lines that are not understood', () => {
  test.each([
    ['names', 'kfree\nkmalloc\nk free\n', 3, '"k free" is not the name of a symbol', 'a list of names'],
    ['names', 'kfree\nkmalloc\n\t0x1\tb\tvmlinux\n', 3, 'is not the name of a symbol', 'a list of names'],
    ['names', 'kfree\n[open\nkmalloc\n', 2, '"[open" is not a [section] line', 'a list of names'],
    ['names', 'kfree\n[]\nkmalloc\n', 2, '"[]" is not a [section] line', 'a list of names'],
    ['names', 'kfree\n[a] b\nkmalloc\n', 2, '"[a] b" is not a [section] line', 'a list of names'],
    ['abi-symbol-list', '[abi_symbol_list]\n  a\n  b-c\n  d\n', 3, '"b-c"', 'an Android symbol list'],
    ['symvers', '0x1\ta\tvmlinux\n0x2\n', 2, 'an empty column is not the name', 'rows of a symvers table'],
    ['symvers', '0x1\ta\tvmlinux\n0x\tb\tvmlinux\n', 2, '"0x" is not a checksum', 'rows of a symvers table'],
    ['canonical', '# x\n0x1\ta\nkfree\n0x2\tb\n', 3, '"kfree" is not a checksum', 'canonical form'],
    [
      'canonical',
      '# x\n0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\t#7-3\n0x2\tb\n',
      2,
      '"#7-3" is not a lifetime',
      'canonical',
    ],
    [
      'ubuntu-abi',
      'EXPORT_SYMBOL\tvmlinux 0x1\ta\nEXPORT_SYMBOL\tvmlinux 0x2\n',
      2,
      'found "EXPORT',
      'an Ubuntu',
    ],
    ['ubuntu-abi', 'EXPORT_SYMBOL\tvmlinux 0x1\ta\nvmlinux 0x2\tb\n', 2, 'no export type', 'an Ubuntu'],
    [
      'ubuntu-abi',
      'EXPORT_SYMBOL\tvmlinux 0x1\ta\nEXPORT_SYMBOL\tvmlinux b\n',
      2,
      'no checksum',
      'an Ubuntu',
    ],
    [
      'ubuntu-abi',
      'EXPORT_SYMBOL\tvmlinux 0x1\ta\nEXPORT_SYMBOL\tvmlinux 0x2\tb c\n',
      2,
      'found "EXPORT',
      'an Ubuntu',
    ],
    [
      'ubuntu-abi',
      'EXPORT_SYMBOL\tvmlinux 0x1\ta\nEXPORT_SYMBOL\tvml\u0007 0x2\tb\n',
      2,
      'found "EXPORT',
      'an Ubuntu',
    ],
    ['rpm-dependencies', 'kernel(a) = 0x1\nkernel(b)\n', 2, 'found "kernel(b)"', 'RPM dependencies'],
    ['rpm-dependencies', 'kernel(a) = 0x1\nkernel(b) = 0x123456789\n', 2, 'expected kernel(symbol)', 'RPM'],
  ])('%s: %j', (dialect, text, line, found, readAs) => {
    const { value, problems } = parse(text)
    expect(value.dialect).toBe(dialect)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ kind: 'malformed-line', place: { file: 'list', line } })
    expect(problems[0]?.message).toContain(found)
    expect(problems[0]?.message).toContain(`the file was read as `)
    expect(problems[0]?.message).toContain(readAs)
  })

  test('the underline leaves out the indent', () => {
    expect(parse('\tkfree\n\tk free\n').problems).toMatchObject([
      { place: { line: 2, column: 2 }, excerpt: [' k free', ' ^^^^^^'] },
    ])
  })

  test('of many bad lines twenty are told and the others counted', () => {
    const { problems } = parse('good\n'.repeat(200) + 'b-d\n'.repeat(50))
    expect(problems.filter(isError)).toHaveLength(21)
    expect(problems.filter(isError)[20]?.message).toBe('30 more problems in this file are not shown.')
  })

  test('a file of rules for severities is told apart in one problem', () => {
    const rules = '# rules\ndrivers/message/fusion/*\tPASS\nkvm_*\t\tPASS\nkvm_x FAIL # why\nfs/ext4 7\n'
    expect(parse(rules + 'x*\tPASS\n'.repeat(3000))).toMatchObject({
      value: { rows: [] },
      problems: [
        {
          kind: 'malformed-line',
          message: expect.stringContaining('not a whitelist') as unknown,
          place: { line: 2 },
        },
      ],
    })
  })

  test('hashes of groups are told apart in one problem', () => {
    const hash = (group: string) => `kernel(rhel5_${group}_ga) = ${'0123456789'.repeat(4)}\n`
    expect(parse(hash('net') + hash('fs') + hash('mm'))).toMatchObject({
      value: { dialect: 'rpm-dependencies', rows: [] },
      problems: [
        {
          kind: 'malformed-line',
          message:
            '3 lines from here on hold the hash of a group of symbols, which cannot be compared symbol by symbol.',
          place: { line: 1 },
        },
      ],
    })
    expect(parse('kernel(kfree) = 0x1\n' + hash('net')).problems).toMatchObject([
      { kind: 'malformed-line', place: { line: 2 } },
    ])
  })

  test('text that is no list is one problem', () => {
    const prose = 'Dear all,\nplease find attached the list of\nsymbols.\n\nRegards\n'.repeat(40)
    expect(parse(prose)).toMatchObject({
      value: { rows: [] },
      problems: [
        {
          kind: 'malformed-line',
          message: expect.stringContaining('"Dear all,"') as unknown,
          place: { line: 1 },
        },
      ],
    })
  })

  test.each([
    ['a binary', '\u007fELF\u0000\n'.repeat(50), 'binary'],
    ['a page of HTML', '<html><body>\n' + 'Login\n'.repeat(50), 'HTML'],
  ])('%s is one problem', (_, text, word) => {
    expect(parse(text)).toMatchObject({
      value: { rows: [] },
      problems: [{ kind: 'unreadable', message: expect.stringContaining(word) as unknown }],
    })
  })

  test('every line is either a row, blank, a comment, a section, or reported', () => {
    const piece = fc.constantFrom(
      ...[
        '0x1',
        'foo',
        '\t',
        ' ',
        'vmlinux',
        'EXPORT_SYMBOL',
        '-',
        '#',
        '[',
        ']',
        'kernel(',
        ') = ',
        '\u0001',
        'PASS',
      ],
    )
    const line = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(line, (text) => {
        const { value, problems } = parse(text + '\n')
        const quiet = text.trim() === '' || text.trim().startsWith('#')
        expect(value.rows.length === 1).toBe(!problems.some(isError))
        if (quiet) expect(problems.map(({ kind }) => kind)).toEqual(['empty-whitelist'])
      }),
      { numRuns: runs(500) },
    )
  })
})

describe('repeated symbols', () => {
  test('a symbol may stand in several sections', () => {
    const { value, problems } = parse('[a]\n0x1\tx\n[b]\n0x1\tx\n')
    expect(problems).toEqual([])
    expect(value.rows.map(({ section }) => section)).toEqual(['a', 'b'])
  })

  test.each([
    'kfree\nkfree\n',
    '[a]\nkfree\n[b]\nkmalloc\n[a]\nkfree\n',
    '0x1\tx\tvmlinux\n0x1\tx\tvmlinux\n',
  ])('the same row twice in a section is a note, and the first is kept: %j', (text) => {
    const { value, problems } = parse(text)
    const lines = value.rows.map(({ line }) => line)
    expect(problems).toMatchObject([{ kind: 'duplicate-row', place: { line: text.split('\n').length - 1 } }])
    expect(lines).not.toContain(text.split('\n').length - 1)
  })

  test.each([
    ['checksum', '0x2\ta\tvmlinux\tEXPORT_SYMBOL\tNS'],
    ['module', '0x1\ta\tfs/a\tEXPORT_SYMBOL\tNS'],
    ['export type', '0x1\ta\tvmlinux\tEXPORT_SYMBOL_GPL\tNS'],
    ['namespace', '0x1\ta\tvmlinux\tEXPORT_SYMBOL\t'],
  ])('rows of one symbol that differ in the %s are an error, across sections too', (_, second) => {
    const first = '0x1\ta\tvmlinux\tEXPORT_SYMBOL\tNS'
    for (const text of [`${first}\n${second}\n`, `${first}\n[b]\n${second}\n`]) {
      const { value, problems } = parse(text)
      expect(value.rows).toHaveLength(1)
      expect(problems).toMatchObject([
        { kind: 'conflicting-rows', message: expect.stringContaining('line 1') as unknown },
      ])
    }
  })

  test.each(['#3-', '#3-8', '#4-7'])('the lifetimes #3-7 and %s contradict each other', (lifetime) => {
    const row = '0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\t'
    expect(kinds(`${row}#3-7\n${row}${lifetime}\n`)).toEqual(['conflicting-rows'])
    expect(kinds(`${row}#3-7\n${row}#3-7\n`)).toEqual(['duplicate-row'])
  })

  test('thousands of repeated names do not bury an error', () => {
    const { problems } = parse('kfree\n'.repeat(5000) + 'k-free\n')
    expect(problems[0]).toMatchObject({ kind: 'malformed-line', place: { line: 5001 } })
    expect(problems.length).toBeLessThan(25)
  })
})

describe('the list as a whole', () => {
  test.each(['', '\n\n', '# nothing yet\n', '[rhel5_kernel_ga]\n\n[other]\n'])(
    '%j protects nothing',
    (text) => {
      expect(kinds(text)).toEqual(['empty-whitelist'])
    },
  )

  test('checksums that are all zero cannot be compared', () => {
    expect(kinds('0x0\ta\tvmlinux\n0x0\tb\tvmlinux\n')).toEqual(['all-unversioned'])
    expect(kinds('0x0\ta\tvmlinux\n0x1\tb\tvmlinux\n')).toEqual([])
  })
})
