import { hash } from 'node:crypto'
import type { DefinitionChange } from '../abi/cause.ts'
import type { Evidence } from '../abi/evidence.ts'
import { compareAllLayouts, type LayoutChange } from '../abi/layouts/compare-all-layouts.ts'
import { layoutText } from '../abi/layouts/format-layouts.ts'
import type { Layouts, TypeLayout, TypeText } from '../abi/layouts/layout.ts'
import type { Patch } from '../abi/patch.ts'
import { isOpaque } from '../abi/ksymtypes.ts'
import { reachIn } from '../abi/types/kernel-types.ts'
import { typePool } from '../abi/types/type-pool.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { readStoredTypes } from '../baseline/read-stored-types.ts'
import { resolveDependencies } from '../evidence/resolve-dependencies.ts'
import type { LayoutCase, LocatedLayout } from '../judge/layout-case.ts'
import { findDefinitions } from './locate/find-definitions.ts'
import { patchLinesOf } from './locate/patch-lines.ts'
import { openSourceTexts } from './locate/source-texts.ts'

/** What is wanted to tell where a layout was changed. */
interface LayoutPlaces {
  /** The kernel tree, an absolute path without links; absent: nothing is located. */
  readonly source: string | undefined
  readonly patch: Patch | undefined
}

/**
 * Holds the layouts of a build against those of the release, and says of each that changed which protected symbols reach it, by the
 * types that are stored beside the list, and which lines of the patch changed it. A change that none of the symbols reaches, as when
 * only some are looked at, is left out.
 */
export async function layoutsOfCase(
  { whitelist, layouts: released }: { readonly whitelist: Whitelist; readonly layouts: Layouts },
  evidence: Evidence & { readonly layouts: Layouts },
  places: LayoutPlaces,
): Promise<LayoutCase> {
  const changes = compareAllLayouts({ before: released, after: evidence.layouts })
  const reaching = await symbolsReaching(
    whitelist,
    changes.map(({ name }) => name),
  )
  const changed = changes.flatMap((change): LocatedLayout[] => {
    const { before, after } = change.layout
    const digest = { before: digestOf(before), after: digestOf(after) }
    const symbols = reaching?.get(change.name) ?? []
    return reaching && symbols.length === 0 ? [] : [{ ...change, digest, symbols }]
  })
  const unknown = new Map(
    [...evidence.layouts.unknown].filter(([name]) => released.types.has(name) || released.symbols.has(name)),
  )
  const located = changed.length > 0 ? await withPlaces(changed, evidence, places) : []
  return { changed: located, unknown }
}

function digestOf(layout: TypeLayout | TypeText): string {
  return hash('sha256', layoutText(layout)).slice(0, 16)
}

/** By type or symbol, the protected symbols that reach it, where genksyms saw its body; undefined where the types of the release are not known. */
async function symbolsReaching(
  { rows, file }: Whitelist,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  if (names.length === 0) return new Map()
  const symbols = new Set(rows.map(({ symbol }) => symbol))
  const pool = typePool()
  const { value: stored } = await readStoredTypes(file, pool, (symbol) => symbols.has(symbol))
  if (!stored) return undefined
  const found = new Map(names.map((name) => [name, new Set<string>(symbols.has(name) ? [name] : [])]))
  const types = names.filter((name) => name.includes('#'))
  const wanted = new Map(types.map((name) => [pool.nameNumber(name), name]))
  const reach = reachIn(pool)
  for (const { exports, types: own } of stored.objects) {
    const definitions = new Map([...own.names].map((name, at) => [name, own.definitions[at] ?? -1]))
    // The checksum of a symbol whose object sees the name alone tells nothing of the type.
    const seen = new Map(
      [...wanted].filter(([name]) => {
        const definition = definitions.get(name)
        return definition !== undefined && !isOpaque(pool.definitionText(definition))
      }),
    )
    if (seen.size === 0) continue
    for (const symbol of exports) {
      const definitionOf = (name: number) => definitions.get(name) ?? -1
      for (const name of reach([pool.nameNumber(symbol)], definitionOf, () => undefined).names)
        found.get(seen.get(name) ?? '')?.add(symbol)
    }
  }
  return new Map([...found].map(([name, some]) => [name, [...some].sort()]))
}

async function withPlaces(
  changed: readonly LocatedLayout[],
  evidence: Evidence,
  { source, patch }: LayoutPlaces,
): Promise<readonly LocatedLayout[]> {
  if (source === undefined) return changed
  const examples = new Set(changed.flatMap(({ symbols: [symbol] }) => symbol ?? []))
  const { build } = await resolveDependencies(evidence, examples, source)
  const files = new Map(
    [...(build?.objects?.values() ?? [])].flatMap(({ exports, dependencies }) =>
      exports.map((symbol) => [symbol, dependencies] as const),
    ),
  )
  const sources = openSourceTexts(source, build?.texts)
  const filesOf = ({ symbols: [symbol = ''] }: LocatedLayout) => files.get(symbol) ?? []
  const found = await findDefinitions(
    sources,
    changed.map((one) => ({ name: one.name, files: filesOf(one) })),
    'compiler',
  )
  return changed.map((one) => {
    const definition = found.get(one.name)
    const lines = patch ? patchLinesOf(wordsOf(one), definition, { patch, sources, files: filesOf(one) }) : []
    return {
      ...one,
      ...(definition ? { place: definition.place } : {}),
      ...(lines.length > 0 ? { patch: lines } : {}),
    }
  })
}

/** The change as words that only one side has, by which lines of a patch are told. */
function wordsOf({ name, differences }: LayoutChange): DefinitionChange {
  const words = (side: 'before' | 'after') =>
    differences
      .map((one) => [one[side] === undefined ? '' : (one.member ?? ''), one[side] ?? ''].join(' '))
      .join(' ')
      .replace(/[^\w]+/g, ' ')
  return { name, before: words('before'), after: words('after') }
}
