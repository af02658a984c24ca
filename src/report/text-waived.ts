import type { Finding } from '../judge/finding.ts'
import { alignColumns } from './align-columns.ts'
import { printable } from './escape.ts'
import type { Layout } from './text-layout.ts'
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
    ...uses
      .slice(0, mostWaivers)
      .flatMap(({ waiver, variants }) => [
        ...alignColumns(
          [
            [
              { text: printable(waiver.symbol), paint: paint.bold },
              waiver.kind,
              boundTo(waiver, '->'),
              `in ${variantsInWords(variants, all, printable)}`,
              printable(`${waiver.file}:${waiver.line}`),
            ],
          ],
          '    ',
        ),
        `      until ${printable(waiver.expires)}, owner ${printable(waiver.owner, 200)}${waiver.ticket === undefined ? '' : `, ${printable(waiver.ticket, 200)}`}: ${printable(waiver.reason, 300)}`,
      ]),
    ...(left > 0 ? [paint.dim(`    … and ${left} more; the JSON report lists all of them`)] : []),
  ]
}
