import { join } from 'node:path'
import type { Export, Symvers } from './abi/export.ts'
import { formatWhitelist } from './abi/format-whitelist.ts'
import { isError, type Problem, type Read } from './abi/problem.ts'
import type { Whitelist, WhitelistRow } from './abi/whitelist.ts'
import type { VariantPlan } from './config/plan.ts'
import { missingForCollect } from './config/missing-for-collect.ts'
import { plan, type PlanRequest } from './gate.ts'
import { createFile } from './io/write-file.ts'
import { collect, type CollectOptions } from './kernel/collect.ts'

export interface CreateRequest extends PlanRequest, CollectOptions {
  readonly source: string
  /** The symbols to protect; absent: every export of the kernel. */
  readonly names: Whitelist | undefined
}

/** A whitelist that was made. */
export interface CreatedWhitelist {
  readonly variant: string
  readonly path: string
  readonly symbols: number
  /** Names asked for that this variant does not export. */
  readonly absent: readonly string[]
}

/**
 * Makes the first whitelist of each variant from the kernel as it is now. Nothing is overwritten, and nothing is
 * written when a variant cannot be collected or when a name is exported by no variant at all.
 */
export async function createWhitelists(request: CreateRequest): Promise<Read<readonly CreatedWhitelist[]>> {
  const planned = await plan(request)
  if (!planned.value) return { value: [], problems: planned.problems }
  const variants = planned.value.variants.filter(({ promise }) => promise.kind === 'stable')
  const unready = variants.flatMap((variant) => missingForCollect(variant) ?? [])
  if (unready.length > 0) return { value: [], problems: unready }
  const problems: Problem[] = [...planned.problems]
  const drafts: { readonly variant: VariantPlan; readonly rows: readonly WhitelistRow[] }[] = []
  for (const variant of variants) {
    const collected = await collect(variant, request, request.names ? unique(request.names.rows) : 'all')
    problems.push(...(collected.kind === 'failure' ? collected.problems : collected.notes))
    if (collected.kind === 'failure') return { value: [], problems }
    drafts.push({ variant, rows: rowsOf(collected.symvers, request.names) })
  }
  problems.push(
    ...unknownNames(
      request.names,
      drafts.map(({ rows }) => rows),
    ),
  )
  if (problems.some(isError)) return { value: [], problems }
  const created: CreatedWhitelist[] = []
  for (const { variant, rows } of drafts) {
    const path = pathFor(variant)
    const problem = await createFile(path, formatWhitelist({ file: path, dialect: 'canonical', rows }))
    if (problem) problems.push({ ...problem, variant: variant.name })
    else
      created.push({
        variant: variant.name,
        path,
        symbols: unique(rows).size,
        absent: absentFrom(request.names, rows),
      })
  }
  return { value: created, problems }
}

function rowsOf({ exports }: Symvers, names: Whitelist | undefined): readonly WhitelistRow[] {
  if (!names) return exports.map((row) => ({ ...row, section: '' }))
  const bySymbol = new Map<string, Export>(exports.map((row) => [row.symbol, row]))
  return names.rows.flatMap(({ symbol, section }) => {
    const found = bySymbol.get(symbol)
    return found ? [{ ...found, section }] : []
  })
}

function unknownNames(names: Whitelist | undefined, drafts: readonly (readonly WhitelistRow[])[]): Problem[] {
  const unknown = absentFrom(names, drafts.flat())
  if (!names || unknown.length === 0) return []
  return [
    {
      kind: 'no-checksum',
      message: `${unknown.length} of the names are exported by no variant: ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ', ...' : ''}`,
      place: { file: names.file },
      advice: 'Correct or remove these names; a promise that no kernel keeps would fail every check.',
    },
  ]
}

function absentFrom(names: Whitelist | undefined, rows: readonly WhitelistRow[]): string[] {
  const present = unique(rows)
  return [...unique(names?.rows ?? [])].filter((symbol) => !present.has(symbol))
}

function unique(rows: readonly WhitelistRow[]): ReadonlySet<string> {
  return new Set(rows.map(({ symbol }) => symbol))
}

/** Where `check` will look first. */
function pathFor({ name, promise }: VariantPlan): string {
  if (promise.kind === 'none') throw new Error(`${name} promises nothing and needs no whitelist`)
  const { whitelist } = promise
  return whitelist.kind === 'files' ? whitelist.files.path : join(whitelist.folder, name, 'kabi_whitelist')
}
