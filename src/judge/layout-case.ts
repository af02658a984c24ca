import type { PatchLine, SourcePlace } from '../abi/cause.ts'
import type { LayoutChange } from '../abi/layouts/compare-all-layouts.ts'
import type { Sides } from '../abi/layouts/compare-layouts.ts'

/** How the types of a variant lie in memory, held against the release. */
export interface LayoutCase {
  /** Those that are otherwise than in the release. */
  readonly changed: readonly LocatedLayout[]
  /** Types and symbols of the release of which nobody knows it now, with why. */
  readonly unknown: ReadonlyMap<string, string>
}

/** A changed layout with whom it reaches and where it was changed. */
export interface LocatedLayout extends LayoutChange {
  /** Tells one layout of the name from another: sixteen hexadecimal digits. */
  readonly digest: Sides<string>
  /** Protected symbols that reach it. */
  readonly symbols: readonly string[]
  /** Where it is defined in the patched tree; absent where it was not found. */
  readonly place?: SourcePlace
  /** The lines of the patch that did it, the most telling first; absent when no patch is known. */
  readonly patch?: readonly PatchLine[]
}
