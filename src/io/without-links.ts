import { resolve } from 'node:path'
import { realPath } from './real-path.ts'

/** Values for files, without those that stand for a file that another one stands for already. */
interface WithoutLinks<T> {
  readonly kept: readonly T[]
  /** What was left out, and for what that is kept. */
  readonly left: readonly { readonly link: T; readonly kept: T }[]
}

/**
 * Leaves out what only leads to a file that is there under another path too: through a symbolic link, or below a folder that is one. The
 * file itself stays rather than a link to it, and the first of several links. The same path twice is no link, and what cannot be looked at
 * stays: reading it says why.
 */
export async function withoutLinks<T>(
  values: readonly T[],
  pathOf: (value: T) => string,
): Promise<WithoutLinks<T>> {
  const files = await Promise.all(
    values.map(async (value) => {
      const path = resolve(pathOf(value))
      const real = await realPath(path)
      return { value, path, real, itself: sameEnd(path.split('/'), real.split('/')) }
    }),
  )
  const stays = new Map<string, (typeof files)[number]>()
  for (const file of files) {
    const known = stays.get(file.real)
    if (!known || known.itself < file.itself) stays.set(file.real, file)
  }
  const left = files.flatMap(({ value, path, real }) => {
    const kept = stays.get(real)
    return kept && kept.path !== path ? [{ link: value, kept: kept.value }] : []
  })
  const links = new Set(left.map(({ link }) => link))
  return { kept: values.filter((value) => !links.has(value)), left }
}

/** How many names two paths share at their ends. All that is looked at may lie in a folder behind a link. */
function sameEnd(path: readonly string[], real: readonly string[]): number {
  let count = 0
  while (count < path.length && path.at(-1 - count) === real.at(-1 - count)) count++
  return count
}
