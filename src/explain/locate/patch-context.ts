import type { Patch } from '../../abi/patch.ts'
import type { SourceTexts } from './source-texts.ts'

/** Where the lines of a patch are looked for that changed a definition. */
export interface PatchContext {
  readonly patch: Patch
  /** The patched tree. */
  readonly sources: SourceTexts
  /** What the objects concerned were made of: absolute paths, in the order in which they were read. */
  readonly files: readonly string[]
}
