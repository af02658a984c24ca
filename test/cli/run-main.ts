import { Writable } from 'node:stream'
import { main } from '../../src/cli/main.ts'
import type { Terminal } from '../../src/cli/terminal.ts'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command line in this process. */
export async function runMain(
  args: readonly string[],
  { cwd, env = {}, signal }: { cwd: string; env?: Terminal['env']; signal?: AbortSignal },
): Promise<Ran> {
  const stdout = collector()
  const stderr = collector()
  const code = await main(args, {
    cwd,
    env,
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: signal ?? new AbortController().signal,
  })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

/** A stream that keeps what is written to it. */
export function collector(): { readonly stream: NodeJS.WriteStream; readonly text: () => string } {
  const chunks: string[] = []
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk.toString())
      done()
    },
  })
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => chunks.join('') }
}
