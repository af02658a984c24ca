import type { DiffLine } from '../../abi/explain/definition-diff.ts'
import type { Sides } from '../../abi/layouts/compare-layouts.ts'
import type { FindingKind } from '../../judge/finding.ts'
import type { Severity } from '../../judge/policy.ts'
import type { Result } from '../../judge/verdict.ts'
import type { Risk } from './explained.ts'
import type { Words } from './span.ts'

/** All that Text, Markdown and HTML say, in this order. A writer decides how it looks and how much of a list fits. */
export interface ReportModel {
  readonly headline?: Headline
  readonly sections: readonly Section[]
  /** Whose configuration counted, and by which kabi-gate it was checked, and when. */
  readonly checked?: Words
  /** What is to be done next. */
  readonly next?: Words
}

/** What came of it. */
export interface Headline {
  readonly tone: Result
  /** `BREAK`. */
  readonly word: string
  /** The same in a sentence, without the override. */
  readonly sentence: Words
  /** Who asked that a break shall not fail, and what came of it. */
  readonly override?: Words
}

/** Lists that a writer may cut; what is left out is counted. */
export type ListName =
  | 'blames'
  | 'hidden'
  | 'layouts'
  | 'edits'
  | 'drivers'
  | 'ranks'
  | 'driver-sets'
  | 'waivers'
  | 'origins'
  | 'ignored'
  | 'unused'
  | 'variants'
  | 'about'
  | 'causes'
  | 'idle'
  | 'series'
  | 'reach'
  | 'problems'
  | 'rows'

export interface Section {
  /** Unique in a report. */
  readonly id: string
  /** Of a section about findings. */
  readonly about?: { readonly severity: Severity; readonly kind: FindingKind }
  /** What stands in front of the title of another section; absent: nothing. */
  readonly label?: 'note' | 'waived'
  readonly title: Words
  /** What was found out about all that follows, as a paragraph. */
  readonly lead?: Words
  readonly explanation?: string
  readonly advice?: Words
  /** True where the title says enough for most readers. */
  readonly folded?: boolean
  readonly blocks: readonly Block[]
  readonly remarks: readonly Remark[]
  readonly parts: readonly Section[]
}

/** A sentence with a label, and what to do about it. */
export interface Remark {
  readonly label: string
  readonly words: Words
  readonly help?: string
}

export type Block = Table | SymbolTable | Blames | Causes | Sets | Problems | Commands | Pictures

export interface Column {
  readonly head: string
  /** What shows what a value is, where a table goes without heads. */
  readonly lead?: string
  readonly number?: boolean
  /** What the row is about. */
  readonly key?: boolean
}

export interface Table {
  readonly kind: 'table'
  readonly list: ListName
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Words[])[]
  /** What a row is, where “12 more” does not say enough. */
  readonly noun?: string
  /** True where the values mean nothing without heads. */
  readonly figures?: boolean
  /** A table of more rows may start folded. */
  readonly foldAfter?: number
}

/** Symbols by the variants that share them. */
export interface SymbolTable {
  readonly kind: 'symbols'
  readonly columns: readonly Column[]
  readonly groups: readonly {
    readonly where: Words
    readonly rows: readonly { readonly symbol: string; readonly cells: readonly Words[] }[]
  }[]
  /** True for what only a reader wants who asked for everything. */
  readonly details?: boolean
}

/** The lines that made findings. */
export interface Blames {
  readonly kind: 'blames'
  readonly items: readonly { readonly place: string; readonly line?: string; readonly remark: Words }[]
}

/** Changed definitions: at a glance, and each with all that helps to repair it. */
export interface Causes {
  readonly kind: 'causes'
  readonly glance: Table
  readonly causes: readonly CauseEntry[]
  /** All variants that could be reached. */
  readonly variants: readonly string[]
  /** The shortest way to repair everything; empty where one step is enough. */
  readonly steps: readonly { readonly names: readonly Words[]; readonly restored: number }[]
  readonly changed: number
}

