import type { Problem } from '../problem/problem.ts'
import type { Toolchain } from '../config/plan.ts'
import { buildPrograms } from './needs/build-programs.ts'
import { findProgram } from '../processes/find-program.ts'
import type { Need } from './needs/need.ts'
import { installAdvice, installationOf } from './needs/packages.ts'

/**
 * Looks for the programs that every kernel build needs. What only some configurations need, headers above all, the
 * build itself tells; `kabi-gate doctor` looks for all of it.
 * @param path folders as in PATH
 * @returns one problem that names all missing programs and the packages they are in.
 */
export async function checkTools(toolchain: Toolchain, path: string): Promise<Problem | undefined> {
  const missing: Need[] = []
  for (const need of buildPrograms(toolchain)) {
    if ((await findProgram(need.name, path)) === undefined) missing.push(need)
  }
  if (missing.length === 0) return undefined
  const are = missing.length === 1 ? 'a program is' : `${missing.length} programs are`
  return {
    kind: 'missing-tool',
    message: `${are} missing that building a kernel needs: ${missing.map(({ name }) => name).join(', ')}`,
    advice: installAdvice(installationOf(missing)),
  }
}
