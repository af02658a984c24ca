import type { PatchLine } from '../../abi/cause.ts'
import { fewest } from './fewest.ts'
import { singleLines, type PatchedTree, type TreeEdit, type TreeView } from './patched-tree.ts'

/** More edits than these are not tried one by one. */
const mostEdits = 1000

/**
 * The lines of a patch that ended something: each edit that brings it back when it alone is taken out, or where none does the
 * fewest that bring it back together, and of an edit of several lines the fewest that do. Nothing where it did not hold before
 * the patch, or still does.
 * @param edits the only ones that may have to do with it
 */
export function culprits(
  tree: PatchedTree,
  edits: readonly TreeEdit[],
  holds: (view: TreeView) => boolean,
): readonly PatchLine[] {
  if (edits.length === 0 || edits.length > mostEdits || holds(tree.after)) return []
  const bringsBack = (some: readonly TreeEdit[]): boolean => holds(tree.without(some))
  if (!bringsBack(edits)) return []
  const alone = edits.filter((edit) => bringsBack([edit]))
  if (alone.length > 0) return alone.flatMap((edit) => fewest(singleLines(edit), bringsBack)).flatMap(linesOf)
  return fewest(fewest(edits, bringsBack).flatMap(singleLines), bringsBack).flatMap(linesOf)
}

/** An edit of a single line; of a line that was replaced, the new one first. */
function linesOf({ file, edit: { line, removed, added } }: TreeEdit): readonly PatchLine[] {
  return [
    ...added.map((text): PatchLine => ({ file, line, kind: 'added', text })),
    ...removed.map((text): PatchLine => ({ file, line, kind: 'removed', text })),
  ]
}
