import { isError, problemTexts } from '../problem/problem.ts'
import type { Verdict } from './verdict.ts'

/**
 * The exit code of a verdict: 0 pass or overridden, 1 ABI break, 2 wrong usage or configuration, 3 could not verify,
 * 4 kabi-gate itself failed. Only 1 means that the ABI is known to be broken.
 */
export function exitCode(verdict: Verdict): 0 | 1 | 2 | 3 | 4 {
  switch (verdict.result) {
    case 'pass':
    case 'overridden':
      return 0
    case 'break':
      return 1
    case 'error': {
      const classes = new Set(verdict.problems.filter(isError).map(({ kind }) => problemTexts[kind].class))
      if (classes.has('internal')) return 4
      return classes.size > 0 && !classes.has('input') ? 2 : 3
    }
  }
}