export interface CauseEntry {
  readonly number: number
  readonly title: string
  readonly risk: Risk
  /** Its gravest class. */
  readonly classes: string
  /** Its gravest change. */
  readonly change: Words
  readonly place: string | undefined
  readonly symbols: number
  readonly alone: number
  /** The variants in words; empty where there is but one. */
  readonly where: Words
  readonly onlySome: boolean
  readonly reach: ReadonlyMap<string, number>
  readonly facts: readonly { readonly name: string; readonly words: Words; readonly place?: string }[]
  readonly diff: readonly DiffLine[]
}

/** Symbols by the causes that changed them. */
export interface Sets {
  readonly kind: 'sets'
  readonly sets: readonly {
    readonly causes: readonly { readonly number: number; readonly title: string }[]
    /** How many more they need that the report does not show. */
    readonly others: number
    readonly symbols: readonly string[]
  }[]
}

/** Lines for a shell. */
export interface Commands {
  readonly kind: 'commands'
  readonly lines: readonly string[]
}

/** Types as they lie in memory, before and after: what a page has room for, and other reports leave out. */
export interface Pictures {
  readonly kind: 'pictures'
  readonly items: readonly (Picture & {
    readonly where: Words
    /** Those that reach it, each once. */
    readonly symbols: readonly string[]
  })[]
  /** How many more types there are. */
  readonly left: number
}

/** One type, with its members or enumerators in their order. */
export interface Picture {
  /** `struct device`. */
  readonly title: string
  readonly of: 'members' | 'values'
  /** In bytes. */
  readonly size: Sides<number>
  /** In bytes; absent where a side does not tell. */
  readonly align?: Sides<number>
  readonly rows: readonly (PictureRow | PictureGap)[]
  /** How many more rows there are behind the last one. */
  readonly left: number
}

/** A member, an enumerator, or bytes that nothing uses, where they are on either side; absent on the side where they are not. */
export interface PictureRow {
  readonly kind: 'row'
  readonly before?: PicturePlace
  readonly after?: PicturePlace
  /** A member of a member as `outer.inner`; empty for what has no name. */
  readonly name: string
  /** It shares its place with others. */
  readonly inUnion: boolean
  /** At least one; `padding` is what nothing uses at the end. */
  readonly what: readonly RowState[]
  /** How far it moved, in bits or in value; absent unless that is all that can have happened to it. */
  readonly shift?: number
}

export type RowState = 'same' | 'moved' | 'new' | 'gone' | 'retyped' | 'resized' | 'hole' | 'padding'

export interface PicturePlace {
  /** In bytes, of bits as `24:3`; the value of an enumerator. */
  readonly place: string
  /** Bytes as `8`, bits as `3 bits`; absent where it is not known. */
  readonly size?: string
  /** In C. */
  readonly type?: string
}

/** Rows that are left out, as all of them stayed or moved by the same. */
export interface PictureGap {
  readonly kind: 'gap'
  readonly count: number
  readonly shift: number
}

export interface Problems {
  readonly kind: 'problems'
  readonly items: readonly ProblemItem[]
  /** Problems of files that are wrong in too many lines to tell of each. */
  readonly rest: readonly { readonly error: boolean; readonly words: Words }[]
}

export interface ProblemItem {
  readonly error: boolean
  readonly title: string
  readonly message: string
  /** `file:line:column`. */
  readonly place: string | undefined
  readonly variants: readonly string[]
  readonly excerpt: readonly string[]
  readonly advice: string
}

/** A section to which only what it has of its own need be added. */
export function emptySection(id: string, title: Words): Section {
  return { id, title, blocks: [], remarks: [], parts: [] }
}

/** True for what only a reader wants who asked for everything. */
export function isDetail({ blocks }: Section): boolean {
  return blocks.some((block) => block.kind === 'symbols' && block.details)
}
