import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { commands, prepare, type KilledCommand } from './commands.ts'

/** Something that a kill did and must not do. */
export interface Fault {
  readonly command: string
  readonly kill: string
  readonly what: string
}

/** When to kill: after so many milliseconds, or at the n-th change of the file system. */
type Kill =
  | { readonly kind: 'time'; readonly share: number }
  | { readonly kind: 'write'; readonly share: number; readonly after: boolean }

interface Ran {
  readonly code: number | null
  readonly milliseconds: number
}

interface Undisturbed {
  readonly command: KilledCommand
  /** The folder as it is before the command, to be copied. */
  readonly start: string
  readonly code: number | null
  readonly milliseconds: number
  readonly writes: number
  readonly result: string
  /** What a second run ends with: a command that overwrites nothing then refuses. */
  readonly again: number | null
}

const cli = resolve(import.meta.dirname, '../../dist/cli.js')
const preload = resolve(import.meta.dirname, 'kill-at-write.js')

/**
 * Kills each command in turn, a third of the times while it changes a file, runs it again, and holds what came of it against a
 * run that nobody disturbed.
 * @param folder an empty folder to work in
 * @param random numbers from 0 to 1
 * @param killed the commands
 */
export async function killAndRepeat(
  folder: string,
  count: number,
  random: () => number,
  killed: readonly KilledCommand[] = commands,
  onKill: (done: number, faults: readonly Fault[]) => void = () => undefined,
): Promise<readonly Fault[]> {
  const undisturbed: Undisturbed[] = []
  for (const command of killed.slice(0, Math.min(count, killed.length)))
    undisturbed.push(await undisturbedRun(folder, command))
  const faults: Fault[] = []
  for (let done = 0; done < count; done++) {
    const known = undisturbed[done % undisturbed.length]
    if (!known) break
    const aimed = Math.floor(done / undisturbed.length) % 3 === 0
    const kill: Kill = aimed
      ? { kind: 'write', share: random(), after: random() < 0.5 }
      : { kind: 'time', share: random() }
    const found = await killAndRepeatOne(folder, known, kill)
    faults.push(...found)
    onKill(done + 1, found)
  }
  return faults
}

async function undisturbedRun(folder: string, command: KilledCommand): Promise<Undisturbed> {
  const place = join(folder, 'w')
  const start = join(folder, `start-${command.name}`)
  rmSync(place, { recursive: true, force: true })
  prepare(place, command)
  for (const args of command.first ?? []) await run(place, args)
  cpSync(place, start, { recursive: true, preserveTimestamps: true })
  const { code, milliseconds } = await run(place, command.args)
  const result = stateOf(place)
  const again = await run(place, command.args)
  const writes = await countWrites(place, start, command)
  return { command, start, code, milliseconds, writes, result, again: again.code }
}

/** How often it changes something. */
async function countWrites(place: string, start: string, { args }: KilledCommand): Promise<number> {
  reset(place, start)
  const file = join(place, 'count')
  await run(place, args, { KILL_AT_WRITE: '0', KILL_COUNT: file })
  return Number(readFileSync(file, 'utf8'))
}

function reset(place: string, start: string): void {
  rmSync(place, { recursive: true, force: true })
  cpSync(start, place, { recursive: true, preserveTimestamps: true })
}

async function killAndRepeatOne(folder: string, known: Undisturbed, kill: Kill): Promise<readonly Fault[]> {
  const place = join(folder, 'w')
  const { command, start, code, result, again } = known
  reset(place, start)
  const number = 1 + Math.floor(kill.share * known.writes)
  const wait = Math.floor(kill.share * known.milliseconds)
  const words =
    kill.kind === 'write' ? `${kill.after ? 'after' : 'before'} change ${number}` : `after ${wait} ms`
  if (kill.kind === 'write') {
    await run(place, command.args, { KILL_AT_WRITE: String(number), KILL_AFTER: kill.after ? 'yes' : 'no' })
  } else await run(place, command.args, {}, wait)
  const fault = (what: string): Fault => ({ command: command.name, kill: words, what })
  const faults: Fault[] = []
  if (!(await nothingRuns(place))) faults.push(fault('a program outlives the kill'))
  const complete = stateOf(place) === result
  const { code: repeated } = await run(place, command.args)
  if (repeated !== code && !(complete && repeated === again))
    faults.push(fault(`the repeat ends with ${repeated}, not ${code}`))
  const difference = firstDifference(result, stateOf(place))
  if (difference !== undefined) faults.push(fault(difference))
  return faults
}

function firstDifference(wanted: string, found: string): string | undefined {
  const [one, other] = [wanted.split('\n'), found.split('\n')]
  const lost = one.find((line) => !other.includes(line))
  const more = other.find((line) => !one.includes(line))
  return lost === undefined && more === undefined ? undefined : `instead of ${lost} there is ${more}`
}

/** All files with what they hold, but for times and the number of runs. */
function stateOf(place: string): string {
  const lines: string[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(place, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      // The log of the run before, and what the fake tools write down about their calls.
      if (entry.name === 'build.log.1' || path === 'bin/calls') continue
      if (entry.isDirectory()) walk(path)
      else lines.push(`${path} ${digestOf(path, readFileSync(join(place, path), 'latin1'))}`)
    }
  }
  walk('')
  return lines.sort().join('\n')
}

function digestOf(path: string, text: string): string {
  if (/\/(?:tree-snapshot\.json|build\.log)$/.test(path)) return 'there'
  const timeless = text
    .replace(/"seconds":\s*[\d.e-]+/g, '"seconds":0')
    .replace(/\b\d+\.\d\b/g, '0.0')
    .replace(/ +/g, ' ')
  return createHash('sha256').update(timeless).digest('hex').slice(0, 12)
}

function run(
  place: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
  killAfter?: number,
): Promise<Ran> {
  const started = performance.now()
  const hook = 'KILL_AT_WRITE' in more ? ['--import', preload] : []
  const child = spawn(process.execPath, [...hook, cli, ...args], {
    cwd: join(place, 'linux'),
    env: {
      PATH: `${join(place, 'bin')}:/usr/bin:/bin`,
      HOME: join(place, 'home'),
      TMPDIR: join(place, 'tmp'),
      ...more,
    },
    stdio: 'ignore',
  })
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
  return new Promise((settle) => {
    child.on('close', (code) => {
      clearTimeout(timer)
      settle({ code, milliseconds: performance.now() - started })
    })
  })
}

/** Waits until no program works in the folder any more; false when one still does after some seconds. */
async function nothingRuns(place: string): Promise<boolean> {
  const deadline = performance.now() + 10_000
  while (performance.now() < deadline) {
    if (!processesIn(place)) return true
    await delay(20)
  }
  return false
}

function processesIn(place: string): boolean {
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`HOME=${join(place, 'home')}\0`)
    } catch {
      return false
    }
  })
}

/** An empty folder of that name. */
export function emptyFolder(path: string): string {
  if (existsSync(path)) rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  return path
}

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
