import type { Evidence } from '../abi/evidence.ts'
import { compareAllLayouts, type ChangedLayout } from '../abi/layouts/compare-all-layouts.ts'
import { breaksModules } from '../abi/layouts/layout-change.ts'
import { parseLayouts } from '../abi/layouts/parse-layouts.ts'
import { shownOf } from '../abi/shown-of.ts'
import { isError, type Problem } from '../problem/problem.ts'
import { mayExist, whitelistFiles } from '../baseline/whitelist-files.ts'
import { readBytes } from '../io/read-bytes.ts'

/**
 * Says which types lie in memory otherwise than the layouts beside a list say, in a way that breaks modules.
 *
 * Problems: `layouts-moved`, a note; those of reading the file.
 */
export async function movedLayouts(path: string, { layouts }: Evidence): Promise<readonly Problem[]> {
  const { layouts: file } = whitelistFiles(path)
  if (!layouts || !(await mayExist(file))) return []
  const { value: bytes, problems } = await readBytes(file)
  if (problems.length > 0) return problems
  const stored = parseLayouts(new TextDecoder().decode(bytes), file)
  if (stored.problems.some(isError)) return stored.problems
  const moved = compareAllLayouts({ before: stored.value, after: layouts }).filter(({ differences }) =>
    differences.some(breaksModules),
  )
  if (moved.length === 0) return []
  const what = moved.length === 1 ? 'type or symbol lies' : 'types and symbols lie'
  return [
    {
      kind: 'layouts-moved',
      message: `${moved.length} ${what} in memory otherwise than in the release.`,
      place: { file },
      excerpt: shownOf(moved.map(lineOf)),
    },
  ]
}

/** `s#device: size 768 -> 776, moved parent 64 -> 72, and 30 more`. */
function lineOf({ name, differences }: ChangedLayout): string {
  const breaking = differences.filter(breaksModules)
  const shown = breaking.slice(0, mostChanges).map(({ class: what, member, before, after }) => {
    const sides = [before, after].filter((side) => side !== undefined).join(' -> ')
    return `${what}${member === undefined ? '' : ` ${member}`} ${sides}`
  })
  const left = breaking.length - shown.length
  return `${name}: ${shown.join(', ')}${left > 0 ? `, and ${left} more` : ''}`
}

const mostChanges = 3
