import { formatCrc } from '../../abi/export.ts'
import { ofFamily, type Finding } from '../../judge/finding.ts'
import { waivedSubject, type Waiver } from '../../judge/waiver.ts'
import { counted } from '../words.ts'
import { emptySection, type Section } from './report-model.ts'
import { arrow, code, join, say, text, type Words } from './span.ts'
import { variantsInWords } from './variant-words.ts'

/** A waiver, how many findings it excused, and in which variants. */
export interface WaiverUse {
  readonly waiver: Waiver
  readonly variants: readonly string[]
}

/** The waivers that excused findings, in the order of the findings. A waiver has one finding a variant. */
export function waiverUses(findings: readonly Finding[]): readonly WaiverUse[] {
  const uses = new Map<Waiver, string[]>()
  for (const { waiver, variant } of [...ofFamily(findings, 'symbol'), ...ofFamily(findings, 'layout')]) {
    if (!waiver) continue
    const variants = uses.get(waiver)
    if (variants) variants.push(variant)
    else uses.set(waiver, [variant])
  }
  return [...uses].map(([waiver, variants]) => ({ waiver, variants }))
}

/** How many findings some waivers excused: each has one a variant. */
function findingsOf(uses: readonly WaiverUse[]): number {
  return uses.reduce((sum, { variants }) => sum + variants.length, 0)
}

function boundWords(waiver: Waiver): Words {
  if (waiver.kind === 'layout') return say`${waiver.from} ${arrow} ${waiver.to}`
  const { from, to } = waiver
  return say`${formatCrc(from)} ${arrow} ${to === 'removed' ? to : formatCrc(to)}`
}

const mostOwners = 3

/** `2 findings waived by Ada and Ben`; empty when there are none. */
export function waivedInWords(findings: readonly Finding[]): Words {
  const uses = waiverUses(findings)
  if (uses.length === 0) return []
  const owners = [...new Set(uses.map(({ waiver }) => waiver.owner))]
  const left = owners.length - mostOwners
  const names = join(owners.slice(0, mostOwners).map(text), ', ')
  return say`${counted(findingsOf(uses), 'finding')} waived by ${names}${left > 0 ? ` and ${left} more` : ''}`
}

/** The waivers that excused findings, with who answers for them, until when and why. */
export function waivedSection(findings: readonly Finding[], all: readonly string[]): readonly Section[] {
  const uses = waiverUses(findings)
  if (uses.length === 0) return []
  const excused = findingsOf(uses)
  return [
    {
      ...emptySection('waived', [
        `${counted(excused, 'finding')} excused by ${counted(uses.length, 'waiver')}`,
      ]),
      label: 'waived',
      blocks: [
        {
          kind: 'table',
          list: 'waivers',
          caption: 'Waivers',
          columns: [
            { head: 'About', key: true },
            { head: 'Kind' },
            { head: 'Bound to' },
            { head: 'Variants', lead: 'in' },
            { head: 'Owner', lead: 'owner' },
            { head: 'Until', lead: 'until' },
            { head: 'Ticket' },
            { head: 'Reason' },
            { head: 'Place' },
          ],
          rows: uses.map(({ waiver, variants }) => [
            [code(waivedSubject(waiver))],
            [waiver.kind],
            boundWords(waiver),
            variantsInWords(variants, all),
            [text(waiver.owner)],
            [text(waiver.expires)],
            waiver.ticket === undefined ? [] : [text(waiver.ticket)],
            [text(waiver.reason)],
            [code(`${waiver.file}:${waiver.line}`)],
          ]),
        },
      ],
    },
  ]
}
