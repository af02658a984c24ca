import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { copyingKernel, released } from '../support/copying-kernel.ts'
import { startApi, type Api } from './api.ts'
import { Distro, repository } from './distro.ts'
import { GitHost, type TreeEdit } from './git-host.ts'
import { Hub } from './hub.ts'

export const gateRepository = 'distro/kabi-gate'

const top = resolve(import.meta.dirname, '../..')
const gateFile = '.github/workflows/kabi-gate.yml'

/** The texts of the workflow files, by their paths in this repository. */
export function workflowTexts(): Record<string, string> {
  // The checker page is no part of the gate, and Pages no part of the forge.
  const examples = readdirSync(join(top, 'examples/workflows'))
    .filter((name) => name !== 'checker-page.yml')
    .map((name) => `examples/workflows/${name}`)
  return Object.fromEntries(
    [gateFile, ...examples].map((path) => [path, readFileSync(join(top, path), 'utf8')]),
  )
}

export interface WorldOptions {
  /** Workflow files in place of those of this repository. */
  readonly texts?: Readonly<Record<string, string>>
  readonly hasWorkflowSha?: boolean
  /** How many jobs run at once. */
  readonly machines?: number
  /** Makes a checkout of another kernel in a folder, which is built with the programs of this machine. */
  readonly kernel?: (folder: string) => Promise<unknown>
}

/** A forge with a kernel repository that kabi-gate guards, as docs/setup.md sets it up. */
export interface World {
  readonly hub: Hub
  readonly distro: Distro
  readonly api: Api
  /** What the programs in place of sudo and apt-get were called with. */
  readonly installed: () => string
  readonly close: () => Promise<void>
}

/** Nothing is built, unless a caller or another text asks for it. */
export const kabiYml = `version: 1
variants:
  x86_64: { arch: x86_64, config: configs/x86_64.config, symvers: exports }
`

/** The same with a second variant. */
export const twoVariants = `${kabiYml}  debug: { arch: x86_64, config: configs/x86_64.config, symvers: exports }
`

const kernel: Record<string, string> = {
  ...copyingKernel,
  'kabi.yml': kabiYml,
  'whitelists/debug/kabi_whitelist': released,
}

let template: Promise<string> | undefined

/** Sets the forge up: kabi-gate as it is committed here, the kernel, and the workflows for it. */
export async function makeWorld({
  texts = workflowTexts(),
  hasWorkflowSha = true,
  machines = 2,
  kernel: makeKernel,
}: WorldOptions = {}): Promise<World> {
  template ??= makeTemplate()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kabi-hub-')))
  cpSync(await template, folder, { recursive: true })
  const git = new GitHost(join(folder, 'git'))
  const image = join(folder, 'image')
  if (makeKernel) {
    const linux = join(folder, 'linux')
    await makeKernel(linux)
    await git.git(repository, 'fetch', '--quiet', linux, '+HEAD:refs/heads/main')
    for (const name of buildPrograms) rmSync(join(image, name))
  }
  const hub = new Hub({ folder, git, image, open: [gateRepository], hasWorkflowSha, machines })
  hub.protectedBranches.add('release/6.1')
  const distro = new Distro(hub)
  const api = await startApi(distro)
  hub.url = api.url
  const gate = await git.commit(
    gateRepository,
    'refs/heads/main',
    await git.tip(gateRepository, 'main'),
    { [gateFile]: texts[gateFile] },
    'workflow',
  )
  // What is not pinned gets a kabi-gate that says nothing and passes.
  const later = { 'dist/index.js': '', [gateFile]: undefined }
  await git.commit(gateRepository, 'refs/heads/main', gate, later, 'later')
  const setUp = await git.commit(
    repository,
    'refs/heads/main',
    await git.tip(repository, 'main'),
    callers(texts, gate),
    'kabi-gate',
  )
  for (const branch of ['release/6.1', 'devel'])
    await git.git(repository, 'update-ref', `refs/heads/${branch}`, setUp)
  return {
    hub,
    distro,
    api,
    installed: () =>
      existsSync(join(image, 'installed')) ? readFileSync(join(image, 'installed'), 'utf8') : '',
    close: async () => {
      for (const run of hub.runs) if (run.conclusion === undefined) run.cancel()
      await hub.settle().catch(() => undefined)
      await api.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The examples with the name of kabi-gate's repository and commit, as docs/setup.md puts them in. */
function callers(texts: Readonly<Record<string, string>>, gate: string): TreeEdit {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([path, text]) =>
      path === gateFile
        ? []
        : [
            [
              `.github/workflows/${path.split('/').at(-1) ?? ''}`,
              text.replace(/OWNER\/kabi-gate(?=[/@])/g, gateRepository).replace(/@0{40} #/g, `@${gate} #`),
            ],
          ],
    ),
  )
}

async function makeTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kabi-hub-template-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  makeImage(join(folder, 'image'))
  const git = new GitHost(join(folder, 'git'))
  for (const name of [gateRepository, repository]) {
    mkdirSync(dirname(git.path(name)), { recursive: true })
    await git.create(name)
  }
  const gate = Object.fromEntries(
    ['action.yml', 'dist/index.js'].map((path) => [path, readFileSync(join(top, path), 'utf8')]),
  )
  await git.commit(gateRepository, 'refs/heads/main', undefined, gate, 'kabi-gate')
  await git.commit(repository, 'refs/heads/main', undefined, kernel, 'Linux 6.1')
  return folder
}

/** What a hosted runner brings along and this machine may lack, or must not do: none of it decides anything. */
function makeImage(folder: string): void {
  mkdirSync(folder)
  const program = (name: string, script: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  program('sudo', 'exec "$@"')
  // A folder beside it stands for a mirror that does not answer.
  program('apt-get', 'echo "$@" >>"${0%/*}/installed"; [ ! -e "${0%/*}/out-of-order" ]')
  program('gcc', 'echo "gcc (Debian 12.2.0-14) 12.2.0"; echo Copyright')
  for (const name of buildPrograms.slice(1)) program(name, '')
}

const buildPrograms = ['gcc', 'flex', 'bison', 'bc', 'ld', 'ar', 'nm', 'objcopy']
