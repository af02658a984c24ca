/** Thrown by a command that was called wrongly; the program prints it and exits with 2. */
export class UsageError extends Error {
  readonly advice: string | undefined

  constructor(message: string, advice?: string) {
    super(message)
    this.name = 'UsageError'
    this.advice = advice
  }
}
