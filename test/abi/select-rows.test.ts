import { describe, expect, it } from 'vitest'
import type { Export } from '../../src/abi/export.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { selectRows } from '../../src/abi/select-rows.ts'

const exported = (symbol: string, crc: number): Export => ({
  symbol,
  crc,
  module: 'vmlinux',
  type: 'EXPORT_SYMBOL',
  namespace: '',
  file: 'Module.symvers',
  line: 7,
})
const symvers = { file: 'Module.symvers', exports: [exported('a', 1), exported('b', 2), exported('zero', 0)] }

function select(names?: string) {
  const { rows, ...rest } = selectRows(
    symvers,
    names === undefined ? undefined : parseWhitelist(names, 'n').value,
  )
  return { rows: rows.map(({ symbol, crc, section }) => `${section}:${symbol}=${crc}`), ...rest }
}

describe('selectRows', () => {
  it('takes every export with a checksum when no names are given', () => {
    expect(select()).toEqual({ rows: [':a=1', ':b=2'], absent: [], unversioned: ['zero'] })
  })

  it('takes the names in their order and sections, a symbol of two sections twice', () => {
    expect(select('[x]\nb\na\n[y]\na\n')).toEqual({
      rows: ['x:b=2', 'x:a=1', 'y:a=1'],
      absent: [],
      unversioned: [],
    })
  })

  it('tells the names that are not exported from those without a checksum, each once', () => {
    expect(select('[x]\nzero\ngone\n[y]\nzero\ngone\n')).toEqual({
      rows: [],
      absent: ['gone'],
      unversioned: ['zero'],
    })
  })

  it('takes every column from the build, and the lifetime from the names', () => {
    const names = parseWhitelist('0x9\ta\tother\tEXPORT_SYMBOL_GPL\tNS\t#3-7\n', 'n').value
    expect(selectRows(symvers, names).rows).toEqual([
      { ...exported('a', 1), section: '', lifetime: { first: 3, last: 7 } },
    ])
  })
})
