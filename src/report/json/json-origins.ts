import type { Finding } from '../../judge/finding.ts'
import { countOrigins } from '../../judge/origin.ts'
import type { Origins } from '../../judge/verdict.ts'

/** What findings were held against, and how many that fail, or that only their origin excuses, come from where. */
export function jsonOrigins({ base, preExisting: policy }: Origins, findings: readonly Finding[]) {
  const { introduced, 'pre-existing': preExisting, unknown } = countOrigins(findings)
  return { base, policy, introduced, preExisting, unknown }
}

/** Where a finding comes from. */
export function jsonOrigin({ origin, excused }: Finding) {
  return { origin: origin ?? null, excused: excused ?? false }
}
