import type { Random } from './random.ts'
import type { KernelSource } from './kernel-source.ts'
import type { ObjectTypes, Rewrites } from './stored-types.ts'

/** A row of the list under test. */
export interface ProtectedSymbol {
  readonly symbol: string
  readonly crc: number
  readonly module: string
  readonly type: string
  readonly namespace: string
  /** The object that exports it, without suffix: `net/core/dev`. */
  readonly object: string
}

/** What a case is made from. */
export interface Workshop {
  readonly variant: string
  readonly source: KernelSource
  readonly types: readonly ObjectTypes[]
  readonly symbols: ReadonlyMap<string, ProtectedSymbol>
  readonly random: Random
}

/** A file of the tree with new content. */
export interface Edit {
  readonly file: string
  readonly before: string
  readonly after: string
}

/** A line that a report has to name: one that the edit added or took away, with its text. */
export interface ExpectedLine {
  readonly file: string
  readonly text: string
}

export interface ExpectedFinding {
  readonly kind: 'changed' | 'unversioned' | 'removed' | 'export-type' | 'namespace' | 'moved'
  readonly symbol: string
  /** The new checksum, where the finding is about it. */
  readonly crc?: number
}

/** All that a report on the edit has to say. */
export interface Expected {
  /** The results that are right; more than one where an error is as good as a break. */
  readonly results: readonly ('pass' | 'break' | 'error')[]
  /** All findings, each once. */
  readonly findings: readonly ExpectedFinding[]
  /** Names of the definitions to blame, all of them. */
  readonly causes: readonly string[]
  /** For the cause that was edited: classes of which the report names one. */
  readonly classes: readonly string[]
  /** The lines of which the report names one first, for causes and findings alike. */
  readonly lines: readonly ExpectedLine[]
  /** False for an edit that changes the binary interface and that no checksum shows. */
  readonly seen: boolean
  /** What a report has to say of types where no checksum does. */
  readonly layouts: readonly ExpectedLayout[]
}

/** A type whose definition changed for the compiler alone. */
export interface ExpectedLayout {
  readonly name: string
  /** `fits`: there is a change that moves nothing. */
  readonly does: 'moves' | 'fits' | 'nothing'
  /** The member or enumerator that has to be named, where it moves. */
  readonly member?: string
}

/** One small edit of the kernel and what is true about it. */
export interface Draft {
  /** What was done, for people: `struct device: int kabi_mutation in front`. */
  readonly what: string
  readonly edits: readonly Edit[]
  readonly expected: Expected
  /** What genksyms makes of it, for an edit of types. */
  readonly rewrites?: Rewrites
  /** Objects whose compilation shows the truth about it; absent when the edit does not compile everywhere. */
  readonly compile?: readonly string[]
}

/** Makes a draft of one kind, or gives up where the kernel has no place for it. */
export type Maker = (workshop: Workshop) => Draft | undefined

/** What an edit says that changes nothing which counts. */
export const nothing: Expected = {
  results: ['pass'],
  findings: [],
  causes: [],
  classes: [],
  lines: [],
  seen: true,
  layouts: [],
}

/** One replacement in a file, by offsets of the text before. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The file with all replacements made. */
export function spliced(source: KernelSource, file: string, ...splices: readonly Splice[]): Edit {
  const before = source.read(file)
  let after = before
  for (const { start, end, text } of [...splices].sort((a, b) => b.start - a.start))
    after = after.slice(0, start) + text + after.slice(end)
  return { file, before, after }
}

/** The lines that edits add or take away, and others that are as right to name. */
export function linesOf(edits: readonly Edit[], others: readonly string[]): readonly ExpectedLine[] {
  return edits.flatMap(({ file, before, after }) => {
    const [old, now] = [linesByCount(before), linesByCount(after)]
    // A line such as "int" may stand in the file more than once.
    const changed = [...now.keys(), ...old.keys()].filter((line) => now.get(line) !== old.get(line))
    return [...new Set([...changed, ...others])].map((text) => ({ file, text }))
  })
}

function linesByCount(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const line of text.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}
