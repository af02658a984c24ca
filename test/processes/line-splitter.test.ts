import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineSplitter, longestLine } from '../../src/processes/line-splitter.ts'

function split(chunks: readonly Uint8Array[]): string[] {
  const lines: string[] = []
  const splitter = lineSplitter((line) => lines.push(line))
  for (const chunk of chunks) splitter.push(Buffer.from(chunk))
  splitter.end()
  return lines
}

describe('lineSplitter', () => {
  it('gives the same lines wherever the chunks begin and end, also inside a character', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\n\r]/.test(text))
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat({ max: 40 })), (lines, sizes) => {
        let bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''))
        const chunks: Buffer[] = []
        for (const size of sizes) {
          chunks.push(bytes.subarray(0, size))
          bytes = bytes.subarray(size)
        }
        expect(split([...chunks, bytes])).toEqual(lines)
      }),
    )
  })

  it('hands on a last line without a line end, and drops the carriage return of a line end', () => {
    expect(split([Buffer.from('one\r\n\ntwo')])).toEqual(['one', '', 'two'])
  })

  it('keeps no more than the longest line in memory and loses nothing', () => {
    const seen: number[] = []
    const splitter = lineSplitter((line) => seen.push(line.length))
    const chunk = Buffer.alloc(100_000, 'x')
    for (let count = 0; count < 50; count++) splitter.push(chunk)
    expect(seen.length).toBeGreaterThan(70)
    splitter.end()
    expect(Math.max(...seen)).toBe(longestLine)
    expect(seen.reduce((sum, length) => sum + length, 0)).toBe(5_000_000)
  })
})
