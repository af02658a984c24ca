import type { Finding } from '../judge/finding.ts'
import { alignColumns } from './align-columns.ts'
import { brief, briefVariant, type Layout } from './text-layout.ts'
import { boundTo, mostWaivers, waivedHeading, waiverUses } from './waived.ts'
import { variantsInWords } from './words.ts'

/** The waivers that excused findings, with who answers for them, until when and why. */
export function waivedBlock(
  findings: readonly Finding[],
  all: readonly string[],
  { paint }: Layout,
): readonly string[] {
  const uses = waiverUses(findings)
  if (uses.length === 0) return []
  const left = uses.length - mostWaivers
  return [
    paint.bold(`${paint.yellow('waived:')} ${waivedHeading(uses)}`),
    ...alignColumns(
      uses
        .slice(0, mostWaivers)
        .map(({ waiver, variants }) => [
          { text: brief(waiver.symbol), paint: paint.bold },
          waiver.kind,
          boundTo(waiver, '->'),
          `in ${variantsInWords(variants, all, briefVariant)}`,
          `owner ${brief(waiver.owner)}`,
          `until ${brief(waiver.expires)}`,
          brief(waiver.ticket ?? ''),
          brief(waiver.reason),
          brief(`${waiver.file}:${waiver.line}`),
        ]),
      '    ',
    ),
    ...(left > 0 ? [paint.dim(`    … and ${left} more; the JSON report lists all of them`)] : []),
  ]
}
