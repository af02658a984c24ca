import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const pollMs = 50

/**
 * Ends all processes of a group: SIGTERM, and SIGKILL for those that are still there after the time given.
 * @returns true when SIGKILL was needed; then files may be half written.
 */
export async function endGroup(group: number, graceMs: number): Promise<boolean> {
  signalGroup(group, 'SIGTERM')
  const deadline = performance.now() + graceMs
  while (isAlive(group)) {
    if (performance.now() >= deadline) return signalGroup(group, 'SIGKILL')
    await delay(pollMs)
  }
  return false
}

/** Sends a signal to all processes of a group; 0 only asks. @returns false when there are none. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

/**
 * True while a process of the group runs. One that has ended stays visible until its parent takes note, which the first
 * process of a container may never do; such a process does not count.
 */
function isAlive(group: number): boolean {
  if (!signalGroup(group, 0)) return false
  const processes = processIds()
  return processes.length === 0 || processes.some((pid) => runsIn(pid, group))
}

/** Empty where there is no /proc. */
function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function runsIn(pid: string, group: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): after the name in parentheses come state, parent and process group.
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(processGroup) === group && state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}
