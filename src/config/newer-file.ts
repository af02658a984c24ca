import type { Problem } from '../problem/problem.ts'

/**
 * The problem of a file that a newer kabi-gate wrote. What an older one wrote is read: a file without a version is of version 1.
 * @param what the file is, in a word: `report`
 * @param renew what makes it anew, in the imperative
 */
export function newerFile(file: string, what: string, found: number, newest: number, renew: string): Problem {
  return {
    kind: 'unreadable',
    message: `This ${what} is of version ${found}; this kabi-gate reads up to version ${newest}.`,
    place: { file },
    advice: `Use the kabi-gate that wrote it, or ${renew}.`,
  }
}
