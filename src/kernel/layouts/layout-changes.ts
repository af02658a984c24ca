import type { CauseLayout } from '../../abi/cause.ts'
import type { LayoutDifference } from '../../abi/layouts/layout-change.ts'
import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import type { Environment } from '../../processes/scrubbed-environment.ts'
import { memberOffsets } from '../../abi/layouts/leaves.ts'
import { DebugFault, type DebugTypes } from './debug-types.ts'
import { readDebugTypes } from './read-debug-types.ts'

/**
 * Compares structures and unions by the debug information of two files: of each, its size and where its members stand.
 * Offsets are in bytes; that of a bit field may have a fraction.
 *
 * Problems, with nothing known: those of `readDebugTypes`; `no-layout` where types lead to themselves or to nowhere.
 * @param before a vmlinux, object or module of the baseline
 * @param after the same of the build
 * @param names as genksyms writes them: `s#device`, `u#x`, or `t#x` for a typedef of either
 * @returns by name; one is missing when either file does not tell, or holds several different definitions of the name
 */
export async function layoutChanges(
  before: string,
  after: string,
  names: readonly string[],
  session: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<Read<ReadonlyMap<string, CauseLayout>>> {
  const changes = new Map<string, CauseLayout>()
  const problems: Problem[] = []
  const files: DebugTypes[] = []
  for (const file of [before, after]) {
    const types = await readDebugTypes(file, session)
    problems.push(...types.problems)
    if (types.value) files.push(types.value)
  }
  const [older, newer] = files
  if (!older || !newer || files.length < 2) return { value: changes, problems }
  try {
    for (const name of names) {
      const [one, other] = [onlyOne(aggregatesOf(older, name)), onlyOne(aggregatesOf(newer, name))]
      if (one && other) changes.set(name, changeOf(one, other))
    }
  } catch (error) {
    if (!(error instanceof DebugFault)) throw error
    const message = `Types of ${quote(before)} or ${quote(after)} are not understood: ${error.message}.`
    return { value: new Map(), problems: [...problems, { kind: 'no-layout', message }] }
  }
  return { value: changes, problems }
}

interface Aggregate {
  /** In bytes. */
  readonly size: number
  /** The offset of each named member, in bits; those of unnamed structures and unions inside count as its own. */
  readonly members: ReadonlyMap<string, number>
}

/** Those of a structure or union, or of what a typedef stands for. */
function aggregatesOf(types: DebugTypes, name: string): readonly Aggregate[] {
  const own = types.layoutsOf(name)
  const target = name.startsWith('t#') && own.length === 0 ? types.typedef(name.slice(2)) : undefined
  const layouts = target === undefined ? own : types.layoutsOf(target)
  return layouts.flatMap((layout) => {
    if (layout.kind === 'enum') return []
    return [{ size: layout.size, members: memberOffsets(layout) }]
  })
}

/** The definition of a name, when all that have it agree. */
function onlyOne([first, ...others]: readonly Aggregate[]): Aggregate | undefined {
  if (!first) return undefined
  return others.every(
    ({ size, members }) =>
      size === first.size &&
      members.size === first.members.size &&
      [...members].every(([member, offset]) => first.members.get(member) === offset),
  )
    ? first
    : undefined
}

function changeOf(before: Aggregate, after: Aggregate): CauseLayout {
  const members = [...before.members].flatMap(([member, offset]): LayoutDifference[] => {
    const now = after.members.get(member)
    if (now === offset) return []
    const place = { member, before: String(offset / 8) }
    return [
      now === undefined
        ? { class: 'removed', ...place }
        : { class: 'moved', ...place, after: String(now / 8) },
    ]
  })
  const size: LayoutDifference[] =
    before.size === after.size
      ? []
      : [{ class: 'size', before: String(before.size), after: String(after.size) }]
  return { sizeBefore: before.size, sizeAfter: after.size, differences: [...size, ...members] }
}
