/** What a command may know of the world around it; tests hand in their own. */
export interface Terminal {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal
}

/**
 * True when a stream is a terminal that shows colour and nobody asked for none (https://no-color.org). A stream that
 * is no terminal has no `isTTY` at all, whatever Node's types say.
 */
export function wantsColor(stream: { readonly isTTY?: boolean }, env: Terminal['env']): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

/** The columns of a terminal, undefined for a stream that is none; one that does not tell has 80. */
export function columnsOf(stream: {
  readonly isTTY?: boolean
  readonly columns?: number
}): number | undefined {
  return stream.isTTY === true ? (stream.columns ?? 80) || 80 : undefined
}

/** How text goes to a stream: prose fits the terminal, and lines longer than a hundred signs are hard to read. */
export function textLayout(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Terminal['env'],
): { readonly color: boolean; readonly width: number } {
  return { color: wantsColor(stream, env), width: Math.min(columnsOf(stream) ?? 100, 100) }
}
