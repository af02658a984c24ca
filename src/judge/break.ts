import type { Change, PatchLine } from '../abi/cause.ts'
import { fails, ofFamily, type SymbolFinding } from './finding.ts'
import type { Verdict } from './verdict.ts'

/** One thing that a commit has broken, against what is promised: a definition, or a symbol whose break no definition explains. */
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
      /** Its gravest change; absent for a type that moved in memory while no checksum tells of it. */
      readonly change: Change | undefined
      /** What it is now, in one line: two commits that changed it differently differ in this. */
      readonly after: string
    }
  | { readonly kind: 'symbol'; readonly finding: SymbolFinding['kind']; readonly name: string }
)

/** What is known of a commit. */
export type Seen =
  | {
      readonly kind: 'seen'
      readonly breaks: readonly Break[]
      /** What `silentSymbols` says of it. */
      readonly silent: readonly string[]
    }
  | { readonly kind: 'skipped'; readonly why: string }

const mostLines = 3

/** What a verdict of a commit says is broken, each thing once. */
export function breaksOf({ explanation, findings }: Verdict): readonly Break[] {
  const broken = new Map<string, Break>()
  for (const { name, after, changes, matters, reach, patch = [] } of explanation?.causes ?? []) {
    if (!matters) continue
    const [change] = changes
    const symbols = [...new Set(reach.flatMap((one) => one.symbols))]
    add({ kind: 'type', name, change, after, symbols, lines: patch.slice(0, mostLines) })
  }
  for (const one of ofFamily(findings, 'layout').filter(fails)) {
    const { name, symbols, patch = [] } = one
    const { after } = one.digest
    add({ kind: 'type', name, change: undefined, after, symbols, lines: patch.slice(0, mostLines) })
  }
  for (const one of ofFamily(findings, 'symbol')) {
    if (!fails(one) || (one.causes ?? []).length > 0) continue
    const { kind: finding, symbol: name, blame } = one
    const lines = blame?.patch.slice(0, mostLines) ?? []
    add({ kind: 'symbol', finding, name, symbols: [name], lines })
  }
  return [...broken.values()]

  function add(one: Break): void {
    const key = breakKey(one)
    if (!broken.has(key)) broken.set(key, one)
  }
}

/** Tells one thing that is broken from another, be it broken in the same way or not. */
export function breakKey(one: Break): string {
  return one.kind === 'type' ? `type ${one.name}` : `${one.finding} ${one.name}`
}

/** Whether two commits have broken the same thing, be it in the same way or not. */
export function isSameBreak(one: Break, other: Break): boolean {
  return breakKey(one) === breakKey(other)
}

/** Protected symbols of which a verdict cannot tell whether a definition behind them changed: they are gone, or not explained. */
export function silentSymbols({ explanation, findings }: Verdict): readonly string[] {
  return [
    ...ofFamily(findings, 'symbol').flatMap(({ kind, symbol }) =>
      kind === 'removed' || kind === 'unversioned' ? [symbol] : [],
    ),
    ...(explanation?.unexplained ?? []).flatMap(({ symbols }) => symbols),
  ]
}
