import type { RepairStep } from '../cause.ts'

/** Symbols that need the same causes back. */
export interface NeedGroup {
  readonly causes: readonly string[]
  readonly symbols: readonly string[]
}

/**
 * The order in which putting causes back restores most symbols soonest: each step takes the causes that one group still
 * lacks, that group whose symbols are most for each cause to put back. No other set is smaller than all of them together.
 */
export function repairSteps(groups: readonly NeedGroup[]): readonly RepairStep[] {
  const steps: RepairStep[] = []
  let open = groups.map(({ causes, symbols }) => ({ lacking: new Set(causes), symbols: symbols.length }))
  let restored = 0
  while (open.length > 0) {
    const best = mostForEach(open)
    for (const { lacking } of open) for (const cause of best) lacking.delete(cause)
    for (const { lacking, symbols } of open) if (lacking.size === 0) restored += symbols
    open = open.filter(({ lacking }) => lacking.size > 0)
    steps.push({ causes: best, restored })
  }
  return steps
}

interface Open {
  readonly lacking: ReadonlySet<string>
  readonly symbols: number
}

/** The causes that the groups with most symbols for each cause lack; the first of equals. */
function mostForEach(open: readonly Open[]): readonly string[] {
  const alike = new Map<string, { readonly lacking: ReadonlySet<string>; symbols: number }>()
  for (const { lacking, symbols } of open) {
    const key = [...lacking].join('\n')
    const found = alike.get(key)
    if (found) found.symbols += symbols
    else alike.set(key, { lacking, symbols })
  }
  let best: Open | undefined
  for (const one of alike.values())
    if (!best || one.symbols / one.lacking.size > best.symbols / best.lacking.size) best = one
  return best ? [...best.lacking] : []
}
