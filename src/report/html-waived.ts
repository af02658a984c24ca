import type { Finding } from '../judge/finding.ts'
import { htmlText } from './escape.ts'
import { htmlTable } from './html-table.ts'
import { boundTo, waivedHeading, waivedHeads, waiverUses } from './waived.ts'
import { variantsInWords } from './words.ts'

const code = (text: string) => `<code>${htmlText(text)}</code>`
const plain = (text: string) => htmlText(text)

/** The waivers that excused findings, with who answers for them, until when and why. */
export function waivedHtml(findings: readonly Finding[], all: readonly string[]): string {
  const uses = waiverUses(findings)
  if (uses.length === 0) return ''
  return `<section aria-labelledby="waived"><h2 id="waived"><span class="badge warn">waived</span> ${waivedHeading(uses)}</h2>
${htmlTable(
  'Waivers',
  waivedHeads,
  uses.map(({ waiver, variants }) => ({
    cells: [
      code(waiver.symbol),
      waiver.kind,
      code(boundTo(waiver, '→')),
      variantsInWords(variants, all, plain),
      plain(waiver.owner),
      plain(waiver.expires),
      plain(waiver.ticket ?? ''),
      plain(waiver.reason),
      code(`${waiver.file}:${waiver.line}`),
    ],
  })),
)}</section>`
}
