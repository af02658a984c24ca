import { resolve } from 'node:path'
import { adviceFor, isError } from '../problem/problem.ts'
import { readRows } from '../baseline/read-whitelist.ts'
import { UsageError } from './usage-error.ts'

/**
 * The symbols that a command line names: each by its name, or with `@FILE` those of a list in any dialect.
 * @throws UsageError for a file that cannot be read
 */
export async function symbolArguments(args: readonly string[], cwd: string): Promise<readonly string[]> {
  const symbols: string[] = []
  for (const arg of args) {
    if (!arg.startsWith('@')) {
      symbols.push(arg)
      continue
    }
    const { value, problems } = await readRows(resolve(cwd, arg.slice(1)))
    const refused = problems.find(isError)
    if (refused) throw new UsageError(`${arg}: ${refused.message}`, adviceFor(refused))
    symbols.push(...value.rows.map(({ symbol }) => symbol))
  }
  return [...new Set(symbols)]
}
