import { runGit, type GitSession } from './run-git.ts'

/** One thing that a name stands for. */
export interface Meaning {
  /** In full: `refs/tags/v6.1`, or `commit 1234abcd…` for the beginning of a commit's name. */
  readonly name: string
  readonly commit: string
}

/** Where git looks for a short name, as gitrevisions(7) lists it. */
const places = ['refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/']

/**
 * All that a name can stand for in a repository, without what follows it (`~2`, `^{tree}`, `@{1}`). Git would take the first and
 * only warn: a tag in front of a branch. Empty for a full name, which has one meaning, and where git does not answer.
 */
export async function meaningsOf(git: GitSession, name: string): Promise<readonly Meaning[]> {
  const [short = ''] = name.split(/[~^:]|@\{/)
  if (short === '' || short.startsWith('refs/') || /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(short)) return []
  const wanted = [...places.map((place) => place + short), `refs/remotes/${short}/HEAD`]
  const form = '--format=%(refname) %(objectname) %(*objectname)'
  const { value } = await runGit(git, ['for-each-ref', form, ...wanted])
  const refs = value.flatMap((line): Meaning[] => {
    const [ref = '', object = '', peeled = ''] = line.split(' ')
    return wanted.includes(ref) ? [{ name: ref, commit: peeled || object }] : []
  })
  if (refs.length === 0) return []
  return [...refs, ...(await otherMeanings(git, short))]
}

/** A special name of git's own, such as HEAD, and commits whose names begin so. */
async function otherMeanings(git: GitSession, short: string): Promise<readonly Meaning[]> {
  if (/^[A-Z_]*HEAD$/.test(short)) {
    const { value } = await runGit(git, ['rev-parse', '--verify', '--quiet', `${short}^{commit}`])
    return value.map((commit) => ({ name: `${short} of this checkout`, commit }))
  }
  if (!/^[0-9a-f]{4,39}$/.test(short)) return []
  const { value } = await runGit(git, ['rev-parse', `--disambiguate=${short}`])
  return value.map((commit) => ({ name: `commit ${commit}`, commit }))
}
