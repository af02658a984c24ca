import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

const dist = resolve(import.meta.dirname, '../../dist')

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Surroundings {
  readonly cwd?: string
  /** The child's whole environment, beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>
}

/** Runs the committed command line in a process of its own. */
export function runCli(args: readonly string[], surroundings: Surroundings = {}): Promise<Finished> {
  return runNode([resolve(dist, 'cli.js'), ...args], surroundings)
}

/** Runs the committed action as a runner does: the environment is all it gets. */
export function runAction(surroundings: Surroundings): Promise<Finished> {
  return runNode([resolve(dist, 'index.js')], surroundings)
}

function runNode(args: readonly string[], { cwd, env }: Surroundings): Promise<Finished> {
  const { PATH = '', HOME = '/' } = process.env
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', fail)
    child.on('close', (code) => settle({ code, stdout, stderr }))
  })
}
