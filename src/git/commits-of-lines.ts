import type { LineCommit, PatchLine } from '../abi/cause.ts'
import { groupBy } from '../abi/group-by.ts'
import { runGit, type GitSession } from './run-git.ts'

/**
 * The commits that made lines of a patch, by the line; those of which it is not sure have none. A line that was added is blamed in
 * the work tree. Of one that was removed nothing is left to blame: it is the commit of the range that took such a line out of the
 * file, if there is only one.
 *
 * Whatever keeps git from telling, such as a shallow checkout, leaves lines without a commit: it is no part of any verdict.
 * @param git the kernel tree
 * @param base the commit that the patch starts from, its whole name
 */
export async function commitsOfLines(
  git: GitSession,
  base: string,
  lines: readonly PatchLine[],
): Promise<ReadonlyMap<PatchLine, LineCommit>> {
  const hashes = new Map<PatchLine, string>()
  for (const [file, some] of groupBy(lines, (line) => line.file)) {
    const added = some.filter(({ kind, text }) => kind === 'added' && text !== '')
    const removed = some.filter(({ kind }) => kind === 'removed')
    const blamed = added.length > 0 ? await blame(git, base, file, added) : new Map<string, string>()
    const removers = removed.length > 0 ? await removersOf(git, base, file) : new Map<string, Set<string>>()
    for (const line of added) {
      const hash = blamed.get(`${line.line} ${line.text}`)
      if (hash !== undefined) hashes.set(line, hash)
    }
    for (const line of removed) {
      const [hash, second] = removers.get(line.text) ?? []
      if (hash !== undefined && second === undefined) hashes.set(line, hash)
    }
  }
  const known = await describeCommits(git, new Set(hashes.values()))
  return new Map(
    [...hashes].flatMap(([line, hash]) => {
      const commit = known.get(hash)
      return commit ? [[line, commit] as const] : []
    }),
  )
}

/** Commits by `line text`. Format: git-blame(1), "THE PORCELAIN FORMAT". */
async function blame(
  git: GitSession,
  base: string,
  file: string,
  lines: readonly PatchLine[],
): Promise<ReadonlyMap<string, string>> {
  const ranges = [...new Set(lines.map(({ line }) => `-L${line},${line}`))]
  const { value } = await runGit(git, [
    ...['blame', '--line-porcelain', '--no-textconv'],
    ...[...ranges, `^${base}`, '--', file],
  ])
  const found = new Map<string, string>()
  let [hash, at, atBoundary] = ['', '', false]
  for (const line of value) {
    const head = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(line)
    if (head) [hash, at, atBoundary] = [head[1] ?? '', head[2] ?? '', false]
    else if (line === 'boundary') atBoundary = true
    // All zeros: it is not committed yet.
    else if (line.startsWith('\t') && !atBoundary && !/^0+$/.test(hash))
      found.set(`${at} ${line.slice(1)}`, hash)
  }
  return found
}

/** The commits that removed lines from a file, by the line. */
async function removersOf(
  git: GitSession,
  base: string,
  file: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { value } = await runGit(git, [
    ...['log', '--format=%x00%H', '--unified=0', '--patch', '--no-renames', '--no-ext-diff', '--no-textconv'],
    ...['--no-color', '--no-show-signature', `${base}..HEAD`, '--', file],
  ])
  const found = new Map<string, Set<string>>()
  let hash = ''
  let left = 0
  for (const line of value) {
    const hunk = /^@@ -\d+(?:,(\d+))? /.exec(line)
    if (left > 0 && line.startsWith('-')) {
      left--
      const text = line.slice(1)
      found.set(text, (found.get(text) ?? new Set()).add(hash))
    } else if (line.startsWith('\0')) [hash, left] = [line.slice(1), 0]
    else if (hunk) left = Number(hunk[1] ?? 1)
  }
  return found
}

/** Subjects and days of commits, by their whole names. */
export async function describeCommits(
  git: GitSession,
  hashes: ReadonlySet<string>,
): Promise<ReadonlyMap<string, LineCommit>> {
  if (hashes.size === 0) return new Map()
  const format = '--format=%H%x00%ad%x00%s'
  const { value } = await runGit(git, [
    ...['log', '--no-walk=unsorted', format, '--date=format:%Y-%m-%d', '--no-show-signature'],
    ...hashes,
  ])
  return new Map(
    value.flatMap((line) => {
      const [hash = '', date = '', subject = ''] = line.split('\0')
      return hashes.has(hash) ? [[hash, { hash, subject, date }] as const] : []
    }),
  )
}
