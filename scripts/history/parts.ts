import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytes, type FileDifference, type Hunk } from './difference.ts'

/** What a commit brings of one file, and what another may take back: some of its hunks, or all. */
export interface Part {
  readonly file: string
  readonly hunks: readonly Hunk[]
  /** The file comes or goes with it. */
  readonly whole?: 'new' | 'gone'
}

/** The files of a tree with some parts in them. */
export type Content = (file: string, parts: ReadonlySet<Part>) => string | undefined

/** Reads files of the older tree and puts parts into them; a file that a part takes away is undefined. */
export function contentIn(older: string): Content {
  return (file, parts) => {
    const own = [...parts].filter((part) => part.file === file)
    if (own.some(({ whole }) => whole === 'gone')) return undefined
    const path = join(older, file)
    const lines = existsSync(path) ? readFileSync(path, bytes).split('\n') : ['']
    const hunks = own.flatMap((part) => part.hunks).sort((one, other) => other.after - one.after)
    // From the end on, so that the line numbers of those before stay.
    for (const { after, removed, added } of hunks) {
      const there = lines.slice(after, after + removed.length)
      if (there.join('\n') !== removed.join('\n')) throw new Error(`${file}:${after + 1} is not as expected`)
      lines.splice(after, removed.length, ...added)
    }
    return existsSync(path) || hunks.length > 0 ? lines.join('\n') : undefined
  }
}

/** A whole file of the difference as one part. */
export function wholePart({ file, status, hunks }: FileDifference): Part {
  return { file, hunks, ...(status === 'modified' ? {} : { whole: status }) }
}
