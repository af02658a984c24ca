import { spawn } from 'node:child_process'
import type { Command, Ended, Run } from '../../../src/kernel/exports/kernel-tree.ts'

/** Runs programs, and writes down which. */
export function spawnRun(): { readonly run: Run; readonly commands: Command[] } {
  const commands: Command[] = []
  const run: Run = (command, { signal, onLine }) => {
    if (signal.aborted) return Promise.resolve({ kind: 'interrupted' })
    commands.push(command)
    return new Promise<Ended>((resolve) => {
      const { program, args, cwd, env } = command
      const child = spawn(program, args, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] })
      const output = { stdout: '', stderr: '' }
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text))
      }
      child.on('error', (error: NodeJS.ErrnoException) =>
        resolve(signal.aborted ? { kind: 'interrupted' } : { kind: 'not-started', code: error.code ?? '' }),
      )
      child.on('close', (code, killedBy) => {
        for (const stream of ['stdout', 'stderr'] as const) {
          for (const line of output[stream].split('\n')) if (line !== '') onLine(line, stream)
        }
        if (signal.aborted) resolve({ kind: 'interrupted' })
        else resolve(killedBy ? { kind: 'killed', signal: killedBy } : { kind: 'exited', code: code ?? -1 })
      })
    })
  }
  return { run, commands }
}
