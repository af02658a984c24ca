import type { PatchLine, SourcePlace } from './cause.ts'

/** An option of the configuration whose value a patch changed. */
export interface OptionChange {
  /** `CONFIG_NET_FOO`. */
  readonly name: string
  /** `n` for one that is not set. */
  readonly before: string
  readonly after: string
}

/** An option that a patch changed, and the lines that did, the most telling first. */
export type BlamedOption = OptionChange & { readonly patch: readonly PatchLine[] }

/** What made a difference that is not in a definition: an export that is gone, or that is another. */
export interface Blame {
  /** The lines of the patch that did it, the most telling first; empty when no patch is known, or none of its lines did it. */
  readonly patch: readonly PatchLine[]
  /** The options by which they did it, that which names the object last. */
  readonly options?: readonly OptionChange[]
  /** Where the tree says it, when that is sure: the export, or the definition that is no longer exported. */
  readonly place?: SourcePlace
}
