import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { git } from './git-host.ts'
import type { StandIn, StandInCall } from './stand-in.ts'

/** actions/checkout v7, over repositories on this machine. */
export const checkout: StandIn = {
  inputs: {
    repository: '',
    ref: '',
    path: '.',
    token: '',
    'persist-credentials': 'true',
    clean: 'true',
    'fetch-depth': '1',
    // In cone mode, which takes folders.
    'sparse-checkout': '',
  },
  async run(call) {
    const { inputs, machine, hub, run } = call
    const repository = given(inputs['repository']) ?? run.repository
    const folder = resolve(machine.workspace, inputs['path'] ?? '.')
    if (folder !== machine.workspace && !folder.startsWith(`${machine.workspace}/`))
      throw new Error(`Repository path '${folder}' is not under '${machine.workspace}'`)
    const token = given(inputs['token']) ?? call.token
    hub.mustRead(token, repository)
    const target = await resolveTarget(call, repository)
    hub.fetched.push({ run: run.id, repository, whole: given(inputs['sparse-checkout']) === undefined })
    await checkOut(call, folder, target)
    if (inputs['persist-credentials'] === 'true') keepCredentials(machine.temp, folder, token)
    return { commit: target.commit, ref: inputs['ref'] ?? '' }
  },
}

/** An empty input is one that is not given. */
function given(input: string | undefined): string | undefined {
  return input === '' ? undefined : input
}

interface Target {
  readonly repository: string
  /** What is fetched: the name of a commit, or of the ref that stands for it. */
  readonly spec: string
  readonly commit: string
}

async function resolveTarget({ inputs, hub, run }: StandInCall, repository: string): Promise<Target> {
  const named = given(inputs['ref']) ?? (repository === run.repository ? run.sha : 'main')
  if (/^[\da-f]{40}$/.test(named)) return { repository, spec: named, commit: named }
  const candidates = named.startsWith('refs/') ? [named] : [`refs/heads/${named}`, `refs/tags/${named}`]
  for (const spec of candidates) {
    const commit = await hub.git.find(repository, spec)
    if (commit !== undefined) return { repository, spec, commit }
  }
  throw new Error(`A branch or tag with the name '${named}' could not be found`)
}

/**
 * Puts a commit into a folder. Jobs begin with the same two or three checkouts; what they made of a folder to which nobody
 * else had written is copied.
 */
async function checkOut(
  { machine, hub, inputs }: StandInCall,
  folder: string,
  target: Target,
): Promise<void> {
  const before = isEmpty(folder) ? '' : machine.checkedOut.get(folder)
  const depth = inputs['fetch-depth'] ?? '1'
  const sparse = given(inputs['sparse-checkout'])
  const key = `${before ?? ''} ${target.repository}@${target.commit} ${depth} ${sparse ?? ''}`
  const made = before === undefined ? undefined : hub.checkouts.get(key)
  if (made !== undefined) {
    rmSync(folder, { recursive: true, force: true })
    cpSync(made, folder, { recursive: true, verbatimSymlinks: true })
  } else {
    await prepare(folder, `file://${hub.git.path(target.repository)}`)
    const all = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*']
    const depths = depth === '0' ? [] : [`--depth=${depth}`]
    const specs = [...(depth === '0' ? all : []), `+${target.spec}:refs/remotes/origin/fetched`]
    const filter = sparse === undefined ? [] : ['--filter=blob:none']
    await git(['-C', folder, 'fetch', '--quiet', '--no-tags', ...depths, ...filter, 'origin', ...specs])
    if (sparse !== undefined)
      await git(['-C', folder, 'sparse-checkout', 'set', '--cone', ...sparse.split('\n')])
    else if (before !== '') await git(['-C', folder, 'sparse-checkout', 'disable'])
    await git(['-C', folder, 'checkout', '--quiet', '--force', '--detach', target.commit])
  }
  if (before === undefined) return
  machine.checkedOut.set(folder, key)
  if (made !== undefined) return
  const copy = mkdtempSync(join(hub.folder, 'checkout-'))
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
  hub.checkouts.set(key, copy)
}

function isEmpty(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).length === 0
}

/** Takes over what is there of the same repository, and throws away all else. */
async function prepare(folder: string, url: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const there = existsSync(join(folder, '.git'))
    ? await git(['-C', folder, 'config', '--get', 'remote.origin.url']).catch(() => '')
    : ''
  if (there === url) {
    await git(['-C', folder, 'clean', '-ffdxq'])
    await git(['-C', folder, 'reset', '--quiet', '--hard', 'HEAD'])
    return
  }
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
  await git(['-c', 'init.defaultBranch=main', 'init', '--quiet', '--template=', folder])
  await git(['-C', folder, 'remote', 'add', 'origin', url])
}

/** As since v6: a file beside the workspace, which the repository's configuration includes. */
function keepCredentials(temp: string, folder: string, token: string): void {
  const path = join(temp, 'git-credentials.config')
  const secret = Buffer.from(`x-access-token:${token}`).toString('base64')
  writeFileSync(path, `[http "https://github.example/"]\n\textraheader = AUTHORIZATION: basic ${secret}\n`)
  appendFileSync(join(folder, '.git/config'), `[include]\n\tpath = ${path}\n`)
}
