import type { Problem } from './problem.ts'

/** Problems of one file that are told one by one; of the rest only the number. */
const mostShown = 20

export interface ProblemList {
  /** Adds a problem that forbids a pass. It is made only when it will be shown. */
  readonly error: (make: () => Problem) => void
  /** Adds a problem that only informs. */
  readonly note: (make: () => Problem) => void
  /** Everything added, errors first; what was too much is one problem that counts it. */
  readonly all: () => readonly Problem[]
}

/** Collects the problems of one file. Errors and notes are counted apart, so that notes never hide an error. */
export function problemList(): ProblemList {
  const errors = cappedList('problems')
  const notes = cappedList('notes')
  return { error: errors.add, note: notes.add, all: () => [...errors.all(), ...notes.all()] }
}

function cappedList(what: string): {
  readonly add: (make: () => Problem) => void
  readonly all: () => readonly Problem[]
} {
  const shown: Problem[] = []
  let firstHidden: Problem | undefined
  let hidden = 0
  return {
    add: (make) => {
      if (shown.length < mostShown) {
        shown.push(make())
        return
      }
      firstHidden ??= make()
      hidden++
    },
    all: () => {
      if (!firstHidden) return shown
      const { kind, place } = firstHidden
      const message = `${hidden} more ${what} in this file are not shown.`
      return [...shown, place ? { kind, message, place } : { kind, message }]
    },
  }
}
