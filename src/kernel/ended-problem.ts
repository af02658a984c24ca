import type { Problem } from '../problem/problem.ts'
import type { Ended } from '../processes/run.ts'
import { isSystemFailure } from './exports/system-failure.ts'
import { adviceAboutWarnings } from './warnings-as-errors.ts'

/** What is known about a program besides how it ended. */
interface ProgramReport {
  /** As a person would say it: `make vmlinux modules`. */
  readonly what: string
  readonly kind: 'configure-failed' | 'build-failed'
  readonly excerpt: readonly string[]
  /** The file with everything it printed. */
  readonly log: string
}

/** Turns the end of a program into a problem; only exit code 0 is none. */
export function endedProblem(ended: Ended, { what, kind, excerpt, log }: ProgramReport): Problem | undefined {
  const seen = excerpt.length > 0 ? { excerpt } : {}
  switch (ended.kind) {
    case 'exited':
      return ended.code === 0
        ? undefined
        : {
            kind,
            message: `${what} ended with exit code ${ended.code}${excerpt.length > 0 ? '' : ' and printed nothing'}; the full log is ${log}`,
            ...seen,
            ...advised(adviceAboutWarnings(excerpt)),
            ...(excerpt.some(isSystemFailure) ? { speaksOf: 'setup' } : {}),
          }
    case 'killed':
      return {
        kind,
        message: `${what} was ended from outside by ${ended.signal}; the full log is ${log}`,
        ...seen,
        advice:
          ended.signal === 'SIGKILL'
            ? 'The system does this when it runs out of memory: use fewer --jobs, or a machine with more memory.'
            : 'Run it again; if it happens again, find out who sends the signal.',
        speaksOf: 'setup',
      }
    case 'interrupted':
      return { kind: 'interrupted', message: `${what} was stopped before it had finished` }
    case 'not-started':
      return notStarted(ended.code, what)
  }
}

function advised(advice: string | undefined): { readonly advice?: string } {
  return advice === undefined ? {} : { advice }
}

function notStarted(code: string, what: string): Problem {
  if (code === 'ENOENT') return { kind: 'missing-tool', message: `${what}: the program was not found` }
  if (code === 'EACCES') {
    return {
      kind: 'missing-tool',
      message: `${what}: the program may not be executed (permission denied)`,
      advice: 'Correct its permissions, or put another one first in PATH.',
    }
  }
  return {
    kind: 'missing-tool',
    message: `${what}: the program could not be started (${code})`,
    advice: 'Look for a limit on processes, memory or open files on this machine.',
  }
}
