import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { notCanonical } from '../../src/abi/canonical-form.ts'
import { formatWhitelist } from '../../src/abi/format-whitelist.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { arbitraryWhitelist } from './arbitrary-whitelist.ts'

function fault(text: string) {
  return notCanonical(text, parseWhitelist(text, 'w').value)
}

const a = '0x00000001\ta\tvmlinux\tEXPORT_SYMBOL\t\n'
const b = '0x00000002\tb\tvmlinux\tEXPORT_SYMBOL\t\n'

describe('notCanonical', () => {
  it.each<[string, string, string, number, string, string]>([
    ['an order', 'rows in another order', b + a, 1, b, a],
    ['a row', 'a row given twice', a + a + b, 2, a, b],
    ['a line end', 'CR LF', a.replace('\n', '\r\n') + b, 1, a.replace('\n', '\r\n'), a],
    [
      'a separator',
      'spaces instead of tabs',
      '0x00000001 a vmlinux\n' + b,
      1,
      '0x00000001 a vmlinux\n',
      '0x00000001\ta\tvmlinux\n',
    ],
    [
      'a checksum',
      'a short checksum',
      a + '0x2\tb\tvmlinux\tEXPORT_SYMBOL\t\n',
      2,
      '0x2\tb\tvmlinux\tEXPORT_SYMBOL\t\n',
      b,
    ],
    ['a blank line', 'a blank line', a + '\n' + b, 2, '\n', b],
    ['white space', 'white space before a comment', a + ' # x\n' + b, 2, ' # x\n', '# x\n'],
    ['a section', 'a section without rows', a + '[net]\n[mm]\n' + b, 2, '[net]\n', '[mm]\n'],
  ])('finds %s: %s', (_, __, text, line, found, expected) => {
    expect(fault(text)).toEqual({
      kind: 'not-canonical',
      message: `Line ${line} is not what the canonical form has there.`,
      place: { file: 'w', line },
      excerpt: [
        `found:    ${JSON.stringify(found.slice(0, -1))}`,
        `expected: ${JSON.stringify(expected.slice(0, -1))}`,
      ],
    })
  })

  it('finds surplus at the end of the file', () => {
    expect(fault(a + b + '\n')?.excerpt).toEqual(['found:    ""', 'expected: the end of the file'])
    expect(fault(a + b + '[net]\n')?.excerpt).toEqual(['found:    "[net]"', 'expected: the end of the file'])
  })

  it('finds a last line that was not finished', () => {
    expect(fault(a + b.slice(0, -1))?.message).toBe('The last line does not end with a newline.')
  })

  it('accepts what formatWhitelist writes, and no two of its rows the other way round', () => {
    fc.assert(
      fc.property(arbitraryWhitelist, fc.nat(), (whitelist, number) => {
        const text = formatWhitelist(whitelist)
        expect(fault(text)).toBeUndefined()
        const lines = text.split('\n').slice(0, -1)
        const at = number % lines.length
        const [row = '', next = ''] = lines.slice(at, at + 2)
        fc.pre(next !== '' && !row.startsWith('[') && !next.startsWith('['))
        lines.splice(at, 2, next, row)
        expect(fault(lines.join('\n') + '\n')?.place?.line).toBe(at + 1)
      }),
    )
  })
})
