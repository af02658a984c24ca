import { describe, expect, it } from 'vitest'
import type { Export } from '../../src/abi/export.ts'
import { joinTables } from '../../src/abi/join-tables.ts'
import { parseSymvers } from '../../src/abi/parse-symvers.ts'

const row = (symbol: string, crc: number, module = 'vmlinux') =>
  `0x${crc.toString(16).padStart(8, '0')}\t${symbol}\t${module}\tEXPORT_SYMBOL\t\n`

const join = (...texts: readonly string[]) =>
  joinTables(texts.map((text, index) => parseSymvers(text, `table${index + 1}`).value))

const said = (rows: readonly Export[]) => rows.map(({ symbol, crc, module }) => `${symbol} ${crc} ${module}`)

const kernel = row('_printk', 1) + row('ib_get', 2, 'drivers/infiniband/core/ib_core')

describe('joinTables', () => {
  it.each([
    ['an absolute path', '/usr/src/ofa_kernel/drivers/infiniband/core/ib_core'],
    [
      'a path in a table without vmlinux, as Linux 6.13 and later write it',
      'drivers/infiniband/core/ib_core',
    ],
  ])('keeps both rows of a symbol that a module with %s exports too', (_, module) => {
    for (const tables of [
      [kernel, row('ib_get', 9, module)],
      [row('ib_get', 9, module), kernel],
    ]) {
      const { value, problems } = join(...tables)
      expect(said(value.kernel)).toEqual(['_printk 1 vmlinux', 'ib_get 2 drivers/infiniband/core/ib_core'])
      expect(said(value.beside)).toEqual([`ib_get 9 ${module}`])
      expect(problems.map(({ kind }) => kind)).toEqual(['two-exporters'])
      expect(problems[0]?.message).toMatch(
        /"ib_get" is given as \(0x00000009.*but on line 2 of "table.*kernel\(ib_get\).*ksym\(ib_get\)/,
      )
    }
  })

  it('takes the first table for that of the kernel where none has exports of vmlinux', () => {
    const { value } = join(row('a', 1, 'lib/a'), row('b', 2, 'b'))
    expect([said(value.kernel), said(value.beside)]).toEqual([['a 1 lib/a'], ['b 2 b']])
  })

  it('keeps what several modules beside the kernel give', () => {
    const { value, problems } = join(kernel, row('peer', 5, '/usr/src/a/a'), row('peer', 6, '/usr/src/b/b'))
    expect(said(value.beside)).toEqual(['peer 5 /usr/src/a/a', 'peer 6 /usr/src/b/b'])
    expect(problems.map(({ kind }) => kind)).toEqual(['two-exporters'])
  })

  it('has what tables give alike once', () => {
    const { value, problems } = join(kernel, kernel)
    expect([value.kernel.length, value.beside.length]).toEqual([2, 0])
    expect(problems.map(({ kind }) => kind)).toEqual(['duplicate-row', 'duplicate-row'])
  })

  it('refuses the tables of two kernels', () => {
    const { problems } = join(kernel, kernel.replace('0x00000001', '0x00000007'))
    expect(problems[0]).toMatchObject({ kind: 'conflicting-rows', advice: 'Give the tables of one kernel.' })
  })
})
