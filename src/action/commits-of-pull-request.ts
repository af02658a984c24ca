import type { LineCommit, PatchLine } from '../abi/cause.ts'
import { explainFailure, type GitHub } from './github.ts'
import type { PullRequestEvent } from './workflow-event.ts'

/** A commit is a request; whoever sends more in one pull request has a history at hand. */
const mostCommits = 50

/** A line of the patch, and how the repository names its file; undefined for one outside of it. */
interface RepositoryLine {
  readonly line: PatchLine
  readonly path: string | undefined
}

/**
 * The commits of a pull request that made lines of it, as the forge tells: for a checkout without history. Only where one commit alone
 * added or removed such a line in that file is it sure which one it was. Merges are passed over: what they bring is not of the pull request.
 *
 * Source: https://docs.github.com/en/rest/commits/commits#get-a-commit (`patch` is absent for a file whose change is too large).
 * @returns none of a pull request of more than 50 commits, or of one that has other commits by now; as a text, half a sentence why the
 * forge did not tell
 */
export async function commitsOfPullRequest(
  { api, paginate, repository }: GitHub,
  { number, head }: PullRequestEvent,
  lines: readonly RepositoryLine[],
): Promise<ReadonlyMap<PatchLine, LineCommit> | string> {
  const found = new Map<PatchLine, LineCommit>()
  if (lines.length === 0) return found
  try {
    const listed = await paginate(api.pulls.listCommits, {
      ...repository,
      pull_number: number,
      per_page: 100,
    })
    if (listed.length > mostCommits || listed.at(-1)?.sha !== head) return found
    const doubtful = new Set<PatchLine>()
    for (const { sha, parents, commit } of listed) {
      if (parents.length !== 1) continue
      const { data } = await api.repos.getCommit({ ...repository, ref: sha })
      const [subject = ''] = commit.message.split('\n')
      const made = { hash: sha, subject, date: commit.author?.date?.slice(0, 10) ?? '' }
      for (const { line, path } of lines) {
        const file = data.files?.find(({ filename }) => filename === path)
        if (!file) continue
        if (file.patch === undefined || found.has(line)) {
          if (file.patch === undefined || hasLine(file.patch, line)) doubtful.add(line)
        } else if (hasLine(file.patch, line)) found.set(line, made)
      }
    }
    for (const line of doubtful) found.delete(line)
    return found
  } catch (error) {
    return explainFailure(error, 'contents: read and pull-requests: read')
  }
}

function hasLine(patch: string, { kind, text }: PatchLine): boolean {
  return patch.split('\n').includes(`${kind === 'added' ? '+' : '-'}${text}`)
}
