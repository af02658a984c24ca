import type { BaselineFile } from '../abi/baseline.ts'
import { compare, type Comparison } from '../abi/compare.ts'
import type { Collected } from '../abi/evidence.ts'
import type { Layouts } from '../abi/layouts/layout.ts'
import type { ToolOption } from '../abi/tool-option.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { KernelModule } from '../module/kernel-module.ts'
import type { Problem } from '../problem/problem.ts'
import type { LayoutCase } from './layout-case.ts'
import type { LocatedVariant } from './located-variant.ts'

/** All that is known about one variant when the verdict is due. */
export interface VariantCase {
  readonly name: string
  readonly arch: string | undefined
  readonly guard: StableGuard | { readonly kind: 'none'; readonly reason: string }
  /** What was wrong or noteworthy while its whitelist was read. */
  readonly problems: readonly Problem[]
}

/** A whitelist, and how what was collected compares with it. Made by `stableGuard`. */
export interface StableGuard {
  readonly kind: 'stable'
  readonly whitelist: Whitelist
  /** How the whitelist came about, where that is recorded. */
  readonly baseline?: BaselineFile
  /** The rows are those of another build that is compared, and no list that somebody keeps. */
  readonly isBuild?: true
  /** The compiler behind the list, where kabi.yml says it. */
  readonly builtWith?: string
  /** Options that follow from the compiler and may have changed its checksums, where somebody looked. */
  readonly toolOptions?: readonly ToolOption[]
  /** A file or folder with the types of the release; those beside the whitelist when absent. */
  readonly types?: string | undefined
  readonly collected: Collected | undefined
  /** Of whitelist and evidence, whether or not they may be compared; absent where there is no evidence. */
  readonly comparison: Comparison | undefined
  /** How the compiler of the release laid out the types behind the list, where that is stored and asked for. */
  readonly layouts?: Layouts
  /** How these types lie in memory now, where somebody looked and found out. */
  readonly laidOut?: LayoutCase
  /** The objects that exported its symbols in the release, where somebody knows: `net/core/dev.o`. */
  readonly objects?: ReadonlyMap<string, string> | undefined
  /** Drivers that have to keep loading; absent when none are named. */
  readonly drivers?: readonly KernelModule[]
  /** Which lines of the patch made its differences, where somebody looked. */
  readonly located?: LocatedVariant | undefined
}

/** Compares what was collected with the whitelist, once for all who ask. */
export function stableGuard(known: Omit<StableGuard, 'kind' | 'comparison'>): StableGuard {
  const { whitelist, collected } = known
  const comparison = collected?.kind === 'evidence' ? compare(whitelist, collected.symvers) : undefined
  return { ...known, kind: 'stable', comparison }
}
