import type { Problem } from '../problem/problem.ts'

/** The problem of a variant that was named for its whitelist and has none. */
export function unguarded(variant: string): Problem {
  return {
    kind: 'usage',
    message: `The variant ${variant} promises nothing, so it has no whitelist.`,
    advice: 'Name a variant with a whitelist.',
  }
}
