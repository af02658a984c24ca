import type { Release } from '../abi/promised-in.ts'
import type { Policy } from '../judge/policy.ts'
import type { Strategy } from '../abi/evidence.ts'
import type { Waiver } from '../judge/waiver.ts'

/** Where a variant's kernel configuration comes from; fragments are appended in order, later lines win. */
export interface KernelConfig {
  readonly from:
    | { readonly kind: 'file'; readonly path: string }
    /** Targets of the kernel's own Makefile, in order: `x86_64_defconfig`, `tinyconfig`, `kvm_guest.config`. */
    | { readonly kind: 'targets'; readonly targets: readonly string[] }
  readonly fragments: readonly string[]
  /** Ready lines of a .config, such as `CONFIG_MODVERSIONS=y`; appended after the fragments. */
  readonly set: readonly string[]
}

/** The compiler a variant is built with. `gcc` with no `command` is what the kernel's Makefile picks. */
export interface Toolchain {
  /** Prefix of the cross tools, as in CROSS_COMPILE; empty for a native build. */
  readonly crossCompile: string
  /** Compiler command, as in CC. */
  readonly compiler?: string
  /** As in LLVM=: `1`, a version suffix such as `-15`, or a folder ending in `/`. */
  readonly llvm?: string
}

/** The files of one variant's whitelist: rows with checksums, or names and the checksums that belong to them. */
export interface WhitelistSource {
  /** File or one-file-per-symbol folder; an absolute path. */
  readonly path: string
  /** Checksums for a names-only list; an absolute path. */
  readonly checksums?: string
}

/** One variant as the configuration describes it, every path absolute. */
export interface VariantPlan {
  readonly name: string
  /** As in ARCH= of the kernel's Makefile. */
  readonly arch: string
  readonly guard:
    | { readonly kind: 'stable'; readonly whitelist: WhitelistLookup }
    | { readonly kind: 'none'; readonly reason: string }
  /** Which release this is, where that is said: rows of other lifetimes are not promised. */
  readonly release?: Release
  /** Files and folders with the drivers that have to keep loading; absent when none are named. */
  readonly drivers?: readonly string[]
  readonly strategy: Strategy
  /** The Module.symvers that someone else's build made; needed by strategy `prebuilt`. */
  readonly symvers?: string
  /** The types behind it: a file, or a folder with `.symtypes` files. */
  readonly types?: string
  /** Needed by a strategy that builds. */
  readonly config?: KernelConfig
  readonly toolchain: Toolchain
  /** The compiler behind the whitelist, as the first line of its --version; absent where nobody said. */
  readonly builtWith?: string
  /** Options, with `CONFIG_`, that the preprocessor is to see with other values than the compiler answers. */
  readonly assume?: ReadonlyMap<string, string>
  /** Further arguments of make, such as `KCFLAGS=-g0`. */
  readonly makeArgs: readonly string[]
  /** The label, or labels, of the runner for its job, as in runs-on of a workflow. */
  readonly runner?: string | readonly string[]
}

/** Either the files that kabi.yml names, or the folder to look for them in (docs/formats.md lists the names tried). */
export type WhitelistLookup =
  | { readonly kind: 'files'; readonly files: WhitelistSource }
  | { readonly kind: 'folder'; readonly folder: string; readonly variant: string; readonly arch: string }

/** What kabi.yml asks for. */
export interface Plan {
  /** The configuration file, as it was named. */
  readonly file: string
  /** Where relative paths of the configuration start, an absolute path. */
  readonly folder: string
  readonly variants: readonly VariantPlan[]
  readonly policy: Policy
  readonly waivers: readonly Waiver[]
  /** Patterns of branches on which the disable flag is refused. */
  readonly protectedBranches: readonly string[]
  /** What whoever checks a driver reads below the result, in the distribution's own words; absent: nothing was said. */
  readonly notes?: readonly string[]
  /** Where reports send their readers for more; absent: nothing was said. */
  readonly docs?: string
  /** The line on which a setting stands, or what it would be part of; absent for a plan that no kabi.yml gave. */
  readonly lineOf?: (path: readonly (string | number)[]) => number
}
