import { compare, type Comparison } from '../abi/compare.ts'
import type { Evidence } from '../abi/evidence.ts'
import { explainer, type ChangedSymbol, type VariantExplanation } from '../abi/explain/explainer.ts'
import { typePool, type TypePool } from '../abi/types/type-pool.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { typesProblems } from '../abi/types/hold-types.ts'
import type { IsWanted, KernelTypes, TypedObject } from '../abi/types/kernel-types.ts'
import { checksumsOf, recompute, type Recomputed } from '../abi/types/recompute.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { StableGuard } from '../judge/variant-case.ts'
import { readBuildTypes } from './build-types.ts'
import { readStoredTypes } from '../baseline/read-stored-types.ts'
import { readTypes } from '../baseline/read-types.ts'

/**
 * Explains the changed checksums of a variant from the types of the release and those of the build. The value is undefined
 * when no protected symbol changed.
 *
 * Types that somebody named are held against the checksums that stand beside them, whether something changed or not.
 *
 * Problems: `not-explained`, a note, for types that cannot be read, as an explanation is no condition of a verdict; for
 * types that somebody named the errors that say why, and those of `typesProblems`.
 */
export async function explainVariant(
  { whitelist, baseline, types: typesBefore, comparison }: StableGuard,
  evidence: Evidence,
): Promise<Read<VariantExplanation | undefined>> {
  const { variant, symvers, build } = evidence
  const changed = changedSymbols(comparison)
  const before: Side = {
    beside: 'of the whitelist',
    isNamed: typesBefore !== undefined,
    checksums: checksumsOf(whitelist.rows),
    read: (isWanted, pool) =>
      typesBefore === undefined
        ? readStoredTypes(whitelist.file, pool, isWanted)
        : readTypes(typesBefore, pool, isWanted),
  }
  const after: Side = {
    beside: 'of the build',
    isNamed: evidence.types?.kind === 'path' && evidence.how.strategy === 'prebuilt',
    checksums: checksumsOf(symvers.exports.filter(({ symbol }) => before.checksums.has(symbol))),
    read: (isWanted, pool) => readBuildTypes(evidence, isWanted, pool),
  }
  return explainSides(variant, changed, {
    before,
    after,
    unseenBefore: baseline?.baseline.unseenBodies,
    unseenAfter: (object) => build?.objects?.get(`${object}.o`)?.unseen,
  })
}

/**
 * Explains the changed checksums between two whitelists from the types that are stored beside them; the value is undefined when none
 * changed. Problems: `not-explained`, a note, for types that cannot be read.
 */
export async function explainLists(
  variant: string,
  before: ReleasedList,
  after: ReleasedList,
): Promise<Read<VariantExplanation | undefined>> {
  const exports = after.whitelist.rows.flatMap((row) =>
    row.crc === undefined ? [] : [{ ...row, crc: row.crc, module: row.module ?? '' }],
  )
  const comparison = compare(before.whitelist, { file: after.whitelist.file, exports })
  const side = ({ whitelist: { file, rows } }: ReleasedList): Side => ({
    beside: 'of the whitelist',
    isNamed: false,
    checksums: checksumsOf(rows),
    read: (isWanted, pool) => readStoredTypes(file, pool, isWanted),
  })
  return explainSides(variant, changedSymbols(comparison), {
    before: side(before),
    after: side(after),
    unseenBefore: before.unseen,
    unseenAfter: () => after.unseen,
  })
}

/** A whitelist, and the types whose bodies genksyms did not see, where that is recorded. */
interface ReleasedList {
  readonly whitelist: Whitelist
  readonly unseen: readonly string[] | undefined
}

async function explainSides(
  variant: string,
  changed: readonly ChangedSymbol[],
  { before, after, ...unseen }: Unseen & { readonly before: Side; readonly after: Side },
): Promise<Read<VariantExplanation | undefined>> {
  if (changed.length === 0 && !before.isNamed && !after.isNamed) return { value: undefined, problems: [] }
  const pool = typePool()
  const held = { before: await hold(before, changed, pool), after: await hold(after, changed, pool) }
  const problems = [...held.before.problems, ...held.after.problems].map((one) => ({ variant, ...one }))
  if (changed.length === 0) return { value: undefined, problems }
  const sides = { before: held.before.value, after: held.after.value, ...unseen }
  return { value: explain(pool, changed, sides), problems }
}

