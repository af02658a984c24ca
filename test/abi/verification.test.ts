import { describe, expect, it } from 'vitest'
import type { Export, Symvers } from '../../src/abi/export.ts'
import { holdAgainst, isExact } from '../../src/abi/verification.ts'

function row(symbol: string, crc: number, more: Partial<Export> = {}): Export {
  const base = { module: 'vmlinux', type: 'EXPORT_SYMBOL', namespace: '', file: 'f', line: 1 } as const
  return { symbol, crc, ...base, ...more }
}

function symvers(...exports: readonly Export[]): Symvers {
  return { file: 'Module.symvers', exports }
}

const how = { strategy: 'exports', seconds: 1 } as const

function verified(recorded: Symvers, computed: Symvers, wanted: 'all' | ReadonlySet<string>) {
  return { variant: 'v', how, ...holdAgainst(recorded, computed, wanted) }
}

describe('a verification', () => {
  const recorded = symvers(row('a', 1), row('b', 2))

  it('is exact when every symbol asked for is the same on both sides', () => {
    const result = verified(recorded, symvers(row('b', 2), row('a', 1)), 'all')
    expect(result).toMatchObject({ asked: 2, equal: 2, missing: [], surplus: [], unknown: [], different: [] })
    expect(isExact(result)).toBe(true)
  })

  it.each<[string, Symvers, object]>([
    ['another checksum', symvers(row('a', 9), row('b', 2)), { different: [{ recorded: { crc: 1 } }] }],
    [
      'another module',
      symvers(row('a', 1, { module: 'm' }), row('b', 2)),
      { different: [{ computed: { module: 'm' } }] },
    ],
    [
      'another export type',
      symvers(row('a', 1, { type: 'EXPORT_SYMBOL_GPL' }), row('b', 2)),
      { different: [{ recorded: { symbol: 'a' } }] },
    ],
    [
      'another namespace',
      symvers(row('a', 1, { namespace: 'N' }), row('b', 2)),
      { different: [{ recorded: { symbol: 'a' } }] },
    ],
    ['a symbol that was not computed', symvers(row('b', 2)), { missing: [{ symbol: 'a' }] }],
    ['a symbol too many', symvers(row('a', 1), row('b', 2), row('c', 3)), { surplus: [{ symbol: 'c' }] }],
  ])('is not exact with %s', (_, computed, expected) => {
    const result = verified(recorded, computed, 'all')
    expect(result).toMatchObject(expected)
    expect(isExact(result)).toBe(false)
  })

  it('looks at the symbols asked for only', () => {
    const result = verified(recorded, symvers(row('a', 1), row('b', 9), row('c', 3)), new Set(['a']))
    expect(result).toMatchObject({ asked: 1, equal: 1 })
    expect(isExact(result)).toBe(true)
  })

  it('counts a name that neither side exports as not equal', () => {
    const result = verified(recorded, symvers(row('a', 1)), new Set(['a', 'no_such_symbol']))
    expect(result).toMatchObject({ asked: 2, equal: 1, unknown: ['no_such_symbol'] })
    expect(isExact(result)).toBe(false)
  })

  it('does not compare a column that one side does not have', () => {
    const old = symvers(row('a', 1, { type: undefined, namespace: undefined }))
    expect(verified(old, symvers(row('a', 1)), 'all').equal).toBe(1)
  })

  it('of nothing is not exact', () => {
    expect(isExact(verified(symvers(), symvers(), 'all'))).toBe(false)
    expect(isExact(verified(recorded, recorded, new Set()))).toBe(false)
  })
})
