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
import { allUnknown } from './randomized.ts'
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
  made: Made,
  wanted: 'all' | ReadonlySet<string>,
  layouts: Layouts | 'all',
): Promise<LaidOut> {
  const asked = layouts === 'all' ? await reached(made, wanted) : namesOf(layouts)
  // Nothing says which types matter, and a note says that there are none.
  if (!asked) return { notes: [] }
  const found = await find(join(dirname(made.symvers.file), 'vmlinux'), asked)
  if (typeof found !== 'string') return { layouts: found, notes: [] }
  if (layouts === 'all')
    return { notes: [{ kind: 'no-layouts', message: `Layouts are not known: ${found}.` }] }
  return { layouts: allUnknown(layouts, found), notes: [] }
}

/** The layouts, or why there are none. */
async function find(file: string, asked: Names): Promise<Layouts | string> {
  if (!(await exists(file))) return nothingThere
  const { value, problems } = await vmlinuxLayouts(file, asked)
  // Layouts cross machines, and where a file lies on this one is nobody's business.
  return (
    value ??
    problems.map(({ message }) => message.replaceAll(quote(file), 'vmlinux').replace(/\.$/, '')).join('; ')
  )
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
