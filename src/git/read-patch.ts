import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parsePatch } from '../abi/parse-patch.ts'
import type { Patch } from '../abi/patch.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { temporaryFolder } from '../io/drafts.ts'
import { readBytes } from '../io/read-bytes.ts'
import type { Environment } from '../processes/scrubbed-environment.ts'
import { resolveCommit } from './resolve-commit.ts'
import { runGit, type GitSession } from './run-git.ts'
import { untrackedFiles } from './untracked-files.ts'

/** The patch that is being checked: the difference to a commit of the tree's git repository, or a file. */
export type PatchSource =
  | {
      readonly kind: 'base'
      readonly ref: string
      /** The commit's whole name, where it is known already, and that it has the tree. */
      readonly commit?: string
    }
  | { readonly kind: 'file'; readonly path: string }

/** Most bytes of a patch; a patch release of the kernel has a tenth of it. */
const maxBytes = 64 * 1024 * 1024

const nothing: Patch = { files: [] }

/**
 * The difference between a commit and the working tree of a kernel tree, which need not be the top of its git checkout.
 * New files count as far as a compiler reads them (`.c`, `.h`, `.S` and the like), also before `git add`.
 *
 * Problems, with an empty patch: `usage` (no commit of that name, no git checkout), `missing-tool`, `interrupted`,
 * `unreadable` (git failed, the difference is larger than 64 MiB or not understood).
 * @param source the tree, an absolute path
 * @param base a commit, branch or tag, as git names it; it is resolved, and has to have the tree, unless that is known
 */
export async function readPatch(
  source: string,
  base: Omit<PatchSource & { readonly kind: 'base' }, 'kind'>,
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<Read<Patch>> {
  const git: GitSession = { cwd: source, env, signal }
  const { ref } = base
  const commit = base.commit ?? (await commitWithTree(git, ref))
  if (typeof commit !== 'string') return { value: nothing, problems: [commit] }
  const folder = await temporaryFolder()
  try {
    const output = join(folder, 'patch')
    const { problems } = await runGit(git, [...diffArguments, `--output=${output}`, commit, '--'])
    if (problems.length > 0) return { value: nothing, problems }
    const tracked = await parseFile(output, `git diff ${ref}`)
    if (tracked.problems.length > 0) return { value: nothing, problems: tracked.problems }
    const untracked = await untrackedFiles(git)
    if (untracked.problems.length > 0) return { value: nothing, problems: untracked.problems }
    const files = [...tracked.value.files, ...untracked.value]
    return { value: { files, base: commit }, problems: [] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function commitWithTree(git: GitSession, ref: string): Promise<string | Problem> {
  const commit = await resolveCommit(git, ref)
  if (typeof commit !== 'string') return commit
  const { problems } = await runGit(git, ['cat-file', '-e', `${commit}:./Makefile`])
  const [missing] = problems
  return missing?.kind === 'unreadable' ? notInCommit(git.cwd, ref) : (missing ?? commit)
}

/**
 * Reads a patch file, plain or compressed, as `git diff` or `git format-patch` writes it.
 *
 * Problems, with an empty patch: `unreadable`, `malformed-line`, those of `parsePatch`; `usage` for one without any change.
 */
export async function readPatchFile(file: string): Promise<Read<Patch>> {
  const { value, problems } = await parseFile(file, file)
  if (problems.length > 0 || value.files.length > 0) return { value, problems }
  const empty: Problem = {
    kind: 'usage',
    message: `${quote(file)} holds no change of a text file.`,
    place: { file },
    advice: 'Give a unified diff, as `git diff` or `git format-patch` writes it.',
  }
  return { value, problems: [empty] }
}

/** Whatever the settings of the user, the machine and the tree say, the form of the output is the same. */
const diffArguments = [
  'diff',
  '--patch',
  '--unified=0',
  '--inter-hunk-context=0',
  // A tree must not be able to hide headers by calling them binary in .gitattributes.
  '--text',
  '--relative',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--ignore-submodules=all',
  '--src-prefix=a/',
  '--dst-prefix=b/',
]

/** A tree that was unpacked inside of somebody else's checkout, for one. */
function notInCommit(source: string, base: string): Problem {
  return {
    kind: 'usage',
    message: `The commit ${quote(base)} holds no kernel tree at ${quote(source)}.`,
    advice: 'Name a commit that has the tree, or give the patch as a file.',
  }
}

async function parseFile(path: string, name: string): Promise<Read<Patch>> {
  const { value, problems } = await readBytes(path, { maxBytes })
  // Text in other encodings than UTF-8 keeps its lines.
  return problems.length > 0
    ? { value: nothing, problems }
    : parsePatch(new TextDecoder().decode(value), name)
}
