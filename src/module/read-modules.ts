import type { Read } from '../problem/problem.ts'
import { readBytes } from '../io/read-bytes.ts'
import { withoutLinks } from '../io/without-links.ts'
import type { KernelModule } from './kernel-module.ts'
import { parseModule } from './parse-module.ts'

/** Files that are read at the same time: enough to keep the disk busy, few enough for the memory. */
const atOnce = 8

/**
 * Reads kernel modules, each file plain or compressed with gzip, xz or zstd. Gives those it could read, in the order of
 * the paths; a link to one of the others counts for nothing.
 */
export async function readModules(paths: readonly string[]): Promise<Read<readonly KernelModule[]>> {
  const { kept } = await withoutLinks(paths, (path) => path)
  return readEachModule(kept)
}

/** Reads kernel modules as `readModules` does, each path for itself. */
export async function readEachModule(paths: readonly string[]): Promise<Read<readonly KernelModule[]>> {
  const read: Read<KernelModule | undefined>[] = []
  for (let at = 0; at < paths.length; at += atOnce) {
    read.push(...(await Promise.all(paths.slice(at, at + atOnce).map(readModule))))
  }
  return {
    value: read.flatMap(({ value }) => value ?? []),
    problems: read.flatMap(({ problems }) => problems),
  }
}

async function readModule(path: string): Promise<Read<KernelModule | undefined>> {
  const { value, problems } = await readBytes(path)
  return problems.length > 0 ? { value: undefined, problems } : parseModule(value, path)
}
