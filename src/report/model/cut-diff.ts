import type { DiffLine } from '../../abi/explain/definition-diff.ts'
import { counted } from '../words.ts'

/** The first lines of a diff, and words about the others; no words when there are none. */
export function cutDiff(
  diff: readonly DiffLine[],
  max: number,
): { readonly shown: readonly DiffLine[]; readonly note: string | undefined } {
  // A note in the place of a single line would save nothing.
  if (diff.length <= max + 1) return { shown: diff, note: undefined }
  const rest = diff.slice(max)
  const changed = rest.filter(({ kind }) => kind === 'added' || kind === 'removed').length
  return {
    shown: diff.slice(0, max),
    note: `${counted(rest.length, 'more line')}, ${changed} of them changed`,
  }
}
