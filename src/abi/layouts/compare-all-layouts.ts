import { compareLayouts, type Sides } from './compare-layouts.ts'
import type { Layouts } from './layout.ts'
import type { LayoutDifference } from './layout-change.ts'
import type { Sizes } from './size-of-type.ts'

/** What changed of one type or symbol. */
export interface ChangedLayout {
  /** `s#device`, or the name of a symbol. */
  readonly name: string
  readonly differences: readonly LayoutDifference[]
}

/**
 * Compares the layouts of a release with those of a build, type by type and symbol by symbol, of all that both know.
 * @returns what is not equal, symbols first, each by name
 */
export function compareAllLayouts({ before, after }: Sides<Layouts>): readonly ChangedLayout[] {
  const sizes = { before: sizesOf(before), after: sizesOf(after) }
  const symbols = names(before.symbols).flatMap((name): ChangedLayout[] => {
    const [old, now] = [before.symbols.get(name)?.value, after.symbols.get(name)?.value]
    if (old === undefined || now === undefined || old === now) return []
    return [{ name, differences: [{ class: 'prototype', before: old, after: now }] }]
  })
  const types = names(before.types).flatMap((name): ChangedLayout[] => {
    const [old, now] = [before.types.get(name)?.value, after.types.get(name)?.value]
    const differences = old && now ? compareLayouts({ before: old, after: now }, sizes) : []
    return differences.length > 0 ? [{ name, differences }] : []
  })
  return [...symbols, ...types]
}

function names(map: ReadonlyMap<string, unknown>): readonly string[] {
  return [...map.keys()].sort()
}

function sizesOf({ pointer, types }: Layouts): Sizes {
  return { pointer, layoutOf: (name) => types.get(name)?.value }
}
