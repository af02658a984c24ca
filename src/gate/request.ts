import type { DebugInfo } from '../explain/locate-causes.ts'
import type { PatchSource } from '../git/read-patch.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import type { RunOrigin } from '../judge/refuse-override.ts'
import type { Override, Verdict } from '../judge/verdict.ts'
import type { CollectOptions } from '../kernel/collect.ts'

/** One run of the gate. */
export interface CheckRequest extends PlanRequest {
  readonly tool: Verdict['tool']
  readonly override: Override | undefined
  /** Where the run comes from, which may forbid an override; absent: somebody at a terminal. */
  readonly origin?: RunOrigin | undefined
  /** The day on which waivers are looked at, `2027-01-31`; that of the clock, in UTC, when absent. */
  readonly today?: string
  /** Where the documentation is, unless the configuration says it: an address without a slash at its end. */
  readonly docs?: string | undefined
  /** Look at every export, also where the strategy and the policy could do with the protected ones. */
  readonly allExports?: boolean
  /** Look at the kernel of this commit whatever evidence of others says. */
  readonly noCarryOver?: boolean
  /** Say of each file that changed since the evidence at hand what it can reach. */
  readonly why?: boolean
  /** Look only at these protected symbols; all when absent. */
  readonly symbols?: ReadonlySet<string>
  /** Judge the kernel alone: neither what the patch edits in the gate, nor its lines that hide something from the checksums. */
  readonly kernelOnly?: boolean
  /** Where to read what changed in the tree; absent: not known. */
  readonly patch?: PatchSource | undefined
  /** Files with debug information of the released kernel and of this one; absent: sizes and offsets are not known. */
  readonly debugInfo?: DebugInfo | undefined
  /**
   * The commit whose configuration, whitelists, waivers and rules count, and from which the patch starts where `patch` does
   * not say otherwise; absent: those of the work tree.
   */
  readonly baselineRef?: string | undefined
  /**
   * The commit that findings are held against, to say where they come from; without a name the one that the patch starts from, else the
   * first parent of the one that is checked out. Absent: nobody wants to know.
   */
  readonly against?: { readonly ref: string | undefined } | undefined
  /** Where kernels are built. */
  readonly workDir: string
  /** Programs to run at once, of all variants together. */
  readonly jobs: number
  readonly signal: AbortSignal
  readonly onProgress: CollectOptions['onProgress']
}
