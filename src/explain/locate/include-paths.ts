import { dirname, join } from 'node:path'
import type { SourceTexts } from './source-texts.ts'

/** Finds the file that an include directive means, without knowing the options of the compiler. */
interface IncludePaths {
  /** @returns an absolute path; undefined when there is no such file */
  readonly resolve: (included: Included, includer: string) => string | undefined
  /** The files that a file includes, whatever branch the directives stand in. */
  readonly includesOf: (path: string) => readonly string[]
}

/** What stands in an include directive: `<linux/device.h>`, `"base.h"`. */
export interface Included {
  readonly name: string
  readonly quoted: boolean
}

const directive = /^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)")/

/** Reads a line of C as an include directive. */
export function includedBy(line: string): Included | undefined {
  const [, angled, quoted] = directive.exec(line) ?? []
  if (angled !== undefined) return { name: angled, quoted: false }
  return quoted === undefined ? undefined : { name: quoted, quoted: true }
}

/**
 * Learns where headers are looked for from those that an object was made of.
 * @param files absolute paths
 */
export function includePaths(sources: SourceTexts, files: readonly string[]): IncludePaths {
  const folders = new Set<string>()
  for (const file of files) {
    const [folder] = /^.*?\/include(?:\/generated)?(?:\/uapi)?(?=\/)/.exec(file) ?? []
    if (folder !== undefined) folders.add(folder)
  }
  const resolve: IncludePaths['resolve'] = ({ name, quoted }, includer) => {
    const candidates = [...(quoted ? [dirname(includer)] : []), ...folders].map((folder) =>
      join(folder, name),
    )
    const among = candidates.find((path) => files.includes(path))
    return among ?? candidates.find((path) => sources.text(path) !== undefined)
  }
  const known = new Map<string, readonly string[]>()
  return {
    resolve,
    includesOf: (path) => {
      const before = known.get(path)
      if (before) return before
      const lines = (sources.text(path) ?? '').split('\n')
      const found = lines.flatMap((line) => {
        const included = line.includes('include') ? includedBy(line) : undefined
        return included ? (resolve(included, path) ?? []) : []
      })
      known.set(path, found)
      return found
    },
  }
}
