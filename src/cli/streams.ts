import { errorCode } from '../io/file-problem.ts'
import { problemTexts } from '../problem/problem.ts'

/**
 * Notes when standard output fails, be it that its reader has left, as `head` does, or that the disk is full; such an error would
 * otherwise end the program as if a break had been found. What standard error loses is only the progress and the notes.
 * @returns waits until everything was written, and gives the reason why it was not
 */
export function watchStreams(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
): () => Promise<string | undefined> {
  let why: string | undefined
  stdout.on('error', (error: Error) => (why ??= reason(error)))
  stderr.on('error', () => undefined)
  return () =>
    new Promise((resolve) => {
      stdout.write('', (error) => {
        if (error) why ??= reason(error)
        resolve(why)
      })
    })
}

function reason(error: Error): string {
  const code = errorCode(error)
  if (code === 'EPIPE') return 'its reader has gone'
  if (code === 'ENOSPC') return 'no space left on the device'
  return error.message
}

/** What an error that nothing else explained is to the user: one that the system reported, or a defect of this program. */
export function failureOf(error: unknown): { readonly code: 3 | 4; readonly text: string } {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && 'syscall' in error && errorCode(error) !== undefined) {
    return {
      code: 3,
      text: `error: the system refused: ${message}\n  = help: ${problemTexts.unwritable.advice}\n`,
    }
  }
  const { title, advice } = problemTexts.internal
  return { code: 4, text: `error: ${title}: ${message}\n  = help: ${advice}\n` }
}
