import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

const variable = 'KABI_GATE_RUN'

let value: string | undefined

/**
 * A variable for the environment of every program that is started: what such a program starts in turn inherits it, wherever it
 * goes, so that it is found again.
 */
export function runMark(): Readonly<Record<string, string>> {
  value ??= randomUUID()
  return { [variable]: value }
}

const patience = 2_000

/**
 * Ends all that the programs of this run left running, in whatever group or session, as far as it still has the mark in the
 * environment it was started with (`/proc/PID/environ`). To be called when no program is at work any more.
 * @returns false when something could not be ended
 */
export async function endLeftovers(): Promise<boolean> {
  const deadline = performance.now() + patience
  for (;;) {
    const left = marked()
    if (left.length === 0) return true
    if (performance.now() > deadline) return false
    for (const pid of left) kill(pid)
    await delay(10)
  }
}

/** Empty where there is no /proc. A process that has ended has no environment. */
function marked(): readonly number[] {
  if (value === undefined) return []
  const wanted = Buffer.from(`${variable}=${value}\0`)
  return pids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`).includes(wanted)
    } catch {
      // Gone, or somebody else's.
      return false
    }
  })
}

function pids(): readonly number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
  } catch {
    return []
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone by now.
  }
}

let guarded = false

/** Waits until its standard input ends, which it does with the process that started it, and then ends what has the mark. */
const guard = `
read -r line
for round in 1 2 3 4 5 6 7 8 9 10; do
  found=$(grep -ls "$0" /proc/[0-9]*/environ)
  [ -n "$found" ] || exit 0
  for path in $found; do path=\${path#/proc/}; kill -KILL "\${path%/environ}"; done
  sleep 0.1
done`

/**
 * Sees to it that programs do not outlive this process, however that ends: a compiler that hangs would run for ever when the gate
 * is killed. Starts a shell, once, that waits for it.
 */
export function guardPrograms(): void {
  if (guarded) return
  guarded = true
  const args = ['-c', guard, Object.entries(runMark())[0]?.join('=') ?? '']
  const child = spawn('/bin/sh', args, {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Without a shell there is no build, and git needs no guard.
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
}
