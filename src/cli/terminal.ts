/** What a command may know of the world around it; tests hand in their own. */
export interface Terminal {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal
}

/** True when a stream is a terminal that shows colour and nobody asked for none (https://no-color.org). */
export function wantsColor(stream: NodeJS.WriteStream, env: Terminal['env']): boolean {
  return stream.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}
