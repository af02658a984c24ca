import type { DefinitionChange } from '../cause.ts'
import { definitionTokens } from '../definition-tokens.ts'
import { diffLists } from './diff-lists.ts'
import { prettyDefinition } from './pretty-definition.ts'

/** A line of a unified diff. A `gap` stands for `count` equal lines that are left out: two at least. */
export type DiffLine =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }
  | { readonly kind: 'gap'; readonly count: number }

type ShownLine = Exclude<DiffLine, { readonly kind: 'gap' }>

/**
 * The difference of both texts of a definition, written as C by `prettyDefinition`. Where that shows no difference, the
 * tokens are compared as genksyms wrote them, one a line.
 * @param options.context how many equal lines to keep around each change; 3 when absent
 */
export function definitionDiff(
  { name, before, after }: DefinitionChange,
  { context = 3 }: { readonly context?: number } = {},
): readonly DiffLine[] {
  const lines = diffLines(prettyDefinition(name, before), prettyDefinition(name, after))
  if (before === after || lines.some(({ kind }) => kind !== 'same')) return withGaps(lines, context)
  return withGaps(diffLines(definitionTokens(before), definitionTokens(after)), context)
}

function diffLines(before: readonly string[], after: readonly string[]): readonly ShownLine[] {
  return diffLists(before, after).flatMap(({ kind, items }) =>
    items.map((text): ShownLine => ({ kind, text })),
  )
}

function withGaps(lines: readonly ShownLine[], context: number): readonly DiffLine[] {
  /** The distance to the nearest change. */
  const distance = lines.map(() => Infinity)
  let last = -Infinity
  lines.forEach(({ kind }, at) => {
    if (kind !== 'same') last = at
    distance[at] = at - last
  })
  last = Infinity
  for (let at = lines.length - 1; at >= 0; at--) {
    if (lines[at]?.kind !== 'same') last = at
    distance[at] = Math.min(distance[at] ?? 0, last - at)
  }
  const shown: DiffLine[] = []
  let skipped: DiffLine[] = []
  const closeGap = (): void => {
    const gap: DiffLine = { kind: 'gap', count: skipped.length }
    // One line takes no more room than a gap.
    shown.push(...(skipped.length < 2 ? skipped : [gap]))
    skipped = []
  }
  lines.forEach((line, at) => {
    if ((distance[at] ?? 0) > context) skipped.push(line)
    else {
      closeGap()
      shown.push(line)
    }
  })
  closeGap()
  return shown
}
