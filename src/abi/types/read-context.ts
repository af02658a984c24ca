import type { PoolLine, TypePool } from './type-pool.ts'
import { problemList, type ProblemList } from '../../problem/problem-list.ts'
import { lineAt, symtypesFault, type BadText, type TypesFile } from '../symtypes-fault.ts'
import { hash, textOf } from '../symtypes.ts'
import { quote } from '../../problem/quote.ts'
import { reachIn, type IsWanted, type Reach } from './kernel-types.ts'

/** What the readers of all forms share while they read the types of one kernel. */
export interface ReadContext {
  readonly pool: TypePool
  readonly reach: Reach
  readonly problems: ProblemList
  readonly isWanted: IsWanted
}

/**
 * Begins to read the types of a kernel into a pool.
 * @param most records of all objects together; a short file can let thousands of objects have the same ones
 */
export function readContext(pool: TypePool, isWanted: IsWanted, most = Infinity): ReadContext {
  const problems = problemList()
  const reach = reachIn(pool)
  let records = 0
  return {
    pool,
    problems,
    isWanted,
    reach: (...from) => {
      const types = records > most ? nothing : reach(...from)
      records += types.names.length
      if (records > most && types !== nothing) {
        const message = `These types are more than ${most} records in all objects together.`
        problems.error(() => ({ kind: 'unreadable', message }))
      }
      return types
    },
  }
}

const nothing = { names: new Int32Array(), definitions: new Int32Array() }

/** How the definition of an export begins when gendwarfksyms wrote it. */
const dwarfWord = /^(?:extern )?(?:subprogram|variable)\b/

/** Reads a line with a record; undefined for one that is not understood, which is a problem. */
export function readLine(
  { pool, problems }: ReadContext,
  source: TypesFile,
  start: number,
  end: number,
): PoolLine | undefined {
  const { bytes } = source
  const bad: BadText | undefined =
    bytes[start + 1] !== hash && isDwarf(bytes, start, end)
      ? { start, end, message: 'a definition as gendwarfksyms writes it, not genksyms' }
      : undefined
  const read = bad ?? pool.line(bytes, start, end)
  if (!('message' in read)) return read
  problems.error(() => symtypesFault(source, read))
  return undefined
}

function isDwarf(bytes: Uint8Array, start: number, end: number): boolean {
  const space = bytes.indexOf(32, start)
  return space > start && space < end && dwarfWord.test(textOf(bytes, space + 1, Math.min(end, space + 24)))
}

/** Reports a reference to what is defined nowhere. */
export function missingDefinition(
  { pool, problems }: ReadContext,
  source: TypesFile,
  name: number,
  from: { readonly start: number; readonly end: number },
): void {
  problems.error(() =>
    symtypesFault(source, {
      ...from,
      message: `${quote(pool.nameText(name))}, used here, is not defined`,
    }),
  )
}

/** Reports two definitions of one name where there may be one. */
export function secondDefinition(
  { pool, problems }: ReadContext,
  { bytes, file }: TypesFile,
  name: number,
  places: { readonly earlier: number; readonly later: number; readonly same: boolean },
): void {
  const { earlier, later, same } = places
  const what = quote(pool.nameText(name))
  const place = () => ({ file, line: lineAt(bytes, later) })
  if (same) {
    problems.note(() => ({
      kind: 'duplicate-row',
      message: `${what} stands on line ${lineAt(bytes, earlier)} already, with the same definition.`,
      place: place(),
    }))
  } else {
    problems.error(() => ({
      kind: 'conflicting-rows',
      message: `${what} has another definition on line ${lineAt(bytes, earlier)}.`,
      place: place(),
      advice: 'Make the file again: its writer gives every name one definition.',
    }))
  }
}
