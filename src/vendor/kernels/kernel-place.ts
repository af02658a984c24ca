import type { WhitelistSource } from '../../config/plan.ts'

/** Where the symbols of one kernel stand. Paths are absolute. */
export type KernelPlace =
  /** A kernel with a folder of its own in a folder such as `/lib/modules`. */
  | InstalledPlace
  /** A package of a kernel, or of what is needed to build modules for it. */
  | { readonly kind: 'package'; readonly file: string }
  /** A Module.symvers, or a whitelist: the text tells. */
  | { readonly kind: 'table'; readonly file: string }
  /** A whitelist, with the file of its checksums. */
  | { readonly kind: 'whitelist'; readonly file: string; readonly source: WhitelistSource }

export interface InstalledPlace {
  readonly kind: 'installed'
  /** The folder of its modules: `/lib/modules/6.1.0-47-amd64`. */
  readonly file: string
  readonly release: string
  /** What stands for `/` there. */
  readonly root: string
}
