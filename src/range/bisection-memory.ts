import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { writeFileSafely } from '../io/write-file.ts'
import { breakKey, type Break } from '../judge/break.ts'
import type { Problem } from '../problem/problem.ts'

/** What a commit says of one thing that is broken in the last one. */
export type Answer =
  /** It is broken here, too, in this way. */
  | { readonly kind: 'broken'; readonly as: Break }
  | { readonly kind: 'intact' }
  /** No symbol is left that could tell. */
  | { readonly kind: 'silent' }
  /** Nobody could look at it. */
  | { readonly kind: 'skipped'; readonly why: string }

/** What is known of the commits of a bisection. */
export interface Memory {
  readonly of: (commit: string, broken: Break) => Answer | undefined
  readonly keep: (commit: string, broken: Break, answer: Answer) => void
  readonly save: () => Promise<Problem | undefined>
  readonly summary: () => {
    readonly looked: number
    readonly skipped: readonly { readonly commit: string; readonly why: string }[]
  }
}

/**
 * What an earlier run for the same question saw; a file of another question, or a damaged one, counts for nothing, and
 * commits that were skipped are not kept in it.
 * @param key the question, in one line
 */
export async function openMemory(file: string, key: string): Promise<Memory> {
  const known = await readAnswers(file, key)
  return {
    of: (commit, broken) => known.get(commit)?.get(breakKey(broken)),
    keep: (commit, broken, answer) => {
      const answers = known.get(commit) ?? new Map<string, Answer>()
      known.set(commit, answers.set(breakKey(broken), answer))
    },
    save: () => {
      // What kept a commit from being looked at may have been the machine.
      const sure = [...known].map(
        ([commit, answers]) => [commit, [...answers].filter(([, { kind }]) => kind !== 'skipped')] as const,
      )
      const body = JSON.stringify(sure.filter(([, some]) => some.length > 0))
      return writeFileSafely(file, `${key}\n${body}\n${digestOf(body)}\n`)
    },
    summary: () => ({
      looked: known.size,
      skipped: [...known].flatMap(([commit, answers]) => {
        const skipped = [...answers.values()].find((one) => one.kind === 'skipped')
        return skipped ? [{ commit, why: skipped.why }] : []
      }),
    }),
  }
}

type Answers = Map<string, Map<string, Answer>>

async function readAnswers(file: string, key: string): Promise<Answers> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const [head, body = '', digest] = text.split('\n')
  if (head !== key || digest !== digestOf(body)) return new Map()
  const rows = JSON.parse(body) as readonly (readonly [string, readonly (readonly [string, Answer])[]])[]
  return new Map(rows.map(([commit, answers]) => [commit, new Map(answers)]))
}

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}
