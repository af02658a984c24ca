import type { RepairStep } from '../cause.ts'

/** Symbols that need the same causes back. */
interface NeedGroup {
  readonly causes: readonly string[]
  readonly symbols: readonly string[]
}

/** Symbols that may do with other causes than those of their group, so that each step has to be tried on them. */
export interface Doubtful {
  /** Of each symbol, causes that bring it back together, whatever else is put back. */
  readonly certain: ReadonlyMap<string, readonly string[]>
  readonly restores: (symbol: string, back: ReadonlySet<string>) => boolean
}

/**
 * The order in which putting causes back restores most symbols soonest: each step takes the causes that one group still
 * lacks, that group whose symbols are most for each cause to put back. Where all of that spoils a doubtful symbol again,
 * what it surely comes back by follows, so that in the end every symbol is back.
 */
export function repairSteps(groups: readonly NeedGroup[], doubtful: Doubtful): readonly RepairStep[] {
  const firm = groups.map(({ causes, symbols }) => ({
    causes,
    symbols: symbols.filter((symbol) => !doubtful.certain.has(symbol)).length,
  }))
  const back = new Set<string>()
  const steps: RepairStep[] = []
  const put = (causes: readonly string[]): void => {
    for (const cause of causes) back.add(cause)
    let restored = 0
    for (const { causes: needed, symbols } of firm)
      if (symbols > 0 && needed.every((cause) => back.has(cause))) restored += symbols
    for (const symbol of doubtful.certain.keys()) if (doubtful.restores(symbol, back)) restored++
    steps.push({ causes, restored })
  }
  for (const causes of stepsOf(groups)) put(causes)
  const spoiled = () => [...doubtful.certain].find(([symbol]) => !doubtful.restores(symbol, back))
  for (let next = spoiled(); next; next = spoiled()) put(next[1].filter((cause) => !back.has(cause)))
  return steps
}

function stepsOf(groups: readonly NeedGroup[]): readonly (readonly string[])[] {
  const steps: (readonly string[])[] = []
  let open = groups.map(({ causes, symbols }) => ({ lacking: new Set(causes), symbols: symbols.length }))
  while (open.length > 0) {
    const best = mostForEach(open)
    for (const { lacking } of open) for (const cause of best) lacking.delete(cause)
    open = open.filter(({ lacking }) => lacking.size > 0)
    steps.push(best)
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
