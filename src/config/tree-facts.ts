import type { FixedVariable } from '../io/fixed-variables.ts'

/** What `kabi-gate init` needs to know of a kernel tree, or of a package's folder. Paths are relative to it, with `/`. */
export interface TreeFacts {
  /** As the kernel's Makefile says: `6.1.170`; undefined for the folder of a package, which holds no kernel. */
  readonly version: string | undefined
  /** The architecture to start with, as in ARCH=: that of this machine, if the kernel has it. */
  readonly arch: string
  /** What distributions call it: `aarch64`, `ppc64le`. */
  readonly variant: string
  /** Prefix of the cross tools; undefined when this machine is of that architecture. */
  readonly crossCompile: string | undefined
  /** Name of a default configuration. */
  readonly defconfig: string
  /** The distribution's variants, those of this machine first; empty where nothing of a distribution was found. */
  readonly variants: readonly TreeVariant[]
  /** Files with pieces of configurations, from which the distribution's tools make complete ones. */
  readonly pieces: TreePieces | undefined
  /** Folder with whitelists. */
  readonly whitelists: string | undefined
  /** Lists of names that together are what is protected, and whose checksums are nowhere in the tree. */
  readonly symbolLists: readonly { readonly path: string; readonly arch: string }[]
  /** A file in the form of SUSE's `kabi/severities`. */
  readonly severities: string | undefined
  /** Lines of the top Makefile that choose an architecture or a compiler, which is for who calls make. */
  readonly fixed: readonly FixedVariable[]
}

/** A kernel that the distribution ships. */
export interface TreeVariant {
  readonly name: string
  readonly arch: string
  readonly crossCompile: string | undefined
  readonly config: TreeConfig
  readonly list: TreeList | undefined
  /** Whose layout told of it. */
  readonly who: string
}

export type TreeConfig =
  | {
      readonly kind: 'file'
      readonly path: string
      /** A file with only the differences from `path`. */
      readonly fragment: string | undefined
      /** What the file needs to be built elsewhere: options and their values. */
      readonly set: readonly (readonly [option: string, value: string])[]
      /** The file is that of the plain kernel of this architecture; this variant has none of its own. */
      readonly borrowed: boolean
    }
  | { readonly kind: 'defconfig'; readonly name: string; readonly path: string; readonly llvm: boolean }
  /** The tree has none: the distribution's tools make it. */
  | { readonly kind: 'none' }

interface TreeList {
  readonly path: string
  readonly checksums: string | undefined
}

export interface TreePieces {
  readonly path: string
  readonly command: string
  readonly result: string
}
