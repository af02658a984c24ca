import { resolve } from 'node:path'
import { isError, type Problem, type Read } from '../../problem/problem.ts'
import { readTables } from '../../baseline/read-whitelist.ts'
import { findInstalledSymvers } from '../installed-kernel.ts'
import type { DiskKernel } from './judge-disk.ts'

interface KernelsQuestion {
  /** As `uname -r` says them. */
  readonly releases: readonly string[]
  readonly arch: string
  /** The folder that stands for `/`. */
  readonly root: string
  /** The files that were named for a release, from `cwd`; of the others, the installed one is looked for. */
  readonly symvers: ReadonlyMap<string, readonly string[]>
  readonly cwd: string
}

/**
 * Reads what kernels export, each from the files named for it or from the Module.symvers that is installed.
 *
 * Problems: `no-symvers` with every place tried, and those of reading; a kernel with an error is left out.
 */
export async function readDiskKernels(question: KernelsQuestion): Promise<Read<readonly DiskKernel[]>> {
  const { releases, arch, root, symvers, cwd } = question
  const kernels: DiskKernel[] = []
  const problems: Problem[] = []
  for (const release of releases) {
    const named = symvers.get(release)
    const found = named ? { value: named, problems: [] } : await installed({ root, release, arch })
    problems.push(...found.problems)
    if (found.value.length === 0) continue
    const tables = await readTables(found.value.map((file) => resolve(cwd, file)))
    problems.push(...tables.problems)
    if (!tables.problems.some(isError)) kernels.push({ release, symvers: found.value, tables: tables.value })
  }
  return { value: kernels, problems }
}

async function installed(
  search: Parameters<typeof findInstalledSymvers>[0],
): Promise<Read<readonly string[]>> {
  const { value, problems } = await findInstalledSymvers(search)
  const advice = 'Install the kernel-devel of that kernel, or name the file with --symvers RELEASE=FILE.'
  return { value: value === undefined ? [] : [value], problems: problems.map((one) => ({ ...one, advice })) }
}
