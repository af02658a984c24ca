import { emptyWhitelist } from '../abi/empty-whitelist.ts'
import { formatWhitelist } from '../abi/format-whitelist.ts'
import { tableOfDrivers } from '../abi/table-of-drivers.ts'
import { isError, type Read } from '../problem/problem.ts'
import { selectRows } from '../abi/select-rows.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { readSymvers } from '../baseline/read-whitelist.ts'
import { createWhitelistFiles } from '../baseline/whitelist-files.ts'
import { namesProblems } from './names-problems.ts'

interface FromSymversRequest {
  /** The Module.symvers, plain or compressed. */
  readonly from: string
  /** The symbols to protect; absent: every export. */
  readonly names: Whitelist | undefined
  readonly allowAbsent: boolean
  /** The whitelist to make. */
  readonly to: string
}

/**
 * Makes a whitelist from a Module.symvers alone, without a configuration. It has neither types nor a baseline: a
 * Module.symvers does not say how it came about. Nothing is overwritten. The value is the number of protected symbols.
 */
export async function createFromSymvers(request: FromSymversRequest): Promise<Read<number>> {
  const { from, names, to } = request
  const { value: symvers, problems: unread } = await readSymvers(from)
  if (unread.some(isError)) return { value: 0, problems: unread }
  const selected = selectRows(symvers, names)
  const { rows } = selected
  const foreign = selected.absent.length > 0 ? tableOfDrivers(from, symvers.exports) : undefined
  const unknown = foreign ? [foreign] : namesProblems(names, [selected], request, symvers.exports.map(({ symbol }) => symbol))
  const problems = [...unread, ...unknown]
  if (rows.length === 0) problems.push(emptyWhitelist(to, `${from} exports none of the names.`))
  if (problems.some(isError)) return { value: 0, problems }
  const list = formatWhitelist({ file: to, dialect: 'canonical', rows })
  const content = { list, types: undefined, baseline: undefined }
  const problem = await createWhitelistFiles(new Map([[to, content]]))
  if (problem) return { value: 0, problems: [...problems, problem] }
  return { value: new Set(rows.map(({ symbol }) => symbol)).size, problems }
}
