import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderMarkdown, writeMarkdown } from '../../src/report/markdown/render-markdown.ts'
import { reportModel } from '../../src/report/model/make-model.ts'
import { evilVerdicts, evilText } from './arbitrary-verdict.ts'
import { explainedVerdicts, manyCauses } from './explained-verdicts.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { changed, manyChanged, tenVariants, verdictOf } from './samples.ts'

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}

const alike = verdictOf({
  variants: tenVariants,
  findings: tenVariants.flatMap((variant) => manyChanged(5_000, variant)),
})
const different = verdictOf({
  variants: tenVariants,
  findings: tenVariants.flatMap((variant) => manyChanged(5_000, variant, variant)),
})

const models = [alike, different].map((verdict) => reportModel(verdict))

describe('the limit', () => {
  it.each([2_000, 60_000, 1_000_000])('of %i bytes holds for 50,000 findings', (maxBytes) => {
    for (const model of models) {
      const markdown = writeMarkdown(model, { maxBytes })
      expect(bytes(markdown)).toBeLessThanOrEqual(maxBytes)
      expect(markdown).toContain('5000 protected symbols changed in all 10 variants')
      // With so much to say, most of the room is used.
      expect(bytes(markdown)).toBeGreaterThan(Math.min(maxBytes * 0.6, 300_000))
    }
  })

  it('holds whatever the texts of a verdict hold, and the verdict is still there', () => {
    fc.assert(
      fc.property(
        evilVerdicts,
        evilText,
        fc.constantFrom(2_000, 3_000, 6_000, 20_000),
        (verdict, title, maxBytes) => {
          const markdown = renderMarkdown(verdict, { maxBytes, title })
          expect(bytes(markdown)).toBeLessThanOrEqual(maxBytes)
          expect(markdown).toMatch(/^## (✅|❌|⚠️) .*: (PASS|BREAK|OVERRIDDEN|ERROR)\n/u)
        },
      ),
    )
  })

  it('holds for the longest texts of the most expensive characters', () => {
    for (const character of ['@', '|', '&', '`', '内', '😀', '#1']) {
      const long = character.repeat(5_000)
      const verdict = verdictOf({
        variants: [long],
        findings: [changed(long, long)],
        override: { by: long, reason: long },
        problems: [{ kind: 'internal', message: long, advice: long, variant: long }],
        policy: long,
      })
      expect(bytes(renderMarkdown(verdict, { maxBytes: 2_000, title: long }))).toBeLessThanOrEqual(2_000)
    }
  })
})

describe('an explanation', () => {
  it('of 5,000 findings by 100 causes fits into 60,000 bytes, the important part first', () => {
    const verdict = manyCauses(100, 5_000, ['x86_64'])
    expect(verdict.findings).toHaveLength(5_000)
    const markdown = renderMarkdown(verdict, { maxBytes: 60_000 })
    expect(bytes(markdown)).toBeLessThanOrEqual(60_000)
    expect(bytes(markdown)).toBeGreaterThan(40_000)
    const order = [
      'BREAK',
      '5000 protected symbols changed because of 100 definitions',
      '| 1 | <code>struct state_0</code> |',
      '| 100 | ',
      '<details open><summary>1. struct state&#95;0: ',
      '```diff\n',
      '<details><summary>2. struct state&#95;1: ',
      'Symbols by the causes that changed them',
      '### Variants',
    ].map((words) => markdown.indexOf(words))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order[0]).toBeGreaterThan(0)
    expect(order[4]).toBeLessThan(20_000)
  })

  const of400Causes = reportModel(manyCauses(400, 2_000, tenVariants))

  it.each([2_000, 4_000, 10_000, 200_000])('of 400 causes fits into %i bytes', (maxBytes) => {
    const markdown = writeMarkdown(of400Causes, { maxBytes })
    expect(bytes(markdown)).toBeLessThanOrEqual(maxBytes)
    expect(markdown).toContain('2000 protected symbols changed in all 10 variants')
    expect(markdown).toContain('Cut to fit in here')
  })

  it('fences a diff with more backquotes than a definition holds', () => {
    const verdict = explainedVerdicts['explained-one-cause'] ?? alike
    const [cause] = verdict.explanation?.causes ?? []
    if (!verdict.explanation || !cause) throw new Error('a sample with a cause was expected')
    const markdown = renderMarkdown(
      {
        ...verdict,
        explanation: {
          ...verdict.explanation,
          causes: [{ ...cause, before: 'struct device { int a ; ```` }' }],
        },
      },
      { maxBytes: 60_000 },
    )
    expect(markdown).toMatch(/^`{5}diff\n[^]*^- .*````[^]*?^`{5}$/m)
  })
})

describe('what is left out', () => {
  it('is said', () => {
    const markdown = renderMarkdown(alike, { maxBytes: 60_000 })
    const shown = markdown.match(/^\| `kabi_symbol_/gm)?.length ?? 0
    expect(shown).toBeGreaterThan(100)
    expect(markdown).toContain(`… and ${5_000 - shown} more.`)
    expect(markdown).toContain('Cut to fit in here')
  })

  it('is nothing while there is room', () => {
    for (const verdict of Object.values(sampleVerdicts)) {
      expect(renderMarkdown(verdict, { maxBytes: 60_000 })).not.toContain('Cut to fit in here')
    }
  })
})

describe('text that somebody else wrote', () => {
  /** What GitHub would interpret: everything outside of code blocks and code spans. */
  function interpreted(markdown: string): string {
    return markdown.replace(/^(`{3,})(?:text|diff)\n[^]*?\n\1$/gm, '').replace(/`[\w.,:=+/%~*?()-]+`/g, '')
  }

  it('brings no element, link, mention, reference or formula to life', () => {
    fc.assert(
      fc.property(evilVerdicts, evilText, (verdict, title) => {
        const text = interpreted(renderMarkdown(verdict, { maxBytes: 200_000, title }))
        const tags = text.match(/<[^>]*>?/g) ?? []
        expect(
          tags.filter((tag) => !/^<(\/?(details|summary|code|sub)|details open|br)>$/.test(tag)),
        ).toEqual([])
        expect(text).not.toMatch(/(?<!\\)(\\\\)*[[\]`~$]/)
        expect(text).not.toMatch(/@(?!&#8203;)|(?<!&)#(?=\d)|:\/\/|www\./i)
        expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}]/u)
      }),
    )
  })

  it('adds no cell and no row to a table', () => {
    fc.assert(
      fc.property(evilText, evilText, (module, reason) => {
        const rule = {
          match: { by: 'symbol', pattern: module },
          action: 'fail',
          reason,
          file: module,
          line: 1,
        } as const
        const verdict = verdictOf({
          findings: [{ ...changed('kmalloc', 'x86_64', '', { module }), rule }],
          unusedRules: [rule],
        })
        for (const table of renderMarkdown(verdict, { maxBytes: 60_000 }).match(/(^\|.*\|\n)+/gm) ?? []) {
          const cells = table
            .trimEnd()
            .split('\n')
            .map((line) => line.match(/(?<!\\)(\\\\)*\|/g)?.length)
          expect(new Set(cells).size).toBe(1)
          expect(cells).toHaveLength(3)
        }
      }),
    )
  })
})
