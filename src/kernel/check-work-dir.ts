import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import type { Problem } from '../problem/problem.ts'

/** Checks that a build folder, which need not exist yet, is outside of the kernel tree and that make can handle it. */
export async function checkWorkDir(folder: string, source: string): Promise<Problem | undefined> {
  const real = await realPathOf(folder)
  const place = { file: folder }
  const advice = 'Name another folder with --work-dir.'
  if (/[\s:]/.test(real)) {
    return {
      kind: 'usage',
      message: 'make cannot build in a path that has a space or a colon',
      place,
      advice,
    }
  }
  const inside = relative(source, real)
  if (inside === '' || !(inside.startsWith('..') || isAbsolute(inside))) {
    return { kind: 'usage', message: `the work folder is inside the kernel tree ${source}`, place, advice }
  }
  return undefined
}

/** Resolves the symbolic links of the part of a path that exists. */
async function realPathOf(path: string): Promise<string> {
  const known = await realpath(path).catch(() => undefined)
  if (known !== undefined || dirname(path) === path) return known ?? path
  return join(await realPathOf(dirname(path)), basename(path))
}
