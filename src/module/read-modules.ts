import type { Problem, Read } from '../abi/problem.ts'
import { readBytes } from '../io/read-bytes.ts'
import type { KernelModule } from './kernel-module.ts'
import { parseModule } from './parse-module.ts'

/** Reads kernel modules, each file plain or compressed with gzip, xz or zstd. Gives those it could read. */
export async function readModules(paths: readonly string[]): Promise<Read<readonly KernelModule[]>> {
  const modules: KernelModule[] = []
  const problems: Problem[] = []
  for (const path of paths) {
    const bytes = await readBytes(path)
    if (bytes.problems.length > 0) {
      problems.push(...bytes.problems)
      continue
    }
    const read = parseModule(bytes.value, path)
    problems.push(...read.problems)
    if (read.value) modules.push(read.value)
  }
  return { value: modules, problems }
}
