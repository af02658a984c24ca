import { describe, expect, it } from 'vitest'
import { hang } from '../../src/report/text/text-layout.ts'

describe('hang', () => {
  const plain = { label: (text: string) => text, text: (text: string) => text }

  it('wraps prose at spaces, right of its label', () => {
    expect(hang('why: ', 'one two three', 12, plain)).toEqual(['why: one two', '     three'])
  })

  it('begins no line with what a runner takes for a command', () => {
    expect(hang('why: ', 'one two ::error:: three', 12, plain)).toEqual([
      'why: one two ::error::',
      '     three',
    ])
  })
})
