import { compare } from '../abi/compare.ts'
import type { Evidence, KernelBuild } from '../abi/evidence.ts'
import { explainer, type ChangedSymbol, type VariantExplanation } from '../abi/explain/explainer.ts'
import { exportsOfDump } from '../abi/exports-of-dump.ts'
import type { SymtypesByObject } from '../abi/ksymtypes.ts'
import type { Problem, Read } from '../problem/problem.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { openTypes } from '../evidence/open-types.ts'
import { readStoredTypes } from '../baseline/read-stored-types.ts'
import { readBytes } from '../io/read-bytes.ts'

/**
 * Explains the changed checksums of a variant from the types stored beside its whitelist and those of the build. The value
 * is undefined when no protected symbol changed.
 *
 * `unseenBefore` are the types whose bodies the release's compiler got and genksyms did not see, where that is recorded.
 *
 * Problems, all notes, as an explanation is no condition of a verdict: `not-explained` for types that cannot be read.
 */
export async function explainVariant(
  whitelist: Whitelist,
  { variant, symvers, build }: Evidence,
  unseenBefore?: readonly string[],
): Promise<Read<VariantExplanation | undefined>> {
  const changed = changedSymbols(whitelist, symvers)
  if (changed.length === 0) return { value: undefined, problems: [] }
  const { add, giveUp, explanation } = explainer()
  const all = changed.map(({ symbol }) => symbol)
  const objects = build?.objects
  const stored = await readStoredTypes(whitelist.file)
  const problems: Problem[] = stored.problems.map((problem) => notExplained(problem, variant))
  if (!build || !objects) giveUp('no-types', all)
  else if (!stored.value) giveUp('no-baseline-types', all)
  else {
    const before = objectsOfSymbols(
      new Set(all),
      [...stored.value].map(([object, dump]) => [object, exportsOfDump(dump)]),
    )
    const after = objectsOfSymbols(
      new Set(all),
      [...objects].map(([object, { exports }]) => [object, exports]),
    )
    const sent = await sentTypes(build, new Set(after.values()))
    problems.push(...sent.problems.map((problem) => notExplained(problem, variant)))
    for (const pair of pairsOf(changed, before, after)) {
      const symbols = pair.symbols.map(({ symbol }) => symbol)
      const dump = pair.before === undefined ? undefined : stored.value.get(pair.before)
      const record = pair.after === undefined ? undefined : objects.get(pair.after)
      const types = sent.value?.get(pair.after?.replace(/\.o$/, '') ?? '') ?? record?.types
      if (!dump) giveUp('symbol-without-types', symbols)
      else if (types === undefined) giveUp('no-types', symbols)
      else {
        const read = typeof types === 'string' ? await readBytes(types) : { value: types, problems: [] }
        problems.push(...read.problems.map((problem) => notExplained(problem, variant)))
        if (read.problems.length > 0) giveUp('no-types', symbols)
        else {
          const unseen = { unseenBefore, unseenAfter: record?.unseen }
          add({ before: dump, after: read.value, ...unseen, symbols: pair.symbols })
        }
      }
    }
  }
  return { value: explanation(), problems }
}

/** The types of some objects from another machine. */
async function sentTypes(
  { sent }: KernelBuild,
  objects: ReadonlySet<string>,
): Promise<Read<SymtypesByObject | undefined>> {
  if (!sent?.types) return { value: undefined, problems: [] }
  return openTypes(sent.types, (object) => objects.has(`${object}.o`))
}

function changedSymbols(whitelist: Whitelist, symvers: Evidence['symvers']): readonly ChangedSymbol[] {
  return compare(whitelist, symvers).differences.flatMap(({ kind, symbol, baseline, current }) =>
    kind === 'changed' && baseline.crc !== undefined
      ? [{ symbol, before: baseline.crc, after: current.crc }]
      : [],
  )
}

/** The first object that exports each symbol. */
function objectsOfSymbols(
  symbols: ReadonlySet<string>,
  exports: Iterable<readonly [string, readonly string[]]>,
): ReadonlyMap<string, string> {
  const objects = new Map<string, string>()
  for (const [object, names] of exports)
    for (const name of names) if (symbols.has(name) && !objects.has(name)) objects.set(name, object)
  return objects
}

interface Pair {
  readonly before: string | undefined
  readonly after: string | undefined
  readonly symbols: ChangedSymbol[]
}

/** The symbols of each pair of objects, of the baseline and of the build. */
function pairsOf(
  changed: readonly ChangedSymbol[],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Iterable<Pair> {
  const pairs = new Map<string, Pair>()
  for (const one of changed) {
    const objects = { before: before.get(one.symbol), after: after.get(one.symbol) }
    const key = `${objects.before ?? ''}\n${objects.after ?? ''}`
    const pair = pairs.get(key) ?? { ...objects, symbols: [] }
    pair.symbols.push(one)
    pairs.set(key, pair)
  }
  return pairs.values()
}

function notExplained({ message, place }: Problem, variant: string): Problem {
  return {
    kind: 'not-explained',
    message: `Why checksums changed cannot be told: ${message}`,
    ...(place ? { place } : {}),
    variant,
  }
}
