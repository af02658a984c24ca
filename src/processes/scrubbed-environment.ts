import { isAbsolute } from 'node:path'

export type Environment = Readonly<Record<string, string>>

const kept = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR'] as const

/** Relative ones would be in the kernel tree, where programs of a build would write. */
const folders: readonly string[] = ['HOME', 'TMPDIR']

const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Gives the environment of a kernel build: an allow list of the parent's, and fixed values. Left out are secrets, which
 * code of a patch must not see, and whatever would silently change a build: MAKEFLAGS, ARCH, KBUILD_*, LD_PRELOAD.
 */
export function scrubbedEnvironment(parent: Readonly<Record<string, string | undefined>>): Environment {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(parent)) {
    if (value === undefined || value === '' || (folders.includes(name) && !isAbsolute(value))) continue
    if (kept.some((allowed) => allowed === name) || isCcache(name)) environment[name] = value
  }
  return {
    PATH: standardPath,
    ...environment,
    LC_ALL: 'C',
    TERM: 'dumb',
    // Python helpers of the kernel would leave their compiled form in the tree.
    PYTHONDONTWRITEBYTECODE: '1',
    // Time, person and machine would otherwise become part of the kernel.
    KBUILD_BUILD_TIMESTAMP: 'Thu Jan  1 00:00:00 UTC 1970',
    KBUILD_BUILD_USER: 'kabi-gate',
    KBUILD_BUILD_HOST: 'kabi-gate',
  }
}

function isCcache(name: string): boolean {
  return name.startsWith('CCACHE_') && !name.endsWith('_TOKEN')
}
