import { isError, problemTexts } from '../problem/problem.ts'
import type { BisectStep } from './bisect-step.ts'
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

/** What ends `git bisect run`, be it a step that cannot be made or a command line that nobody understands. */
const stop = 128

const stepCodes: Readonly<Record<BisectStep['kind'], number>> = {
  good: 0,
  bad: 1,
  skipped: 125,
  stopped: stop,
}

/** The exit code that `git bisect run` wants. */
export function bisectCode({ kind }: Pick<BisectStep, 'kind'>): number {
  return stepCodes[kind]
}

/** An exit code that is given to `git bisect run`, which takes all that it does not know below 128 for a bad commit. */
export function codeForBisect(code: number): number {
  return code >= stop || Object.values(stepCodes).includes(code) ? code : stop
}
