import type { Problem, Read } from '../../abi/problem.ts'
import { quote } from '../../abi/quote.ts'
import { unquotePath } from '../../abi/unquote-path.ts'
import { runGit, type GitSession } from '../patch/run-git.ts'

/** A file of a commit. */
export interface CommittedFile {
  /** From the top of the repository. */
  readonly path: string
  /** Name of the object that holds its content. */
  readonly object: string
  readonly size: number
}

const entry = /^(\d{6}) (\w+) ([0-9a-f]{40,64}) +(\d+|-)\t(.*)$/

/**
 * Lists the files of a commit at or below some paths; none where the commit has nothing there. Problems, without files: those
 * of `runGit`; `unreadable` for a symbolic link or a submodule at, above or below a path, as it would lead elsewhere.
 * @param paths from the top of the repository, an empty one for all
 * @param where what the commit is, as half a sentence
 */
export async function listFiles(
  git: GitSession,
  commit: string,
  paths: readonly string[],
  where: string,
): Promise<Read<readonly CommittedFile[]>> {
  const listed = await listTree(git, ['-r', commit], paths, where)
  if (listed.problems.length > 0) return listed
  const lies =
    (path: string) =>
    ({ path: file }: CommittedFile) =>
      path === '' || file === path || file.startsWith(`${path}/`)
  const above = paths
    .filter((path) => !listed.value.some(lies(path)))
    .flatMap((path) => path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/')))
  if (above.length === 0) return listed
  const { problems } = await listTree(git, [commit], [...new Set(above)], where)
  return problems.length > 0 ? { value: [], problems } : listed
}

async function listTree(
  git: GitSession,
  words: readonly string[],
  paths: readonly string[],
  where: string,
): Promise<Read<readonly CommittedFile[]>> {
  const listed = await runGit(git, [
    '--literal-pathspecs',
    'ls-tree',
    '-l',
    '--full-tree',
    ...words,
    ...(paths.includes('') ? [] : ['--', ...paths]),
  ])
  const files: CommittedFile[] = []
  for (const line of listed.value) {
    const [, mode = '', type, object = '', size, name = ''] = entry.exec(line) ?? []
    const file = unquotePath(name) ?? ''
    if (type === 'tree') continue
    if (type !== 'blob' || !mode.startsWith('100') || file === '') return refuse(mode, file || line, where)
    files.push({ path: file, object, size: Number(size) })
  }
  return { value: files, problems: listed.problems }
}

function refuse(mode: string, path: string, where: string): Read<readonly CommittedFile[]> {
  const what = mode === '120000' ? 'a symbolic link' : mode === '160000' ? 'a submodule' : 'no regular file'
  const problem: Problem = {
    kind: 'unreadable',
    message: `${quote(path)} is ${what} in ${where}.`,
    place: { file: path },
    advice: 'What a check trusts has to be regular files of the repository itself.',
  }
  return { value: [], problems: [problem] }
}
