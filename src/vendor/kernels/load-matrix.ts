import type { KernelModule } from '../../module/kernel-module.ts'
import type { SameName } from '../depmod/same-names.ts'
import type { ReasonCauses } from './explain-reasons.ts'
import { loadColumn, providersOf, type LoadReason, type LoadState } from './load-column.ts'
import type { Kernel, KernelNames } from './read-kernel.ts'

/** Which of some modules load on which of some kernels, and why the others do not. */
export interface LoadMatrix {
  readonly modules: readonly KernelModule[]
  readonly columns: readonly LoadMatrixColumn[]
  /** Each once; cells name them by their index. */
  readonly reasons: readonly LoadReason[]
  /** Why checksums are others, as far as types tell. */
  readonly causes: ReasonCauses
}

/** What becomes of the modules on one kernel. */
export interface LoadMatrixColumn {
  readonly kernel: KernelNames
  /** Drivers that have the name of a module that is installed for it. */
  readonly sameNames: readonly SameName[]
  /** In the order of the modules. */
  readonly cells: readonly LoadMatrixCell[]
}

interface LoadMatrixCell {
  readonly state: LoadState
  readonly reasons: readonly number[]
}

/** Gathers a matrix kernel by kernel, so that the symbols of only one need to be in memory. */
export function loadMatrix(modules: readonly KernelModule[]): {
  readonly add: (kernel: Kernel, sameNames: readonly SameName[]) => void
  readonly matrix: () => Omit<LoadMatrix, 'causes'>
} {
  const providers = providersOf(modules)
  const columns: LoadMatrixColumn[] = []
  const reasons: LoadReason[] = []
  const known = new Map<string, number>()
  const indexOf = (reason: LoadReason): number => {
    const key = keyOf(reason)
    const index = known.get(key) ?? reasons.length
    if (index === reasons.length) {
      known.set(key, index)
      reasons.push(reason)
    }
    return index
  }
  return {
    add: ({ table, ...names }, sameNames) => {
      const cells = loadColumn(modules, { table, ...names }, providers)
      columns.push({
        kernel: names,
        sameNames,
        cells: cells.map((cell) => ({ state: cell.state, reasons: cell.reasons.map(indexOf) })),
      })
    },
    matrix: () => ({ modules, columns, reasons }),
  }
}

function keyOf(reason: LoadReason): string {
  return Object.values(reason).join('\n')
}

/** True when every module loads on every kernel. */
export function allLoad({ columns }: LoadMatrix): boolean {
  return columns.every(({ cells }) => cells.every(({ state }) => state === 'built' || state === 'fits'))
}
