import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { git } from './make-history.ts'
import type { Workbench } from './workbench.ts'

/** What `kabi-gate bisect --json` prints, as far as it is judged. */
export interface Bisection {
  readonly breaks: readonly {
    readonly broken: {
      readonly kind: string
      readonly name: string
      readonly symbols: readonly string[]
      readonly lines: readonly { readonly file: string; readonly text: string }[]
    }
    readonly commits: readonly { readonly hash: string }[]
  }[]
  readonly looked: number
  readonly skipped: readonly { readonly commit: string; readonly why: string }[]
  readonly problems: readonly { readonly class: string; readonly message: string }[]
}

/** How a run of the bundle ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

/** A signal after some milliseconds: to the whole group as a terminal sends it, or to the one process. */
export interface Interruption {
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'
  readonly group: boolean
  readonly after: number
}

/** Runs the bundle, with a home of its own by which its processes are known. */
export async function run(
  { cli, folder, where }: Workbench,
  args: readonly string[],
  interruption?: Interruption,
): Promise<Ended> {
  const started = performance.now()
  const home = homeIn(folder)
  mkdirSync(home, { recursive: true })
  const child = spawn(process.execPath, [cli, ...args, ...where], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that a signal to it does not meet this program.
    detached: true,
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (texts[name] += text))
  const { pid = 0 } = child
  // In its own group nobody else stops it.
  const stop = (signal: NodeJS.Signals): void => {
    process.kill(-pid, signal)
    process.exit(1)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  const timer =
    interruption &&
    setTimeout(() => {
      // Not one that ended already, whose number may be another's.
      if (child.exitCode === null && child.signalCode === null)
        process.kill(interruption.group ? -pid : pid, interruption.signal)
    }, interruption.after)
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done, fail) => {
    child.on('error', fail)
    child.on('exit', (...how) => {
      clearTimeout(timer)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, stop)
      done(how)
    })
  })
  // What the process wrote last is read once its pipes end; a program that outlives it may hold them.
  await Promise.race([new Promise((done) => child.on('close', done)), delay(2000)])
  return { code, signal, ...texts, seconds: Math.round((performance.now() - started) / 100) / 10 }
}

function homeIn(folder: string): string {
  return join(folder, 'home')
}

/** What is left behind by a run that ended; empty after one that cleaned up. */
export async function leftBehind({ folder, builds }: Workbench, killed: boolean): Promise<readonly string[]> {
  const found: string[] = []
  const survivors = await survivorsIn(folder)
  if (survivors.length > 0) found.push(`processes still run: ${survivors.join(', ')}`)
  if (killed) return found
  for (const name of ['tree', 'lock'])
    if (existsSync(join(builds, 'released', name))) found.push(`${name} is left in the work folder`)
  return found
}

/** Processes of the bundle after some seconds in which they may end. */
async function survivorsIn(folder: string): Promise<readonly string[]> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const running = processesOf(homeIn(folder))
    if (running.length === 0 || performance.now() > deadline) return running
    await delay(50)
  }
}

function processesOf(home: string): readonly string[] {
  return readdirSync('/proc').flatMap((id) => {
    if (!/^\d+$/.test(id)) return []
    try {
      if (!readFileSync(`/proc/${id}/environ`, 'latin1').split('\0').includes(`HOME=${home}`)) return []
      return [`${id} ${readFileSync(`/proc/${id}/cmdline`, 'latin1').replaceAll('\0', ' ').slice(0, 100)}`]
    } catch {
      // It ended meanwhile, or is another user's.
      return []
    }
  })
}

/** All of the user's repository that a run could touch. */
export function stateOf({ history: { repository } }: Workbench): string {
  const asked = [
    ['status', '--porcelain', '--branch'],
    ['worktree', 'list', '--porcelain'],
    ['for-each-ref'],
    ['config', '--local', '--list'],
    ['count-objects', '-v'],
  ]
  const files = readdirSync(join(repository, '.git')).sort().join(' ')
  return [...asked.map((args) => git(repository, ...args)), files].join('\n')
}

/** Makes the next run of the bundle find what was built, and nothing that was seen. */
export function forget({ builds }: Workbench): void {
  rmSync(join(builds, 'released/bisection'), { force: true })
}
