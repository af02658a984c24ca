/** Thrown by a command that was called wrongly; the program prints it and exits with 2. */
export class UsageError extends Error {
  readonly advice: string | undefined

  constructor(message: string, advice?: string) {
    super(message)
    this.name = 'UsageError'
    this.advice = advice
  }
}

/**
 * Refuses options that mean nothing beside another.
 * @param others what else was given, by the name of its option; undefined where it was not
 * @throws UsageError for the first of them that was given
 */
export function refuseBeside(name: string, others: Readonly<Record<string, unknown>>, advice: string): void {
  const contradicting = Object.keys(others).find((other) => others[other] !== undefined)
  if (contradicting !== undefined) throw new UsageError(`${name} contradicts ${contradicting}`, advice)
}

/** @throws UsageError for what is no whole name of a commit */
export function refuseShortCommit(expectCommit: string): void {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(expectCommit)) return
  throw new UsageError(
    `--expect-commit ${expectCommit}: expected the whole name of a commit, 40 hexadecimal digits`,
  )
}
