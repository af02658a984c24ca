import type { GitHub } from './github.ts'
import type { MergeGroupEvent, PullRequestEvent } from './workflow-event.ts'

/**
 * Finds the pull request that a merge group is about, and which commit of it the group holds. It is one only when nothing else
 * stands in the group: the group starts from the branch as it is now, and its head is the merge of the pull request's commit
 * into that. So what is approved for the pull request is all that the group changes.
 * @returns a text, as half a sentence, that says why no pull request is known
 */
export async function queuedPullRequest(
  { api, repository }: GitHub,
  { number, base, branch, head }: MergeGroupEvent,
): Promise<PullRequestEvent | string> {
  const { data: tip } = await api.git.getRef({ ...repository, ref: `heads/${branch}` })
  if (tip.object.sha !== base) return 'other pull requests stand before it in the merge queue'
  const { data: group } = await api.git.getCommit({ ...repository, commit_sha: head })
  const [first, second, ...more] = group.parents.map(({ sha }) => sha)
  if (first !== base || second === undefined || more.length > 0)
    return 'the merge queue made no merge commit, so which commit it took is not known'
  return { number, head: second, base: branch, labeled: undefined }
}
