import type { Baseline } from '../abi/baseline.ts'
import { formatBaseline } from '../abi/format-baseline.ts'
import type { UpdatePlan } from '../abi/plan-update.ts'
import type { Problem, Read } from '../abi/problem.ts'
import { readBaseline } from '../config/read-baseline.ts'
import { filesBeside, whitelistFiles } from '../io/whitelist-files.ts'
import type { EvidenceContent } from './evidence-content.ts'

/** What to write beside an updated list; what stays as it is, is undefined. */
interface Renewed {
  readonly types: Uint8Array | undefined
  readonly baseline: string | undefined
}

/**
 * Decides what happens to the types and the baseline beside a list that is updated: they are renewed from the evidence.
 * While the rows stay as they are, a baseline is left alone that knows more than the evidence, or of which only the
 * commit would change: the list has not come about anew, and one in the kernel's own repository would never come to rest.
 *
 * Problem: `stale-files`, when rows change and the evidence knows too little to renew a file that is there.
 */
export async function renewBeside(
  list: string,
  { added, changed, removed }: UpdatePlan,
  { types, baseline }: EvidenceContent,
): Promise<Read<Renewed>> {
  const rowsChange = added.length + changed.length + removed.length > 0
  const beside = await filesBeside(list)
  const files = whitelistFiles(list)
  const { value: old } = await readBaseline(files.baseline)
  const knowsLess = !baseline || (old?.options !== undefined && !baseline.options)
  const problems: Problem[] = []
  if (rowsChange && beside.types && !types) problems.push(stale(files.types))
  if (rowsChange && beside.baseline && knowsLess) problems.push(stale(files.baseline))
  const keep = !baseline || (!rowsChange && old && (knowsLess || sameButSource(old, baseline)))
  return { value: { types, baseline: keep ? undefined : formatBaseline(baseline) }, problems }
}

function sameButSource(one: Baseline, other: Baseline): boolean {
  return formatBaseline({ ...one, source: undefined }) === formatBaseline({ ...other, source: undefined })
}

function stale(file: string): Problem {
  return {
    kind: 'stale-files',
    message: 'The rows of the list would change, and nothing is known that could renew this file.',
    place: { file },
  }
}
