import type { Change, PatchLine } from '../abi/cause.ts'
import { fails, type SymbolFinding } from '../judge/finding.ts'
import type { Verdict } from '../judge/verdict.ts'

/** One thing that a commit has broken, against the good one: a definition, or a symbol whose break no definition explains. */
export type Break = {
  /** Protected symbols that it breaks. */
  readonly symbols: readonly string[]
  /** Some of the lines that did it, the most telling first. */
  readonly lines: readonly PatchLine[]
} & (
  | {
      readonly kind: 'type'
      /** As genksyms writes it: `s#device`. */
      readonly name: string
      readonly change: Change | undefined
    }
  | { readonly kind: 'symbol'; readonly finding: SymbolFinding['kind']; readonly name: string }
)

const mostLines = 3

/** What a verdict of a commit says is broken, each thing once. */
export function breaksOf({ explanation, findings }: Verdict): readonly Break[] {
  const types = (explanation?.causes ?? [])
    .filter(({ matters }) => matters)
    .map(({ name, changes: [change], reach, patch = [] }): Break => ({
      ...{ kind: 'type', name, change, lines: patch.slice(0, mostLines) },
      symbols: [...new Set(reach.flatMap(({ symbols }) => symbols))],
    }))
  const symbols = new Map<string, Break>()
  for (const one of findings) {
    if (one.family !== 'symbol' || !fails(one) || (one.causes ?? []).length > 0) continue
    const { kind: finding, symbol: name, blame } = one
    const lines = blame?.patch.slice(0, mostLines) ?? []
    symbols.set(`${finding} ${name}`, { kind: 'symbol', finding, name, symbols: [name], lines })
  }
  return [...types, ...symbols.values()]
}

/** Whether two commits have broken the same thing, be it in the same way or not. */
export function isSameBreak(one: Break, other: Break): boolean {
  return (
    one.kind === other.kind &&
    one.name === other.name &&
    (one.kind !== 'symbol' || other.kind !== 'symbol' || one.finding === other.finding)
  )
}

/** Protected symbols of which a verdict cannot tell whether a definition behind them changed: they are gone, or not explained. */
export function silentSymbols({ explanation, findings }: Verdict): readonly string[] {
  return [
    ...findings.flatMap((one) =>
      one.family === 'symbol' && (one.kind === 'removed' || one.kind === 'unversioned') ? [one.symbol] : [],
    ),
    ...(explanation?.unexplained ?? []).flatMap(({ symbols }) => symbols),
  ]
}
