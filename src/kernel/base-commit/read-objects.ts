import { execFile, type ExecFileException } from 'node:child_process'
import type { Problem, Read } from '../../abi/problem.ts'
import { gitEnvironment } from '../patch/git-environment.ts'
import { gitArguments, type GitSession } from '../patch/run-git.ts'

/**
 * Reads objects of a repository as they are stored: no filter, no hook and no attribute of the tree has a say. Problems,
 * without any: `missing-tool`, `interrupted`, `unreadable`.
 * @param objects their full names, in hexadecimal digits
 * @param maxBytes most bytes of all together
 */
export async function readObjects(
  { cwd, env, signal }: GitSession,
  objects: readonly string[],
  maxBytes: number,
): Promise<Read<ReadonlyMap<string, Uint8Array>>> {
  const names = [...new Set(objects)]
  if (names.length === 0) return { value: new Map(), problems: [] }
  const environment = await gitEnvironment(env)
  const output = await new Promise<Buffer | ExecFileException>((resolve) => {
    const child = execFile(
      'git',
      [...gitArguments, 'cat-file', '--batch'],
      {
        cwd,
        env: environment,
        signal,
        encoding: 'buffer',
        // A header stands in front of each.
        maxBuffer: maxBytes + 128 * names.length,
      },
      (error, stdout) => resolve(error ?? stdout),
    )
    // What git does not read when it fails is no second failure.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(names.map((name) => `${name}\n`).join(''))
  })
  if (!Buffer.isBuffer(output)) return { value: new Map(), problems: [failure(output, signal)] }
  const contents = split(output, names)
  return contents
    ? { value: contents, problems: [] }
    : {
        value: new Map(),
        problems: [{ kind: 'unreadable', message: 'git cat-file did not give every file.' }],
      }
}

/** `<object> blob <size>`, a line end, the content, a line end; for each in the order asked for. */
function split(output: Buffer, names: readonly string[]): ReadonlyMap<string, Uint8Array> | undefined {
  const contents = new Map<string, Uint8Array>()
  let at = 0
  for (const name of names) {
    const end = output.indexOf(10, at)
    const [object, type, size] = output.toString('latin1', at, Math.max(end, at)).split(' ')
    if (object !== name || type !== 'blob') return undefined
    const start = end + 1
    at = start + Number(size) + 1
    if (output[at - 1] !== 10) return undefined
    contents.set(name, output.subarray(start, at - 1))
  }
  return at === output.length ? contents : undefined
}

function failure({ code, message }: ExecFileException, signal: AbortSignal): Problem {
  if (signal.aborted)
    return { kind: 'interrupted', message: 'git cat-file was stopped before it had finished' }
  if (code === 'ENOENT') return { kind: 'missing-tool', message: 'git could not be started (ENOENT).' }
  return { kind: 'unreadable', message: 'git cat-file failed.', excerpt: message.split('\n').slice(0, 5) }
}
