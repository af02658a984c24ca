import { formatCrc } from '../../abi/export.ts'
import type { Rule } from '../../judge/policy.ts'
import { layoutSubject, type Waiver } from '../../judge/waiver.ts'
import { fields } from './print-json.ts'

/** A waiver, as a finding names it. */
export function jsonWaiver(waiver: Waiver) {
  return {
    symbol: waiver.kind === 'layout' ? null : waiver.symbol,
    layout: waiver.kind === 'layout' ? layoutSubject(waiver.name) : null,
    ...fields(waiver, 'kind', 'variants'),
    ...boundOf(waiver),
    ...fields(waiver, 'reason', 'owner', 'ticket', 'expires', 'file', 'line'),
  }
}

function boundOf(waiver: Waiver) {
  if (waiver.kind === 'layout') return fields(waiver, 'from', 'to')
  const { from, to } = waiver
  return { from: formatCrc(from), to: to === 'removed' ? to : formatCrc(to) }
}

/** A rule of the policy, as a finding names it. */
export function jsonRule({ match, ...rule }: Rule) {
  return { by: match.by, pattern: match.pattern, ...fields(rule, 'action', 'reason', 'file', 'line') }
}
