import { dirname, join } from 'node:path'
import type { BuildTypes } from '../../abi/evidence.ts'
import { completeTypes } from '../../abi/complete-types.ts'
import type { Symvers } from '../../abi/export.ts'
import type { Layouts } from '../../abi/layouts/layout.ts'
import { checksumsOf } from '../../abi/types/recompute.ts'
import { typesFor } from '../../baseline/types-for.ts'
import { isError, type Problem } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { exists } from '../exists.ts'
import type { Names } from './gather-layouts.ts'
import { vmlinuxLayouts } from './vmlinux-layouts.ts'

/** A build that somebody made, here or elsewhere. */
interface Made {
  readonly symvers: Symvers
  readonly types?: BuildTypes
}

/** Layouts, or why there are none. */
interface LaidOut {
  readonly layouts?: Layouts
  readonly notes: readonly Problem[]
}

const nothingThere = 'no vmlinux with debug information or BTF beside Module.symvers'

/**
 * Finds layouts in the vmlinux beside a Module.symvers. Those that a release had are not known, each with the reason, where it is not there
 * or not understood.
 *
 * Notes: `no-layouts`, for all that the wanted symbols reach, with nothing found.
 * @param layouts those that a release had, or `all`: of what the wanted symbols reach by the types that the build made
 */
export async function besideSymvers(
  { symvers, types }: Made,
  wanted: 'all' | ReadonlySet<string>,
  layouts: Layouts | 'all',
): Promise<LaidOut> {
  const file = join(dirname(symvers.file), 'vmlinux')
  const asked =
    layouts === 'all' ? await reached({ symvers, ...(types ? { types } : {}) }, wanted) : namesOf(layouts)
  // Nothing says which types matter, and a note says that there are none.
  if (!asked) return { notes: [] }
  const { value, why } = await find(file, asked)
  if (value) return { layouts: value, notes: [] }
  if (layouts === 'all') return { notes: [{ kind: 'no-layouts', message: `Layouts are not known: ${why}.` }] }
  const unknown = new Map([...asked.types, ...asked.symbols].map((name) => [name, why]))
  const { pointer } = layouts
  return { layouts: { pointer, objects: [], types: new Map(), symbols: new Map(), unknown }, notes: [] }
}

async function find(file: string, asked: Names): Promise<{ readonly value?: Layouts; readonly why: string }> {
  if (!(await exists(file))) return { why: nothingThere }
  const { value, problems } = await vmlinuxLayouts(file, asked)
  const [problem] = problems
  if (value || !problem) return { ...(value ? { value } : {}), why: nothingThere }
  // Layouts cross machines, and where a file lies on this one is nobody's business.
  return { why: problem.message.replaceAll(quote(file), 'vmlinux').replace(/\.$/, '') }
}

function namesOf({ types, symbols }: Layouts): Names {
  return { types: new Set(types.keys()), symbols: new Set(symbols.keys()) }
}

async function reached(
  { symvers, types }: Made,
  wanted: 'all' | ReadonlySet<string>,
): Promise<Names | undefined> {
  if (types?.kind !== 'path') return undefined
  const rows = symvers.exports.filter(({ symbol }) => wanted === 'all' || wanted.has(symbol))
  const { value, problems } = await typesFor(types.path, checksumsOf(rows))
  if (!value || problems.some(isError)) return undefined
  return { types: completeTypes(value.bytes), symbols: new Set(rows.map(({ symbol }) => symbol)) }
}
