import { realpath } from 'node:fs/promises'

/** A path without symbolic links; the path as it is where nothing can be looked at there. */
export function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}
