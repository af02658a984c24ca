import type { LoadReason } from './load-column.ts'
import type { LoadMatrix } from './load-matrix.ts'

/** A reason, and where it is one: for each of the modules on each of the kernels, by their indexes. */
export interface ReasonGroup {
  readonly reason: LoadReason
  readonly kernels: readonly number[]
  readonly modules: readonly number[]
}

/**
 * The reasons of a matrix, each with the kernels on which it keeps the same modules from loading; what keeps most comes first, of these what
 * is wrong with the whole module.
 */
export function groupReasons({ columns, reasons }: LoadMatrix): readonly ReasonGroup[] {
  const found = reasons.map(() => new Map<number, number[]>())
  columns.forEach(({ cells }, kernel) =>
    cells.forEach((cell, module) => {
      for (const reason of cell.reasons) {
        const byKernel = found[reason]
        const modules = byKernel?.get(kernel)
        if (modules) modules.push(module)
        else byKernel?.set(kernel, [module])
      }
    }),
  )
  const groups = reasons.flatMap((reason, index) => sameModules(reason, found[index] ?? new Map()))
  const weight = ({ kernels, modules }: ReasonGroup) => kernels.length * modules.length
  return groups.sort((a, b) => weight(b) - weight(a) || rank(a) - rank(b) || (nameOf(a) < nameOf(b) ? -1 : 1))
}

function rank({ reason: { kind } }: ReasonGroup): number {
  return kind === 'arch' || kind === 'vermagic' || kind === 'module-layout' ? 0 : 1
}

function nameOf({ reason }: ReasonGroup): string {
  return 'symbol' in reason ? reason.symbol : ''
}

function sameModules(
  reason: LoadReason,
  byKernel: ReadonlyMap<number, readonly number[]>,
): readonly ReasonGroup[] {
  const groups = new Map<string, { readonly kernels: number[]; readonly modules: readonly number[] }>()
  for (const [kernel, modules] of byKernel) {
    const key = modules.join()
    const group = groups.get(key)
    if (group) group.kernels.push(kernel)
    else groups.set(key, { kernels: [kernel], modules })
  }
  return [...groups.values()].map((group) => ({ reason, ...group }))
}
