import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compare } from '../../src/abi/compare.ts'
import { formatWhitelist } from '../../src/abi/format-whitelist.ts'
import { joinChecksums } from '../../src/abi/join-checksums.ts'
import { parseSymbolFolder } from '../../src/abi/parse-symbol-folder.ts'
import { parseSymvers } from '../../src/abi/parse-symvers.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import type { Whitelist } from '../../src/abi/whitelist.ts'
import { dataPath, describeRealData } from './real-data.ts'

function read(...parts: string[]) {
  const path = dataPath(...parts)
  return parseWhitelist(readFileSync(path, 'utf8'), path)
}

function symbolsOf({ rows }: Whitelist): number {
  return new Set(rows.map(({ symbol }) => symbol)).size
}

function sectionsOf({ rows }: Whitelist): number {
  return new Set(rows.map(({ section }) => section)).size
}

describeRealData('RHEL 5', () => {
  test.each([
    ['i686', 3036, 134],
    ['i686PAE', 3036, 134],
    ['i686xen', 3061, 136],
    ['ia64', 3023, 134],
    ['ppc64', 3004, 134],
    ['ppc64kdump', 3003, 134],
    ['s390x', 2172, 78],
    ['x86_64', 3081, 137],
    ['x86_64xen', 3089, 138],
  ])('%s: %i symbols get their checksums from Module.kabi', (variant, symbols, sections) => {
    const names = read('rhel5', `kabi_whitelist_${variant}`)
    const checksums = read('rhel5', `Module.kabi_${variant}`)
    expect(names.problems).toEqual([])
    expect(names.value.dialect).toBe('names')
    expect(sectionsOf(names.value)).toBe(sections)
    expect(checksums.value.dialect).toBe('symvers')
    expect(checksums.value.rows).toHaveLength(symbols)
    const joined = joinChecksums(names.value, checksums.value)
    expect(joined.problems).toEqual([])
    expect(symbolsOf(joined.value)).toBe(symbols)
    expect(joined.value.rows.every(({ crc, module, type }) => crc && module && type)).toBe(true)
  })

  test('ia64xen has names only', () => {
    const { value, problems } = read('rhel5', 'kabi_whitelist_ia64xen')
    expect(problems).toEqual([])
    expect(symbolsOf(value)).toBe(2968)
  })

  test('the one duplicate row is told, in x86_64xen', () => {
    expect(read('rhel5', 'Module.kabi_x86_64xen').problems).toMatchObject([
      { kind: 'duplicate-row', message: expect.stringContaining('"down_write_trylock"') as unknown },
    ])
    expect(read('rhel5', 'Module.kabi_x86_64').problems).toEqual([])
  })

  test('the names of one variant have no checksums in that of another', () => {
    const names = read('rhel5', 'kabi_whitelist_i686xen').value
    const { problems } = joinChecksums(names, read('rhel5', 'Module.kabi_s390x').value)
    expect(problems).toMatchObject([{ kind: 'no-checksum' }])
  })

  test('hashes of groups are no whitelist', () => {
    const { value, problems } = read('rhel5', 'published-group-hashes.x86_64.txt')
    expect(value.rows).toEqual([])
    expect(problems).toMatchObject([
      { kind: 'malformed-line', message: expect.stringContaining('17 lines') as unknown, place: { line: 1 } },
    ])
  })
})

describeRealData('other distributions', () => {
  test.each([
    ['rhel6/Module.kabi_x86_64', 'symvers', 1775, 1],
    ['rhel6/Module.kabi_greylist_x86_64', 'symvers', 83, 1],
    ['rhel7/Module.kabi_x86_64', 'symvers', 863, 1],
    ['rhel8/Module.kabi_x86_64', 'symvers', 756, 1],
    ['rhel9/Module.kabi_x86_64', 'symvers', 835, 1],
    ['openeuler/Module.kabi_x86_64', 'symvers', 3167, 1],
    ['openeuler/kabi_whitelist_x86_64', 'names', 3167, 1],
    ['xcp-ng/xcpng-8.3-kabi_lockedlist', 'names', 1595, 44],
    ['suse-sle10/symvers-default', 'symvers', 3281, 1],
    ['uek/kabi_lockedlist_x86_64', 'names', 6, 1],
  ])('%s: %s, %i symbols in %i sections', (file, dialect, symbols, sections) => {
    const { value, problems } = read('dialects', file)
    expect(problems).toEqual([])
    expect(value.dialect).toBe(dialect)
    expect(symbolsOf(value)).toBe(symbols)
    expect(sectionsOf(value)).toBe(sections)
    expect(value.rows.every(({ crc }) => (crc !== undefined) === (dialect === 'symvers'))).toBe(true)
  })

  test('rows with tabs and spaces, in RHEL 6, have all their columns', () => {
    const row = read('dialects', 'rhel6/Module.kabi_x86_64').value.rows.find(
      ({ symbol }) => symbol === 'current_umask',
    )
    expect(row).toMatchObject({ crc: 0x5e95b1cd, module: 'vmlinux', type: 'EXPORT_SYMBOL', line: 348 })
  })

  test('the list of 0 bytes, in RHEL 7, protects nothing', () => {
    expect(read('dialects', 'rhel7/Module.kabi_dup_x86_64').problems).toMatchObject([
      { kind: 'empty-whitelist' },
    ])
  })

  test('the severities of SUSE are one problem', () => {
    const { value, problems } = read('dialects', 'suse-severities/severities')
    expect(value.rows).toEqual([])
    expect(problems).toMatchObject([{ kind: 'malformed-line', place: { line: 11 } }])
  })

  test('the folder of kernel-ark has lifetimes', () => {
    const folder = dataPath('dialects', 'kernel-ark', 'kabi_aarch64')
    const files = readdirSync(folder).map((name) => ({
      name,
      file: name,
      text: readFileSync(`${folder}/${name}`, 'utf8'),
    }))
    const { value, problems } = parseSymbolFolder(folder, files)
    expect(problems).toEqual([])
    expect(value.rows.map(({ symbol, crc, lifetime }) => [symbol, crc, lifetime?.first])).toEqual([
      ['__alloc_skb', 0xd93dd652, 2],
      ['_printk', 0x92997ed8, 3],
    ])
  })

  test.each([
    'rhel5/Module.kabi_x86_64',
    'dialects/rhel9/Module.kabi_x86_64',
    'dialects/suse-sle10/symvers-default',
  ])('%s reads as a symvers too, and does not differ from itself', (file) => {
    const symvers = parseSymvers(readFileSync(dataPath(file), 'utf8'), file)
    expect(symvers.problems).toEqual([])
    const whitelist = read(file).value
    const count = whitelist.rows.length
    expect(compare(whitelist, symvers.value)).toMatchObject({
      protected: count,
      compared: count,
      differences: [],
      added: [],
    })
  })

  test.each(['xcp-ng/xcpng-8.3-kabi_lockedlist', 'openeuler/Module.kabi_x86_64', 'rhel6/Module.kabi_x86_64'])(
    '%s keeps its rows in canonical form',
    (file) => {
      const keys = ({ rows }: Whitelist) =>
        rows.map((row) => JSON.stringify({ ...row, file: '', line: 0 })).sort()
      const { value } = read('dialects', file)
      const again = parseWhitelist(formatWhitelist(value), 'canonical')
      expect(again.problems).toEqual([])
      expect(keys(again.value)).toEqual(keys(value))
    },
  )
})
