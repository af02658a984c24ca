import { printable } from './escape.ts'
import type { VariantSummary, Verdict } from '../judge/verdict.ts'
import { alignColumns, type Cell } from './align-columns.ts'
import { brief, briefVariant, type Layout, type Paint } from './text-layout.ts'

/** One row a variant: what was looked at, how, and what came of it. */
export function variantsBlock({ variants, policy }: Verdict, { paint }: Layout): string[] {
  if (variants.length === 0) return []
  const paints: Readonly<Record<VariantSummary['result'], Paint>> = {
    pass: paint.green,
    break: paint.red,
    error: paint.red,
    'no-promise': paint.dim,
  }
  const warned = variants.some(({ findings }) => findings.warn > 0)
  const head = [
    ...['variant', 'result'].map((text): Cell => ({ text, paint: paint.dim })),
    ...['protected', 'compared', 'broken', warned ? 'warned' : '', 'added'].map((text): Cell => ({
      text,
      paint: paint.dim,
      align: 'right',
    })),
    { text: 'strategy', paint: paint.dim },
    { text: 'seconds', paint: paint.dim, align: 'right' } as const,
    {
      text: variants.some((variant) => variant.noPromiseReason) ? 'remark' : '',
      paint: paint.dim,
    },
  ]
  const rows = variants.map((variant): Cell[] => {
    const promised = variant.result !== 'no-promise'
    const number = (value: number): Cell => ({ text: promised ? String(value) : '-', align: 'right' })
    return [
      { text: briefVariant(variant.name) },
      {
        text: variant.result === 'no-promise' ? 'no promise' : variant.result,
        paint: paints[variant.result],
      },
      number(variant.protected),
      number(variant.compared),
      number(variant.findings.fail),
      warned ? number(variant.findings.warn) : { text: '' },
      number(variant.added),
      { text: variant.how?.strategy ?? '-' },
      { text: variant.how ? variant.how.seconds.toFixed(1) : '-', align: 'right' },
      { text: brief(variant.noPromiseReason ?? '') },
    ]
  })
  return [paint.bold(`variants, policy ${printable(policy, 40)}:`), ...alignColumns([head, ...rows], '  ')]
}
