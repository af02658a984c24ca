import type { VariantSummary, Verdict } from '../../judge/verdict.ts'
import { emptySection, type Column, type Section } from './report-model.ts'
import { say, text, variantCode, type Words } from './span.ts'

const results: Readonly<Record<VariantSummary['result'], string>> = {
  pass: 'pass',
  break: 'break',
  error: 'error',
  'no-promise': 'no promise',
}

const columns: readonly Column[] = [
  { head: 'Variant' },
  { head: 'Result' },
  ...['Protected', 'Compared', 'Broken', 'Warned', 'Added'].map((head) => ({ head, number: true })),
  { head: 'Strategy' },
  { head: 'Seconds', number: true },
  { head: 'Remark' },
]

/** A table of more variants starts folded. */
const longTable = 12

/** One row a variant: what was looked at, how, and what came of it. */
export function variantSection({ variants, policy }: Verdict, seconds: boolean): readonly Section[] {
  if (variants.length === 0) return []
  const warned = variants.some(({ findings }) => findings.warn > 0)
  return [
    {
      ...emptySection('variants', say`Variants, policy ${{ text: policy, max: 40 }}`),
      blocks: [
        {
          kind: 'table',
          list: 'variants',
          caption: 'Variants',
          noun: 'variant',
          columns,
          rows: variants.map((variant) => cellsOf(variant, warned, seconds)),
          figures: true,
          foldAfter: longTable,
        },
      ],
    },
  ]
}

function cellsOf(variant: VariantSummary, warned: boolean, seconds: boolean): readonly Words[] {
  const { name, result, findings, how, noPromiseReason } = variant
  const number = (value: number | undefined): Words => [
    result === 'no-promise' || value === undefined ? '-' : String(value),
  ]
  return [
    [variantCode(name)],
    [{ tone: result, words: [results[result]] }],
    number(variant.protected),
    number(variant.compared),
    number(findings.fail),
    warned ? number(findings.warn) : [],
    number(variant.added),
    [how?.strategy ?? '-'],
    seconds ? [how ? how.seconds.toFixed(1) : '-'] : [],
    noPromiseReason === undefined ? [] : [text(noPromiseReason)],
  ]
}
