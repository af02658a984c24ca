import type { KernelModule } from '../../module/kernel-module.ts'
import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { findInstalledSymvers } from '../installed-kernel.ts'

/**
 * Finds the Module.symvers of the kernel that modules were built for, by the release that their vermagic names.
 *
 * Problems: `no-symvers` where no release is named, where the modules name several, and where none is installed for it.
 */
export async function findSymvers(
  modules: readonly KernelModule[],
  root: string,
): Promise<Read<string | undefined>> {
  const [first] = modules
  const releases = [...new Set(modules.map(({ info }) => info.vermagic?.split(' ')[0] ?? ''))].sort()
  const [release = ''] = releases
  if (!first) return { value: undefined, problems: [] }
  if (releases.length > 1) return nothing(`were built for several kernels: ${releases.map(quote).join(', ')}`)
  // It becomes part of a path.
  if (!/^\w[\w.+~-]*$/.test(release))
    return nothing(`name no kernel: their vermagic begins with ${quote(release)}`)
  return findInstalledSymvers({ root, release, arch: first.arch })
}

function nothing(what: string): Read<undefined> {
  const problem: Problem = {
    kind: 'no-symvers',
    message: `The modules ${what}.`,
    advice: 'Name the Module.symvers of their kernel with --symvers.',
  }
  return { value: undefined, problems: [problem] }
}
