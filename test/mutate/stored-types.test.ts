import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { checksumOf, predict, readStoredTypes } from '../../scripts/mutate/stored-types.ts'

/** The oracle of the mutation test. Node's own CRC-32 says what the expanded texts have to give. */

const stored = `/* net/a.symtypes */
E#LENGTH 4
s#list struct list { s#list * next ; t#u8 name [ E#LENGTH ] ; }
s##secret
t#u8 typedef unsigned char u8
read_a extern t#u8 read_a ( s#list * , s#secret * , t#u8 )

/* net/b.symtypes */
s#secret struct secret { int key ; }
override read_b void read_b ( s#list * , s#secret * )
`

const list = 'struct list { struct list * next ; typedef unsigned char u8 name [ 4 ] ; }'

function checksums(text: string): unknown {
  return readStoredTypes(text).flatMap((types) =>
    types.exports.map((name) => [name, checksumOf(name, types)]),
  )
}

describe('the oracle', () => {
  it('expands a type once, repeats its name after that, and takes it from the object that defined it last', () => {
    const a = `typedef unsigned char u8 read_a ( ${list.replace('typedef unsigned char u8', 'u8')} * , struct secret { UNKNOWN } * , u8 ) `
    const b = `void read_b ( ${list} * , struct secret { int key ; } * ) `
    expect(checksums(stored)).toEqual([
      ['read_a', crc32(a)],
      ['read_b', crc32(b)],
    ])
  })

  it('refuses a reference that nothing defines', () => {
    expect(() => readStoredTypes(stored.replace('E#LENGTH 4\n', ''))).toThrow('E#LENGTH has no definition')
  })

  it('foretells which protected symbols an edit changes, to which checksum, and what it is to blame', () => {
    const types = readStoredTypes(stored)
    const rewrites = new Map([['s#secret', () => ['struct', 'secret', '{', 'long', 'key', ';', '}']]])
    const { changed, causes } = predict(types, () => true, rewrites)
    expect([...changed]).toEqual([
      ['read_b', crc32(`void read_b ( ${list} * , struct secret { long key ; } * ) `)],
    ])
    expect([...causes]).toEqual(['s#secret'])
    expect(predict(types, (symbol) => symbol === 'read_a', rewrites).changed.size).toBe(0)
  })
})
