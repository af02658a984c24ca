import { readFile } from 'node:fs/promises'
import { writeFileSafely } from '../io/write-file.ts'
import type { Problem } from '../problem/problem.ts'
import type { Seen } from '../judge/break.ts'

/** What is known of the commits of a bisection. */
export interface Memory {
  readonly of: (commit: string) => Seen | undefined
  readonly keep: (commit: string, seen: Seen) => void
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
  const known = new Map<string, Seen>()
  const text = await readFile(file, 'utf8').catch(() => '')
  const [head, body = ''] = text.split('\n')
  if (head === key) {
    try {
      for (const [commit, seen] of JSON.parse(body) as readonly (readonly [string, Seen])[])
        known.set(commit, seen)
    } catch {
      known.clear()
    }
  }
  return {
    of: (commit) => known.get(commit),
    keep: (commit, seen) => void known.set(commit, seen),
    save: () => {
      // What kept a commit from being looked at may have been the machine.
      const sure = [...known].filter(([, { kind }]) => kind === 'seen')
      return writeFileSafely(file, `${key}\n${JSON.stringify(sure)}\n`)
    },
    summary: () => ({
      looked: known.size,
      skipped: [...known].flatMap(([commit, seen]) =>
        seen.kind === 'skipped' ? [{ commit, why: seen.why }] : [],
      ),
    }),
  }
}
