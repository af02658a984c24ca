import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'

/** Copies a kernel tree in a second instead of minutes: the files are the same until they are replaced. */
export function copyKernel(from: string, to: string): void {
  execFileSync('cp', ['-al', from, to])
}

/** Writes a file of such a copy anew, and leaves alone the one that its other names show. */
export function replaceFile(path: string, text: string): void {
  rmSync(path)
  writeFileSync(path, text)
}

/**
 * Replaces text in a file of such a copy while the body runs, which gets the change as the path of a patch.
 * @param work a folder for it
 */
export async function patched<Result>(
  { tree, work }: { readonly tree: string; readonly work: string },
  file: string,
  [old, now]: readonly [string, string],
  body: (patch: string) => Promise<Result>,
): Promise<Result> {
  const path = join(tree, file)
  const before = readFileSync(path, 'utf8')
  expect(before.split(old).length, `${old} stands once in ${file}`).toBe(2)
  replaceFile(path, before.replace(old, now))
  writeFileSync(join(work, 'before'), before)
  const labels = ['--label', `a/${file}`, '--label', `b/${file}`]
  const { stdout } = spawnSync('diff', ['-u', ...labels, join(work, 'before'), path], { encoding: 'utf8' })
  writeFileSync(join(work, 'patch'), stdout)
  try {
    return await body(join(work, 'patch'))
  } finally {
    replaceFile(path, before)
  }
}
