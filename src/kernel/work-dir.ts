import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { userInfo } from 'node:os'
import { basename, isAbsolute, join, resolve } from 'node:path'

/**
 * Gives the folder in which kernels of a source tree are built: on a GitHub runner a folder of the job, else one of the
 * user's cache that is named after the tree and its place. Makes nothing.
 */
export function defaultWorkDir(source: string, env: Readonly<Record<string, string | undefined>>): string {
  const { RUNNER_TEMP: runnerTemp } = env
  if (runnerTemp && isAbsolute(runnerTemp)) return join(runnerTemp, 'kabi-gate')
  const tree = realPath(source)
  const digest = createHash('sha256').update(tree).digest('hex').slice(0, 8)
  return join(cacheFolder(env), `${basename(tree).replace(/[\s:]/g, '_')}-${digest}`)
}

/** The folder of kabi-gate in the user's cache. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const { XDG_CACHE_HOME: xdgCache } = env
  // The XDG base directory specification: a relative path is invalid and to be ignored.
  const cache = xdgCache && isAbsolute(xdgCache) ? xdgCache : join(homeOf(env), '.cache')
  return join(cache, 'kabi-gate')
}

/** A home that is empty or relative would be in the kernel tree; then that of the password file counts. */
function homeOf({ HOME: home }: Readonly<Record<string, string | undefined>>): string {
  if (home !== undefined && isAbsolute(home)) return home
  try {
    const { homedir } = userInfo()
    if (isAbsolute(homedir)) return homedir
  } catch {
    // The password file does not know the user.
  }
  return '/nonexistent'
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}