/** The release or the build: its checksums of protected symbols, and where its types are. */
interface Side {
  readonly beside: 'of the whitelist' | 'of the build'
  /** Whether somebody named the types. */
  readonly isNamed: boolean
  readonly checksums: ReadonlyMap<string, number>
  readonly read: (isWanted: IsWanted, pool: TypePool) => Promise<Read<KernelTypes | undefined>>
}

/** Recomputes the checksums of the changed symbols; all, where somebody named the types. The value is undefined without types. */
async function hold(
  { beside, isNamed, checksums: all, read }: Side,
  changed: readonly ChangedSymbol[],
  pool: TypePool,
): Promise<Read<Recomputed | undefined>> {
  const checksums = isNamed
    ? all
    : new Map(changed.flatMap(({ symbol }) => [[symbol, all.get(symbol) ?? 0] as const]))
  const { value: types, problems } = await read((symbol) => checksums.has(symbol), pool)
  const told = isNamed ? problems : problems.map(notExplained)
  if (!types || problems.some(isError)) return { value: undefined, problems: told }
  const held = recompute(pool, types, checksums)
  const file = types.file
  return {
    value: held,
    problems: isNamed ? [...told, ...typesProblems(held, checksums, { file, beside })] : told,
  }
}

interface Sides extends Unseen {
  readonly before: Recomputed | undefined
  readonly after: Recomputed | undefined
}

interface Unseen {
  readonly unseenBefore: readonly string[] | undefined
  readonly unseenAfter: (object: string) => readonly string[] | undefined
}

function explain(
  pool: TypePool,
  changed: readonly ChangedSymbol[],
  { before, after, unseenBefore, unseenAfter }: Sides,
): VariantExplanation {
  const { add, giveUp, explanation } = explainer(pool)
  const all = changed.map(({ symbol }) => symbol)
  if (!after) giveUp('no-types', all)
  else if (!before) giveUp('no-baseline-types', all)
  else {
    for (const { symbols, ...pair } of pairsOf(changed, before, after)) {
      if (!pair.before) giveUp('symbol-without-types', names(symbols))
      else if (!pair.after) giveUp('no-types', names(symbols))
      else {
        const types = { before: pair.before.types, after: pair.after.types }
        add({ ...types, unseenBefore, unseenAfter: unseenAfter(pair.after.object), symbols })
      }
    }
  }
  return explanation()
}

function names(symbols: readonly ChangedSymbol[]): readonly string[] {
  return symbols.map(({ symbol }) => symbol)
}

function changedSymbols(comparison: Comparison | undefined): readonly ChangedSymbol[] {
  return (comparison?.differences ?? []).flatMap(({ kind, symbol, baseline, current }) =>
    kind === 'changed' && baseline.crc !== undefined
      ? [{ symbol, before: baseline.crc, after: current.crc }]
      : [],
  )
}

interface Pair {
  readonly before: TypedObject | undefined
  readonly after: TypedObject | undefined
  readonly symbols: ChangedSymbol[]
}

/** The symbols of each pair of objects, of the release and of the build. */
function pairsOf(changed: readonly ChangedSymbol[], before: Recomputed, after: Recomputed): Iterable<Pair> {
  const exporter = ({ proven, different }: Recomputed, symbol: string) =>
    proven.get(symbol) ?? different.get(symbol)?.object
  const pairs = new Map<string, Pair>()
  for (const one of changed) {
    const objects = { before: exporter(before, one.symbol), after: exporter(after, one.symbol) }
    const key = `${objects.before?.object ?? ''}\n${objects.after?.object ?? ''}`
    const pair = pairs.get(key) ?? { ...objects, symbols: [] }
    pair.symbols.push(one)
    pairs.set(key, pair)
  }
  return pairs.values()
}

function notExplained({ message, place }: Problem): Problem {
  return {
    kind: 'not-explained',
    message: `Why checksums changed cannot be told: ${message}`,
    ...(place ? { place } : {}),
  }
}
