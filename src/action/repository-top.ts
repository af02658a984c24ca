import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/**
 * The top of the checkout that a kernel tree is in, from which a forge names files: the nearest folder with a `.git`, not
 * above the workspace. Without any, the workspace.
 * @param source absolute, as the workspace
 */
export function repositoryTop(source: string, workspace: string): string {
  if (source === workspace || relative(workspace, source).startsWith('..')) return workspace
  return existsSync(join(source, '.git')) ? source : repositoryTop(dirname(source), workspace)
}
