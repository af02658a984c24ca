import type { FreePlace } from './layouts/free-places.ts'
import type { LayoutDifference } from './layouts/layout-change.ts'

/** A definition of the kernel whose own text differs between the baseline and the build. */
export interface DefinitionChange {
  /**
   * As genksyms writes it: `s#device`, `u#x`, `e#x`, `t#u8` (typedef), `E#x` (enumerator); the bare symbol for the
   * declaration of an export.
   */
  readonly name: string
  /** The tokens of the definition as genksyms wrote them, one space between, without `extern`. */
  readonly before: string
  readonly after: string
}

/**
 * The ways in which a definition can change, as maintainers speak of them. One change of the source may show as several
 * of them.
 */
export type ChangeClass =
  | 'field-added'
  | 'field-added-at-end'
  | 'field-removed'
  | 'field-retyped'
  | 'field-renamed'
  | 'fields-reordered'
  /** The same fields in the same order, with a nameless struct or union around some, or no longer. */
  | 'fields-regrouped'
  | 'bit-field-width'
  | 'array-bound'
  | 'enumerator-added-at-end'
  | 'enumerator-inserted'
  | 'enumerator-removed'
  | 'enumerator-renamed'
  | 'enumerator-value'
  | 'argument-added'
  | 'argument-removed'
  | 'argument-retyped'
  | 'return-type'
  | 'variable-retyped'
  | 'typedef-retargeted'
  /** The compiler knew only the name before, or knows only the name now. */
  | 'became-defined'
  | 'became-opaque'
  /** Genksyms knew only the name before, or knows only the name now, and the compiler knows more, or nobody looked. */
  | 'body-seen'
  | 'body-unseen'
  | 'qualifier'
  | 'attribute'
  /** The same in other words: `unsigned` and `unsigned int`, or a comma behind the last enumerator. */
  | 'spelling'
  | 'other'

/** One change of one class within a definition. */
export interface Change {
  readonly class: ChangeClass
  /** The member, enumerator or parameter it is about, in C: `spinlock_t lock`, `RED`, `argument 2`. */
  readonly subject?: string
  /** In C, where both sides exist and differ. */
  readonly before?: string
  readonly after?: string
}

/** Part of a file of the kernel tree; the path starts at the tree. Lines count from 1. */
export interface SourcePlace {
  readonly file: string
  readonly line: number
  readonly endLine: number
}

/** The line of a patch that made a change. */
export interface PatchLine {
  readonly file: string
  /** In the patched file; where lines were only removed, the line before which they stood. */
  readonly line: number
  readonly kind: 'added' | 'removed'
  /** Without its end. */
  readonly text: string
  /** The commit that did it; absent where no history is at hand, where it is not committed, or not sure. */
  readonly commit?: LineCommit
}

/** A commit as kernel developers quote it. */
export interface LineCommit {
  /** Its whole name. */
  readonly hash: string
  readonly subject: string
  /** The author's day: `2026-11-30`. */
  readonly date: string
}

/** Fields that a structure keeps for later, by one of the macros that distributions have for them. */
export interface ReservedFields {
  /** `RH_KABI_RESERVE`, `KABI_RESERVE`, `ANDROID_KABI_RESERVE`, … */
  readonly macro: string
  readonly left: number
  readonly place: SourcePlace
  /** The first of them, with what stands in its parentheses: `1` of `KABI_RESERVE(1)`; absent where that is no number. */
  readonly first?: { readonly line: number; readonly argument: string }
}

/** Lines to write so that checksum and layout are those of the release. */
export interface Fix {
  /**
   * - `hide`: the new field moves nothing where it is, so only the checksum must not see it.
   * - `use`: the new field goes to where the release reserved room.
   */
  readonly how: 'hide' | 'use'
  readonly file: string
  /** From the top of the file down. */
  readonly edits: readonly FixEdit[]
}

