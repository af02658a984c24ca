import { nothingRecorded, type Baseline, type GrantedRequest } from '../abi/baseline.ts'
import { formatBaseline } from '../abi/format-baseline.ts'
import type { UpdatePlan } from '../abi/plan-update.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { readBytes } from '../io/read-bytes.ts'
import { mayExist, whitelistFiles } from '../baseline/whitelist-files.ts'
import type { EvidenceContent } from './evidence-content.ts'
import { listRecords } from '../baseline/list-records.ts'
import type { OwnList } from './read-own-list.ts'

/** What to write beside an updated list; what stays as it is, is undefined. */
interface Renewed {
  readonly types: Uint8Array | undefined
  readonly layouts: Uint8Array | undefined
  readonly baseline: string | undefined
}

/**
 * Decides what happens to the types and the baseline beside a list that is updated: they are renewed from the evidence.
 * While the rows stay as they are, a baseline is left alone that knows more than the evidence, or of which only the
 * commit would change: the list has not come about anew, and one in the kernel's own repository would never come to rest. Whatever
 * it says of the build, it records the list and the types as they are now, and the history with what was granted.
 *
 * Problem: `stale-files`, when rows change and the evidence knows too little to renew a file that is there.
 */
export async function renewBeside(
  { path, baseline: recorded }: OwnList,
  variant: string,
  { rows, added, changed, removed }: UpdatePlan,
  { types, untyped, layouts: found, baseline }: EvidenceContent,
  granted: GrantedRequest | undefined,
): Promise<Read<Renewed>> {
  const rowsChange = added.length + changed.length + removed.length > 0
  const old = recorded?.baseline
  const knowsLess = !baseline || (old?.options !== undefined && !baseline.options)
  const history = granted ? [...(old?.history ?? []), granted] : old?.history
  const problems: Problem[] = []
  const stored = new Map<'types' | 'layouts', Uint8Array>()
  // A list that has none gets none by the way, and while no row changes, what moved in memory is not accepted by the way.
  const hasLayouts = await mayExist(whitelistFiles(path).layouts)
  const layouts = hasLayouts && rowsChange ? found : undefined
  for (const [what, renewed] of [['types', types], ['layouts', layouts]] as const) {
    const file = whitelistFiles(path)[what]
    if (renewed || !(await mayExist(file))) continue
    if (rowsChange) problems.push(stale(file))
    const { value, problems: unread } = await readBytes(file)
    problems.push(...unread)
    stored.set(what, value)
  }
  if (rowsChange && recorded && knowsLess && saysOfBuild(recorded.baseline)) problems.push(stale(recorded.file))
  const keep = !baseline || (!rowsChange && old && (knowsLess || sameButSource(old, baseline)))
  const described = (keep ? old : baseline) ?? (granted && { ...nothingRecorded, variant })
  const without = types ? untyped : (old?.records?.untyped ?? [])
  const records = listRecords(rows, types ?? stored.get('types'), without, layouts ?? stored.get('layouts'))
  return {
    value: { types, layouts, baseline: described && formatBaseline({ ...described, history, records }) },
    problems,
  }
}

function sameButSource(one: Baseline, other: Baseline): boolean {
  const rest = { source: undefined, history: undefined, records: undefined }
  return formatBaseline({ ...one, ...rest }) === formatBaseline({ ...other, ...rest })
}

/** Whether it says more than for what machine the list is and how it grew. */
function saysOfBuild(baseline: Baseline): boolean {
  const rest = { arch: undefined, history: undefined, records: undefined }
  return formatBaseline({ ...baseline, ...rest }) !== formatBaseline({ ...nothingRecorded, variant: baseline.variant })
}

function stale(file: string): Problem {
  return {
    kind: 'stale-files',
    message: 'The rows of the list would change, and nothing is known that could renew this file.',
    place: { file },
  }
}
