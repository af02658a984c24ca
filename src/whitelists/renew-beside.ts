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
 * Decides what happens to the types and the baseline beside a list that is updated. They are renewed from the evidence.
 * A baseline of which only the commit would change is left alone while the rows stay as they are: the list has not come
 * about anew, and a list kept in the kernel's own repository would never come to rest.
 *
 * Problem: `stale-files`, when rows change and the evidence has nothing to renew a file with that is there.
 */
export async function renewBeside(
  list: string,
  { added, changed, removed }: UpdatePlan,
  { types, baseline }: EvidenceContent,
): Promise<Read<Renewed>> {
  const rowsChange = added.length + changed.length + removed.length > 0
  const existing = await filesBeside(list)
  const files = whitelistFiles(list)
  const problems: Problem[] = []
  if (rowsChange && existing.types && !types) problems.push(stale(files.types))
  if (rowsChange && existing.baseline && !baseline) problems.push(stale(files.baseline))
  const keep = !rowsChange && baseline !== undefined && (await saysTheSame(files.baseline, baseline))
  return {
    value: { types, baseline: baseline && !keep ? formatBaseline(baseline) : undefined },
    problems,
  }
}

async function saysTheSame(path: string, baseline: Baseline): Promise<boolean> {
  const { value: existing } = await readBaseline(path)
  if (!existing) return false
  const withoutSource = (one: Baseline): string => formatBaseline({ ...one, source: undefined })
  return withoutSource(existing) === withoutSource(baseline)
}

function stale(file: string): Problem {
  return {
    kind: 'stale-files',
    message: 'The rows of the list would change, and nothing is known that could renew this file.',
    place: { file },
  }
}
