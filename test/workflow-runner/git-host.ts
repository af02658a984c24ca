import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** A file's text, a link's target, or undefined for one that is taken away. */
export type TreeEdit = Readonly<Record<string, string | { readonly link: string } | undefined>>

/** Runs git and gives what it prints, without the line end. */
export function git(args: readonly string[], input?: string): Promise<string> {
  return new Promise((settle, fail) => {
    const child = execFile(
      'git',
      args,
      { encoding: 'utf8', maxBuffer: 64 << 20, env: { PATH: process.env['PATH'], ...identity } },
      (error, stdout, stderr) => {
        if (error) fail(new Error(`git ${args.join(' ')}: ${stderr || error.message}`))
        else settle(stdout.trimEnd())
      },
    )
    // A git that ends before it has read all says so by its exit code.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input ?? '')
  })
}

const identity = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Hub'],
      [`GIT_${who}_EMAIL`, 'hub@example.org'],
      [`GIT_${who}_DATE`, '2026-11-20T08:00:00Z'],
    ]),
  ),
}

/** The repositories of a forge, bare and on this machine. */
export class GitHost {
  readonly folder: string
  /** What never changes: blobs, and files of commits by their names. */
  private readonly texts = new Map<string, string | undefined>()

  constructor(folder: string) {
    this.folder = folder
  }

  path(repository: string): string {
    return join(this.folder, `${repository}.git`)
  }

  async create(repository: string): Promise<void> {
    await git(['init', '--quiet', '--bare', this.path(repository)])
    // GitHub gives any commit that it has, by name.
    await git(['-C', this.path(repository), 'config', 'uploadpack.allowAnySHA1InWant', 'true'])
    await git(['-C', this.path(repository), 'config', 'uploadpack.allowFilter', 'true'])
  }

  git(repository: string, ...args: readonly string[]): Promise<string> {
    return git(['-C', this.path(repository), ...args])
  }

  /** The commit that a name stands for; undefined where there is none. */
  find(repository: string, ref: string): Promise<string | undefined> {
    return this.git(repository, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`).catch(() => undefined)
  }

  async tip(repository: string, branch: string): Promise<string> {
    const commit = await this.find(repository, `refs/heads/${branch}`)
    if (commit === undefined) throw new Error(`${repository} has no branch ${branch}`)
    return commit
  }

  /** Makes a commit and lets a ref stand on it. */
  async commit(
    repository: string,
    ref: string,
    parent: string | undefined,
    edit: TreeEdit,
    message: string,
  ): Promise<string> {
    const block = (bytes: string) => `data ${Buffer.byteLength(bytes)}\n${bytes}\n`
    const files = Object.entries(edit).map(([name, contents]) => {
      if (contents === undefined) return `D ${name}\n`
      if (typeof contents === 'object') return `M 120000 inline ${name}\n${block(contents.link)}`
      return `M 100644 inline ${name}\n${block(contents)}`
    })
    const from = parent === undefined ? '' : `from ${parent}\n`
    const stream = `reset ${ref}\n\ncommit ${ref}\ncommitter Hub <hub@example.org> 1795161600 +0000\n${block(message)}${from}${files.join('')}\n`
    await git(['-C', this.path(repository), 'fast-import', '--quiet', '--force', '--date-format=raw'], stream)
    const made = await this.find(repository, ref)
    if (made === undefined) throw new Error(`no commit was made for ${ref}`)
    return made
  }

  /** The merge of a commit into another, as the forge makes it; undefined where they conflict. */
  async merge(
    repository: string,
    into: string,
    commit: string,
    message: string,
  ): Promise<string | undefined> {
    const tree = await this.git(repository, 'merge-tree', '--write-tree', into, commit).catch(() => undefined)
    if (tree === undefined) return undefined
    return this.git(repository, 'commit-tree', tree, '-p', into, '-p', commit, '-m', message)
  }

  async parents(repository: string, commit: string): Promise<string[] | undefined> {
    const line = await this.git(repository, 'rev-list', '--parents', '-n', '1', commit).catch(() => undefined)
    return line?.split(' ').slice(1)
  }

  /** The text of a file in a commit, or of a whole blob; undefined where there is none. */
  async read(repository: string, object: string): Promise<string | undefined> {
    const key = `${repository} ${object}`
    if (!this.texts.has(key)) {
      const text = await this.git(repository, 'cat-file', 'blob', object).catch(() => undefined)
      this.texts.set(key, text)
    }
    return this.texts.get(key)
  }

  /** The files of a folder of a commit, and the names of their blobs. */
  async list(repository: string, commit: string, folder: string): Promise<ReadonlyMap<string, string>> {
    const lines = (await this.git(repository, 'ls-tree', commit, `${folder}/`)).split('\n').filter(Boolean)
    return new Map(
      lines.map((line) => {
        const [, blob = '', path = ''] = /^\d+ blob ([\da-f]+)\t(.+)$/.exec(line) ?? []
        return [path, blob]
      }),
    )
  }
}
