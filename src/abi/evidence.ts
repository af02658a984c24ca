import type { TreeIdentity } from './baseline.ts'
import type { Problem } from '../problem/problem.ts'
import type { Symvers } from './export.ts'
import type { Layouts } from './layouts/layout.ts'

export type Strategy = 'prebuilt' | 'full' | 'exports'

/** How a variant's evidence came about. */
export interface How {
  readonly strategy: Strategy
  /** Kernel tree, for a strategy that builds. */
  readonly source?: string
  /** First line of the compiler's --version, for a strategy that builds. */
  readonly compiler?: string
  /** SHA-256 of the final kernel configuration, hexadecimal, for a strategy that builds. */
  readonly configDigest?: string
  /** Wall-clock time of the whole collection. */
  readonly seconds: number
}

/** Options of a kernel configuration by name (`CONFIG_SMP`), values as text; `n` for one that is not set. */
export type ConfigOptions = ReadonlyMap<string, string>

/** An object whose exports were computed from its source. */
export interface ObjectRecord {
  /** The symbols it exports, of those that were wanted. */
  readonly exports: readonly string[]
  /**
   * The file with the type definitions behind its exports (`genksyms -T`). Absent when gendwarfksyms computed the
   * checksums, and where the evidence comes from another machine.
   */
  readonly types: string | undefined
  /** Every file that was read; absolute paths. Empty where the evidence comes from another machine. */
  readonly dependencies: readonly string[]
  /**
   * The types, such as `s#device`, of which genksyms knows only the name although the compiler gets their bodies. Absent
   * or undefined where nobody looked: then `{ UNKNOWN }` says nothing.
   */
  readonly unseen?: readonly string[] | undefined
}

/** A file of evidence from another machine, packed as it was sent. */
export interface SentFile {
  readonly file: string
  readonly bytes: Uint8Array
}

/**
 * The types of a build that made them itself (`KBUILD_SYMTYPES=1`), as they came: the file or folder, in any form that
 * distributions keep, or what another machine sent.
 */
export type BuildTypes =
  { readonly kind: 'path'; readonly path: string } | ({ readonly kind: 'sent' } & SentFile)

/** The kernel that a strategy configured: all that its checksums depend on besides its source. */
export interface KernelBuild {
  /** As in ARCH= of the kernel's Makefile. */
  readonly arch: string
  /** As the kernel's Makefile says: `6.1.170`. */
  readonly kernel: string | undefined
  /** SHA-256 of the sources of the kernel's genksyms, or gendwarfksyms if that computes the checksums, hexadecimal. */
  readonly genksyms: string
  /** The final configuration. */
  readonly options: ConfigOptions
  /** Objects by their path in the tree (`net/core/dev.o`), for a strategy that looks at single objects. */
  readonly objects?: ReadonlyMap<string, ObjectRecord>
  /** What only explains, of evidence from another machine. It is opened for the objects that there is something to say about. */
  readonly sent?: { readonly types?: SentFile; readonly dependencies?: SentFile }
  /** The texts of dependencies that are not on this machine, by the path that the objects name. */
  readonly texts?: ReadonlyMap<string, string>
}

/**
 * All of a kernel tree that shaped evidence, besides the dependencies of its objects; what is named neither here nor there was not
 * looked at.
 */
export interface Basis {
  /** Files whose content was looked at, or may have been, by their path in the tree. */
  readonly files: ReadonlySet<string>
  /** Names, without folders, of files that commands read of which the place is not known. */
  readonly names: ReadonlySet<string>
  /** Some of these files ask the preprocessor which other files exist (`__has_include`). */
  readonly asksForFiles: boolean
  /** SHA-256 of the text of the configuration, hexadecimal. */
  readonly configuration: string
  /** SHA-256 of what counts besides the tree: the same, and programs and environment of the machine; hexadecimal. */
  readonly setup: string
  /** SHA-256 of the layouts that were asked for, hexadecimal. */
  readonly layouts: string
}

/** Evidence of another commit that holds for this one, too. */
export interface Carried {
  /** The commit that was looked at, its whole name. */
  readonly from: string
  /** Files that differ between both commits. */
  readonly changed: number
  /** Files that were looked at; none of the changed ones is among them. */
  readonly read: number
}

/** What one variant's run found out. */
export interface Evidence {
  readonly kind: 'evidence'
  readonly variant: string
  readonly symvers: Symvers
  readonly how: How
  /** Which kernel tree that was, where somebody asked. */
  readonly tree?: TreeIdentity
  /** Absent for strategy `prebuilt`. */
  readonly build?: KernelBuild
  /** Absent where the strategy looks at single objects, which have them, and where the build made none. */
  readonly types?: BuildTypes
  /** Of the types behind the wanted symbols; absent where nobody asked, or where they are not known. */
  readonly layouts?: Layouts
  /** Absent where nobody can say what it rests on: then it holds for its own tree alone. */
  readonly basis?: Basis
  /** Present where this commit was not looked at itself. */
  readonly carried?: Carried
  /** Notes only: nothing that puts the evidence in doubt. */
  readonly notes: readonly Problem[]
}

/** A variant about which nothing can be said, and why: at least one problem is an error. */
export interface Failure {
  readonly kind: 'failure'
  readonly variant: string
  readonly problems: readonly Problem[]
}

export type Collected = Evidence | Failure
