import { execFileSync, spawn } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bytes } from './difference.ts'
import { contentIn, type Part } from './parts.ts'
import type { Plan } from './plan.ts'

/** A repository that was made after a plan. */
export interface History {
  readonly repository: string
  /** The commits' names by their numbers; that of the older tree is at 0. */
  readonly hashes: readonly string[]
}

/** Runs git without anybody's settings. @returns its standard output without the last newline */
export function git(folder: string, ...args: readonly string[]): string {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
  }
  return execFileSync('git', ['-C', folder, ...args], {
    ...{ encoding: bytes, env, maxBuffer: 2 ** 28 },
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trimEnd()
}

/**
 * Makes the repository of a plan, with the work tree of its last commit: branch `main`, and tag `good` on the older tree. People and
 * dates are fixed, so that the same plan gives the same names.
 */
export async function makeHistory(repository: string, older: string, plan: Plan): Promise<History> {
  rmSync(repository, { recursive: true, force: true })
  mkdirSync(repository, { recursive: true })
  git(repository, 'init', '--quiet', '--template=', '--initial-branch=main')
  const importer = spawn('git', ['-C', repository, '-c', 'core.compression=1', 'fast-import', '--quiet'], {
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const ended = new Promise<number | null>((done) => importer.on('close', done))
  const { stdin } = importer
  stdin.on('error', () => undefined)
  for (const piece of streamOf(older, plan))
    if (!stdin.write(piece)) await Promise.race([new Promise((go) => stdin.once('drain', go)), ended])
  stdin.end()
  const code = await ended
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`)
  git(repository, 'branch', '--quiet', '-D', 'part')
  git(repository, 'checkout', '--quiet', '--force', 'main')
  return openHistory(repository, plan)
}

/** The commits' names in a repository that an earlier run made. */
export function openHistory(repository: string, plan: Plan): History {
  // The number stands in the mail address, as subjects say other things.
  const numbers = git(repository, 'log', '--format=%H %ae', 'main').split('\n')
  const hashes: string[] = []
  for (const line of numbers) {
    const [hash = '', mail = ''] = line.split(' ')
    hashes[Number(/^\d+/.exec(mail)?.[0])] = hash
  }
  if (numbers.length !== plan.commits.length + 1) throw new Error(`${repository} is of another plan`)
  return { repository, hashes }
}

function* streamOf(older: string, plan: Plan): Generator<Buffer> {
  const contentOf = contentIn(older)
  yield commitHead({ number: 0, branch: 'part', subject: 'The older kernel', parents: [] })
  for (const file of filesUnder(older, '')) yield* releasedFile(older, file)
  yield Buffer.from('\nreset refs/tags/good\nfrom :1\n\n')
  const states: ReadonlySet<Part>[] = [new Set()]
  for (const [at, commit] of plan.commits.entries()) {
    const number = at + 1
    const before = states[commit.parents[0] ?? 0] ?? new Set<Part>()
    const state = new Set(commit.parents.flatMap((parent) => [...(states[parent] ?? [])]))
    for (const part of commit.brings) state.add(part)
    for (const part of commit.takesBack) state.delete(part)
    states.push(state)
    const { subject, parents } = commit
    yield commitHead({ number, branch: number === plan.commits.length ? 'main' : 'part', subject, parents })
    const touched = [...before, ...state].filter((part) => before.has(part) !== state.has(part))
    for (const file of new Set(touched.map((part) => part.file)))
      yield* changedFile(older, file, contentOf(file, state))
  }
}

interface CommitHead {
  readonly number: number
  readonly branch: string
  readonly subject: string
  readonly parents: readonly number[]
}

/** An hour after the one before it. */
function commitHead({ number, branch, subject, parents }: CommitHead): Buffer {
  const by = `Kernel Maintainer <${number}@example.org> ${1767225600 + number * 3600} +0000`
  const message = Buffer.from(`${subject}\n`)
  const [first, ...others] = parents.map((parent) => `:${parent + 1}`)
  return Buffer.from(
    [
      `commit refs/heads/${branch}`,
      `mark :${number + 1}`,
      `author ${by}`,
      `committer ${by}`,
      `data ${message.length}`,
      `${message.toString()}${first === undefined ? '' : `from ${first}`}`,
      ...others.map((other) => `merge ${other}`),
      '',
    ].join('\n'),
  )
}

function* releasedFile(older: string, file: string): Generator<Buffer> {
  const path = join(older, file)
  const isLink = lstatSync(path).isSymbolicLink()
  yield* fileCommand(file, modeOf(path), isLink ? Buffer.from(readlinkSync(path)) : readFileSync(path))
}

function* changedFile(older: string, file: string, text: string | undefined): Generator<Buffer> {
  if (text === undefined) yield Buffer.from(`D ${quoted(file)}\n`)
  else yield* fileCommand(file, modeOf(join(older, file)), Buffer.from(text, bytes))
}

function* fileCommand(file: string, mode: string, content: Buffer): Generator<Buffer> {
  yield Buffer.from(`M ${mode} inline ${quoted(file)}\ndata ${content.length}\n`)
  yield content
  yield Buffer.from('\n')
}

function modeOf(path: string): string {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat?.isSymbolicLink()) return '120000'
  return stat && (stat.mode & 0o100) !== 0 ? '100755' : '100644'
}

function quoted(file: string): string {
  return `"${file.replaceAll(/["\\]/g, '\\$&')}"`
}

/** Files and links, in order. */
function* filesUnder(root: string, folder: string): Generator<string> {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      if (entry.name !== '.git') yield* filesUnder(root, path)
    } else yield path
  }
}