/** Lines of a file that are replaced by others; without their ends. */
export interface FixEdit {
  /** The first of those that are removed, as the file is now. */
  readonly line: number
  /** At least one. */
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/** How a definition lies in memory before and after; sizes in bytes, absent for what has none. */
export interface CauseLayout {
  readonly sizeBefore?: number
  readonly sizeAfter?: number
  /** Empty: nothing moved. */
  readonly differences: readonly LayoutDifference[]
  /** Where one new member would have moved nothing; absent where that is not known, or nothing moved. */
  readonly room?: Room
}

/** A new member of a structure, and the place of the release that takes it. */
export interface Room {
  readonly member: string
  /** Of the member. */
  readonly bytes: number
  /** Absent: there is none. */
  readonly place?: FreePlace
}

/** How far a cause reaches in one variant. */
export interface CauseReach {
  readonly variant: string
  /** Changed protected symbols that need it back: without it, what else they need does not bring the checksum back. */
  readonly symbols: readonly string[]
}

/** A changed definition that explains changed checksums. */
export interface Cause extends DefinitionChange {
  /** The name and a checksum of both texts, such as `s#device:5f3a9c01`; the same in every run and variant. */
  readonly id: string
  /** At least one, gravest first. */
  readonly changes: readonly Change[]
  /** The variants where a changed symbol needs it, in the order of the plan. Empty: see `matters`. */
  readonly reach: readonly CauseReach[]
  /** Distinct protected symbols, over all variants, that need it back. */
  readonly symbols: number
  /**
   * Distinct protected symbols that come back in every variant when this alone is put back. Such a symbol may be explained
   * by another cause that does as well.
   */
  readonly alone: number
  /** False for a definition that changed symbols reach only through other changes: once those are repaired, it plays no part. */
  readonly matters: boolean
  /** How an example symbol comes to it: names of definitions, the symbol first, this one last. */
  readonly chain: readonly string[]
  /** Where it is defined in the patched tree; absent where it was not found. */
  readonly place?: SourcePlace
  /** The lines of the patch that did it, the most telling first; absent when no patch is known. */
  readonly patch?: readonly PatchLine[]
  readonly reserved?: ReservedFields
  /** Absent: not known. */
  readonly layout?: CauseLayout
  /** Absent: none that is sure. */
  readonly fix?: Fix
}

/** Changed symbols that need the same causes repaired. */
export interface CauseGroup {
  /** Ids, in the order of the verdict's causes. */
  readonly causes: readonly string[]
  readonly symbols: readonly string[]
}

/** A step of the shortest way to repair everything. */
export interface RepairStep {
  /** Ids of the causes to put back in this step. */
  readonly causes: readonly string[]
  /** Distinct symbols that are back after this step and all before it. */
  readonly restored: number
}

/** Why checksums changed, and how far that is proven. */
export interface Explanation {
  /** Distinct protected symbols with a changed checksum, over all variants. */
  readonly changed: number
  /**
   * Of these, those whose explanation was proven by recomputation: the baseline's types give the baseline's checksum,
   * the build's types give the build's, and the build's types with the causes put back give the baseline's again.
   */
  readonly proven: number
  /** Those that matter first; among them those that most symbols need. */
  readonly causes: readonly Cause[]
  /** Largest first. */
  readonly groups: readonly CauseGroup[]
  /** Together they bring all explained symbols back. */
  readonly repair: readonly RepairStep[]
  readonly unexplained: readonly Unexplained[]
  /** Whether the kernel has macros by which structures change under a checksum that stays; absent: not known. */
  readonly kabiMacros?: boolean
  /** In an explanation about some types alone their names: `causes` and `groups` are of these, the counts of everything. */
  readonly asked?: readonly string[]
}

/** Changed symbols of one variant that could not be explained, and why. */
export interface Unexplained {
  readonly variant: string
  readonly why: UnexplainedReason
  readonly symbols: readonly string[]
}

/**
 * - `no-baseline-types`: no type definitions are stored beside the whitelist.
 * - `symbol-without-types`: those that are do not hold the symbol, or its object is another one and was not kept.
 * - `baseline-not-reproduced`: the stored types do not give the checksum of the whitelist, so they cannot be trusted.
 * - `no-types`: the strategy that collected the build keeps no types.
 * - `build-not-reproduced`: the types of the build do not give its checksum.
 * - `unproven`: putting the causes back does not bring the checksum back.
 */
export type UnexplainedReason =
  | 'no-baseline-types'
  | 'symbol-without-types'
  | 'baseline-not-reproduced'
  | 'no-types'
  | 'build-not-reproduced'
  | 'unproven'

/** A line of a patch after which checksums no longer tell of every change. */
export interface HiddenChange extends PatchLine {
  /**
   * - `genksyms-guard`: `#ifdef __GENKSYMS__` or `#ifndef __GENKSYMS__` and the like.
   * - `kabi-macro`: a macro that shows genksyms another text than the compiler (`RH_KABI_REPLACE`, `KABI_USE`, …).
   * - `override`: an `override` record for genksyms.
   * - `kabi-rule`: a rule for gendwarfksyms.
   */
  readonly how: 'genksyms-guard' | 'kabi-macro' | 'override' | 'kabi-rule'
  /** Of a condition, where what it decides about ends; absent where that is not known. */
  readonly endLine?: number
}
