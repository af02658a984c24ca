import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'

/**
 * The problem of a path in a repository that leads out of it, over a link that the patch may have put there: what lies outside
 * is not the patch's, and would be quoted where a line of it is not understood. Undefined for any other path.
 * @param top of the repository, without symbolic links
 */
export async function leadsOut(path: string, top: string): Promise<Problem | undefined> {
  for (let folder = path; dirname(folder) !== folder; folder = dirname(folder)) {
    if ((await realPath(folder)) !== top) continue
    const target = await realPath(path)
    if (target === undefined || target === top || target.startsWith(`${top}/`)) return undefined
    return {
      kind: 'unreadable',
      message: `${quote(path)} leads out of the repository.`,
      place: { file: path },
      advice: 'Put the file itself there, or name the place where it is.',
    }
  }
  return undefined
}

function realPath(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined)
}
