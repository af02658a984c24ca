import { isAbsolute, join, relative } from 'node:path'
import type { Annotation } from '../report/annotations/annotations.ts'

/**
 * Where GitHub shall show an annotation: on a file of the repository, named relative to it; nowhere when the file lies
 * outside.
 *
 * @param repository the top of the checkout
 * @param root the same without symbolic links, as a verdict names kernel trees
 */
export function placeInRepository(
  { file, tree, line }: Pick<Annotation, 'file' | 'tree' | 'line'>,
  repository: string,
  root: string,
): { readonly file?: string; readonly startLine?: number } {
  if (file === undefined) return {}
  const path = tree === undefined ? relative(repository, file) : relative(root, join(tree, file))
  if (path.startsWith('..') || isAbsolute(path)) return {}
  return line === undefined ? { file: path } : { file: path, startLine: line }
}
