import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameTable } from '../../src/abi/name-table.ts'

const names = fc.array(
  fc.tuple(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 }), fc.boolean()),
  {
    maxLength: 40,
  },
)

describe('nameTable', () => {
  it('numbers each name once, as a tag and as another name, when all hashes are equal', () => {
    fc.assert(
      fc.property(names, fc.constantFrom(0, -1, 0x7fffffff), (entries, hash) => {
        const bytes = new TextEncoder().encode(entries.map(([name]) => name).join(''))
        const table = nameTable(bytes, entries.length)
        const numbers = new Map<string, number>()
        let start = 0
        for (const [name, tag] of entries) {
          const end = start + name.length
          const key = `${tag} ${name}`
          const known = numbers.get(key)
          expect(table.find(start, end, hash, tag)).toBe(known ?? -1)
          expect(table.add(start, end, hash, tag)).toBe(known === undefined ? numbers.size : -1 - known)
          if (known === undefined) {
            expect([table.starts[numbers.size], table.ends[numbers.size]]).toEqual([start, end])
            numbers.set(key, numbers.size)
          }
          expect(table.count()).toBe(numbers.size)
          start = end
        }
      }),
    )
  })
})
