import { formatCrc } from '../abi/export.ts'
import { ofFamily, type Finding } from '../judge/finding.ts'
import type { Waiver } from '../judge/waiver.ts'
import { counted, type Escape } from './words.ts'

/** A waiver, how many findings it excused, and in which variants. */
export interface WaiverUse {
  readonly waiver: Waiver
  readonly variants: readonly string[]
}

/** The waivers that excused findings, in the order of the findings. A waiver has one finding a variant. */
export function waiverUses(findings: readonly Finding[]): readonly WaiverUse[] {
  const uses = new Map<Waiver, string[]>()
  for (const { waiver, variant } of ofFamily(findings, 'symbol')) {
    if (!waiver) continue
    const variants = uses.get(waiver)
    if (variants) variants.push(variant)
    else uses.set(waiver, [variant])
  }
  return [...uses].map(([waiver, variants]) => ({ waiver, variants }))
}

const mostOwners = 3

/** `2 findings waived by Ada and Ben`; empty when there are none. */
export function waivedInWords(findings: readonly Finding[], escape: Escape): string {
  const waivers = ofFamily(findings, 'symbol').flatMap(({ waiver }) => waiver ?? [])
  if (waivers.length === 0) return ''
  const owners = [...new Set(waivers.map(({ owner }) => owner))]
  const left = owners.length - mostOwners
  const names = owners.slice(0, mostOwners).map((owner) => escape(owner))
  return `${counted(waivers.length, 'finding')} waived by ${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}

/** `waived: 2 findings by 1 waiver`, as a heading. */
export function waivedHeading(uses: readonly WaiverUse[]): string {
  const findings = uses.reduce((sum, { variants }) => sum + variants.length, 0)
  return `${counted(findings, 'finding')} excused by ${counted(uses.length, 'waiver')}`
}

/** What a waiver is bound to: `0x11111111 -> 0x22222222`. */
export function boundTo({ from, to }: Waiver, arrow: string): string {
  return `${formatCrc(from)} ${arrow} ${to === 'removed' ? to : formatCrc(to)}`
}

/** Waivers that a report shows one by one. */
export const mostWaivers = 50

/** The columns of a table of waivers. */
export const waivedHeads = [
  'Symbol',
  'Kind',
  'Checksum',
  'Variants',
  'Owner',
  'Until',
  'Ticket',
  'Reason',
  'Place',
] as const
