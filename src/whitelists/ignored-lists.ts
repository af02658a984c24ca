import type { Problem } from '../problem/problem.ts'
import { mayExist, whitelistFiles } from '../baseline/whitelist-files.ts'
import { ignoredByGit } from '../git/ignored-by-git.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'

/**
 * The note on files of whitelists that git would leave out of a commit; see `ignoredByGit`.
 * @param lists paths of lists
 * @param source the kernel tree
 */
export async function ignoredLists(
  lists: readonly string[],
  source: string,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const there: string[] = []
  for (const list of lists)
    for (const file of Object.values(whitelistFiles(list)) as readonly string[])
      if (await mayExist(file)) there.push(file)
  const note = await ignoredByGit(there, { cwd: source, env: scrubbedEnvironment(process.env), signal })
  return note ? [note] : []
}
