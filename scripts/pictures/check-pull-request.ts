import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { applyPatch } from 'diff'
import example from '../../src/cli/demo/example.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '../..')
const header = 'include/linux/pci.h'
const configuration = `version: 1
variants:
  x86_64:
    arch: x86_64
    config:
      targets: [tinyconfig]
      set: { 64BIT: y, MODULES: y, MODVERSIONS: y, NET: y, INET: y, BLOCK: y, PCI: y }
`
const overrideLabel = 'kabi: break approved'

/** What the action made of the pull request. */
export interface Checked {
  /** The comment, as Markdown. */
  readonly comment: string
  /** The path of the HTML report. */
  readonly report: string
}

/**
 * Has the action check the patch of `kabi-gate demo` as a pull request. The kernel, the whitelist, the commits and the run are
 * real; GitHub is a server on the loopback interface that knows of one pull request.
 * @param work a folder to work in
 */
export async function checkPullRequest(released: string, work: string): Promise<Checked> {
  const tree = join(work, 'linux')
  // The files are the same until they are replaced, which takes seconds instead of minutes.
  execFileSync('cp', ['-al', released, tree])
  rmSync(join(tree, '.git'), { recursive: true, force: true })
  replace(join(tree, 'kabi.yml'), configuration)
  const names = join(work, 'names')
  writeFileSync(names, example.whitelist)
  await run(
    'src/cli/index.ts',
    ['whitelist', 'create', '--names', names, '--work-dir', join(work, 'builds')],
    {
      cwd: tree,
      env: machine(),
    },
  )
  git(tree, 'init', '--quiet', '--initial-branch=main')
  // The history of the other files says nothing here, and they are no part of the patch.
  writeFileSync(join(tree, '.git/info/exclude'), '*\n')
  git(tree, 'add', '--force', 'Makefile', 'kabi.yml', 'whitelists', header)
  git(tree, 'commit', '--quiet', '-m', 'Linux 6.1')
  const base = git(tree, 'rev-parse', 'HEAD')
  const patched = applyPatch(readFileSync(join(tree, header), 'utf8'), example.patch)
  if (patched === false) throw new Error(`the patch does not apply to ${header} of ${released}`)
  replace(join(tree, header), patched)
  git(tree, 'commit', '--quiet', '-a', '-m', 'PCI: keep the power limit of the slot')
  const head = git(tree, 'rev-parse', 'HEAD')
  return runAction({ tree, work, base, head })
}

interface PullRequest {
  readonly tree: string
  readonly work: string
  readonly base: string
  readonly head: string
}

async function runAction({ tree, work, base, head }: PullRequest): Promise<Checked> {
  const comments: string[] = []
  const server = await startForge(head, comments)
  const file = (name: string, text: string) => {
    writeFileSync(join(work, name), text)
    return join(work, name)
  }
  const reports = join(work, 'reports')
  mkdirSync(reports)
  const event = { action: 'synchronize', number: 12, pull_request: pull(head, base) }
  try {
    await run('src/action/index.ts', [], {
      cwd: tree,
      env: {
        ...machine(),
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTOR: 'pat',
        GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        GITHUB_EVENT_NAME: 'pull_request',
        GITHUB_EVENT_PATH: file('event.json', JSON.stringify(event)),
        GITHUB_OUTPUT: file('output', ''),
        GITHUB_REF: 'refs/pull/12/merge',
        GITHUB_REPOSITORY: 'distro/linux',
        GITHUB_RUN_ID: '77',
        GITHUB_SERVER_URL: 'https://github.example',
        GITHUB_SHA: head,
        GITHUB_STEP_SUMMARY: file('summary', ''),
        GITHUB_WORKFLOW_REF: 'distro/linux/.github/workflows/pull-request.yml@refs/pull/12/merge',
        GITHUB_WORKSPACE: tree,
        RUNNER_TEMP: work,
        'INPUT_GITHUB-TOKEN': 'made-up',
        'INPUT_OVERRIDE-LABEL': overrideLabel,
        'INPUT_REPORT-DIR': reports,
        'INPUT_WORK-DIR': join(work, 'builds'),
      },
    })
  } finally {
    server.close()
    server.closeAllConnections()
  }
  const [comment] = comments
  if (comment === undefined) throw new Error('the action wrote no comment')
  return { comment, report: join(reports, 'report.html') }
}

function pull(head: string, base: string): object {
  return {
    number: 12,
    state: 'open',
    title: 'PCI: keep the power limit of the slot',
    user: { login: 'pat', type: 'User' },
    labels: [],
    head: { ref: 'topic', sha: head, repo: { full_name: 'distro/linux', fork: false } },
    base: { ref: 'main', sha: base },
  }
}

/** Answers what the action asks about a pull request without labels and comments, and keeps the comment that it writes. */
async function startForge(head: string, comments: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += String(chunk)))
    request.on('end', () => {
      const path = new URL(request.url ?? '/', 'http://forge').pathname
      const answer = answerTo(`${request.method ?? ''} ${path}`, head, text, comments)
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer ?? { message: 'Not Found' }))
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return server
}

function answerTo(request: string, head: string, text: string, comments: string[]): unknown {
  switch (request) {
    case 'POST /graphql':
      return { data: { viewer: { login: 'github-actions[bot]' } } }
    case 'GET /repos/distro/linux/pulls/12':
      return pull(head, head)
    case 'GET /repos/distro/linux/issues/12/comments':
      return []
    case 'POST /repos/distro/linux/issues/12/comments':
      comments.push((JSON.parse(text) as { body: string }).body)
      return { id: 1, html_url: 'https://github.example/distro/linux/pull/12#issuecomment-1' }
    default:
      return undefined
  }
}

/** Runs a program of the sources. The action ends with 1, as it found the break. */
async function run(
  program: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  const loader = import.meta.resolve('tsx')
  await new Promise<void>((done, fail) => {
    const child = execFile(
      process.execPath,
      ['--import', loader, join(root, program), ...args],
      { cwd, env },
      (error) =>
        error === null || error.code === 1 ? done() : fail(new Error(`${program} failed`, { cause: error })),
    )
    child.stdout?.pipe(process.stdout)
    child.stderr?.pipe(process.stderr)
  })
}

function machine(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' }
}

/** Writes a file anew and leaves alone the one that its other names show. */
function replace(path: string, text: string): void {
  rmSync(path, { force: true })
  writeFileSync(path, text)
}

function git(tree: string, ...args: readonly string[]): string {
  const settings = ['user.name=Pat', 'user.email=pat@example.org', 'maintenance.auto=false']
  return execFileSync('git', ['-C', tree, ...settings.flatMap((one) => ['-c', one]), ...args], {
    encoding: 'utf8',
    env: { ...machine(), GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  }).trim()
}
