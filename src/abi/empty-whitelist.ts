import type { Problem } from '../problem/problem.ts'

/** The problem of a whitelist that protects nothing. */
export function emptyWhitelist(file: string, message: string): Problem {
  return { kind: 'empty-whitelist', message, place: { file } }
}

/** The problem of a whitelist none of whose `count` rows can be compared. */
export function unversionedWhitelist(file: string, count: number): Problem {
  return {
    kind: 'all-unversioned',
    message: `All ${count} rows have the checksum zero, so nothing can be compared.`,
    place: { file },
    advice: 'Make the whitelist from a build with CONFIG_MODVERSIONS=y.',
  }
}
