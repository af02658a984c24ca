import { describe, expect, it } from 'vitest'
import { renderRepairText } from '../../src/report/repair-text.ts'
import { explainedVerdicts } from './explained-verdicts.ts'
import { changed, verdictOf } from './samples.ts'

describe('the answer to a tried repair', () => {
  it('is yes when every checksum is that of the whitelist', () => {
    const verdict = verdictOf({ variants: ['x86_64'] })
    const compared = verdict.variants[0]?.compared
    expect(renderRepairText(verdict, { color: false })).toBe(
      `the checksum is back: ${compared} of ${compared} checksums as in the whitelist\n`,
    )
  })

  it('names what still differs', () => {
    const verdict = verdictOf({ variants: ['x86_64'], findings: [changed('kmalloc', 'x86_64')] })
    const text = renderRepairText(verdict, { color: false })
    expect(text).toMatch(
      /^x86_64 {2}kmalloc {2}0x[0-9a-f]{8} instead of 0x[0-9a-f]{8}\nnot yet: \d+ of \d+ checksums/,
    )
  })

  it('is not the end while a type lies elsewhere in memory, although every checksum is back', () => {
    const one = explainedVerdicts['layouts-moved'] ?? verdictOf({})
    const text = renderRepairText(one, { color: false })
    expect(text).toContain('x86_64  struct device')
    expect(text).toContain('size 712 -> 720 bytes')
    expect(text).toMatch(/^not yet: .* as in the whitelist, 4 types elsewhere in memory$/m)
  })
})
