import { isAbsolute, join, relative } from 'node:path'
import type { Annotation } from '../report/annotations.ts'

/**
 * Where GitHub shall show an annotation: on a file of the repository, named relative to it; nowhere when the file lies
 * outside.
 *
 * @param root the workspace without symbolic links, as a verdict names kernel trees
 */
export function placeInWorkspace(
  { file, tree, line }: Pick<Annotation, 'file' | 'tree' | 'line'>,
  workspace: string,
  root: string,
): { readonly file?: string; readonly startLine?: number } {
  if (file === undefined) return {}
  const path = tree === undefined ? relative(workspace, file) : relative(root, join(tree, file))
  if (path.startsWith('..') || isAbsolute(path)) return {}
  return line === undefined ? { file: path } : { file: path, startLine: line }
}
