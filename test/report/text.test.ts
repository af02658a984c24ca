import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderText } from '../../src/report/text/render-text.ts'
import { evilVerdicts } from './arbitrary-verdict.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { changed, manyChanged, removed, tenVariants, verdictOf } from './samples.ts'

const plain = { color: false } as const

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}

describe('the first line', () => {
  const override = { by: 'alice', reason: 'CVE fix' }
  const findings = [
    removed({ symbol: 'kfree', variant: 'i686', severity: 'fail' }),
    ...['i686', 'ia64'].flatMap((variant) => [changed('kmalloc', variant), changed('vmalloc', variant)]),
  ]
  const missing = { kind: 'missing-variant', message: 'no evidence', variant: 'ia64' } as const

  it.each([
    ['what was compared', verdictOf({}), 'PASS: compared 860 of 860 protected symbols in x86_64'],
    [
      'what was compared in several variants, and which promise nothing',
      verdictOf({ variants: ['i686', 'ia64'], silent: { rt: 'rebuilt' } }),
      'PASS: compared 1720 of 1720 protected symbols in 2 variants; 1 variant promises nothing',
    ],
    [
      'what broke and where, each symbol counted once',
      verdictOf({ variants: tenVariants, findings }),
      'BREAK: 1 protected symbol removed, 2 changed in 2 of 10 variants',
    ],
    [
      'who overrode a break and why',
      verdictOf({ variants: ['i686', 'ia64'], findings, override }),
      'OVERRIDDEN by alice: CVE fix — 1 protected symbol removed, 2 changed in both variants',
    ],
    [
      'that the override was not needed',
      verdictOf({ override }),
      'PASS: compared 860 of 860 protected symbols in x86_64 — override by alice, not needed: CVE fix',
    ],
    [
      'that an override does not excuse an error, and what is known to be broken',
      verdictOf({
        variants: ['i686', 'ia64'],
        findings: findings.slice(0, 1),
        problems: [missing],
        override,
      }),
      'ERROR: could not verify 1 of 2 variants: Variant without evidence; known so far: 1 protected symbol removed in 1 of 2 variants — override by alice, which does not excuse an error: CVE fix',
    ],
    [
      'that the whole run failed',
      verdictOf({ variants: [], problems: [{ kind: 'config', message: 'no such key' }] }),
      'ERROR: could not verify the kernel ABI: Configuration not accepted',
    ],
  ])('says %s', (_, verdict, expected) => {
    expect(firstLine(renderText(verdict, plain))).toBe(expected)
  })
})

describe('findings', () => {
  it('are all listed, however many there are', () => {
    const findings = manyChanged(5_000, 'x86_64')
    const text = renderText(verdictOf({ findings }), plain)
    const lines = new Set(text.split('\n').map((line) => line.trim().split(' ')[0]))
    expect(findings.filter(({ symbol }) => !lines.has(symbol))).toEqual([])
  })

  it('are cut to so many a kind when asked to, and the rest is counted', () => {
    const findings = [
      ...manyChanged(7, 'i686', 'own'),
      ...manyChanged(6, 'ia64'),
      removed({ symbol: 'kfree', variant: 'i686', severity: 'fail' }),
    ]
    const text = renderText(verdictOf({ variants: ['i686', 'ia64'], findings }), { ...plain, maxSymbols: 9 })
    expect(text.match(/^ {4}kabi_symbol_\d+ /gm)).toHaveLength(9)
    expect(text).toContain('\n    … and 4 more; the JSON report lists all of them\n')
    expect(text).toMatch(/^ {4}kfree /m)
  })

  it('stand once when variants share them and apart when they differ', () => {
    const text = renderText(sampleVerdicts['ten-variants'] ?? verdictOf({}), plain)
    expect(text.match(/^ {4}skb_clone /gm)).toHaveLength(1)
    expect(text.match(/^ {4}kmap_atomic /gm)).toHaveLength(3)
    expect(text.match(/^ {2}in .*:$/gm)).toEqual([
      '  in ia64, ia64xen:',
      '  in all 10 variants:',
      '  in all variants but s390x:',
      '  in i686:',
      '  in i686PAE:',
      '  in i686xen:',
    ])
  })
})

describe('problems', () => {
  it('of a file that is wrong in every line are cut after ten, and the rest is counted', () => {
    const problems = Array.from({ length: 25 }, (_, index) => ({
      kind: 'malformed-line' as const,
      message: 'not a row',
      place: { file: 'Module.symvers\u001b[31m', line: index + 1 },
      variant: 'x86_64',
    }))
    const text = renderText(verdictOf({ problems }), plain)
    expect(text.match(/^ {2}--> Module\.symvers:\d+$/gm)).toHaveLength(10)
    expect(text).toContain('error: 15 more problems of the kind “Line not understood” in Module.symvers;')
  })

  it('without a place are never cut', () => {
    const problems = Array.from({ length: 25 }, (_, index) => ({
      kind: 'missing-variant' as const,
      message: `no evidence was collected for variant v${index}`,
      variant: `v${index}`,
    }))
    const text = renderText(verdictOf({ variants: problems.map(({ variant }) => variant), problems }), plain)
    expect(text.match(/^error: Variant without evidence:/gm)).toHaveLength(25)
  })
})

describe('colour', () => {
  const sgr = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g')

  it('changes nothing but the colour', () => {
    for (const verdict of Object.values(sampleVerdicts)) {
      const colored = renderText(verdict, { color: true })
      expect(colored).toMatch(sgr)
      expect(colored.replace(sgr, '')).toBe(renderText(verdict, plain))
    }
  })
})

describe('whatever the texts of a verdict hold', () => {
  it('no control, bidirectional or invisible character reaches the terminal, and no command the runner', () => {
    fc.assert(
      fc.property(evilVerdicts, fc.integer({ min: 40, max: 120 }), (verdict, width) => {
        for (const line of renderText(verdict, { color: false, width }).split('\n')) {
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
          expect(line).not.toMatch(/^\s*::/)
          expect(line).not.toContain('##[')
        }
      }),
    )
  })

  it('the first line says the result and who asked for an override', () => {
    fc.assert(
      fc.property(evilVerdicts, (verdict) => {
        const line = firstLine(
          renderText({ ...verdict, override: { by: 'alice', reason: 'why not' } }, plain),
        )
        expect(line).toMatch(/^(PASS|BREAK|OVERRIDDEN|ERROR)\b/)
        expect(line).toMatch(/by alice.*: why not/)
      }),
    )
  })
})

it('prose stays within the width', () => {
  for (const verdict of [sampleVerdicts['ten-variants'], sampleVerdicts['error']]) {
    const [first, ...lines] = renderText(verdict ?? verdictOf({}), { color: false, width: 80 }).split('\n')
    // The verdict is one line, wherever it stands.
    const prose = lines.filter((line) => line !== first && !/^( {3}\||.* 0x)/.test(line))
    expect(prose.filter((line) => line.length > 80)).toEqual([])
  }
})
