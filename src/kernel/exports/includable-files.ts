import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { KernelTree } from './kernel-tree.ts'

/** Folders of the build folder where headers are; the many small files of include/config are none. */
const marks = 'include/config'

/** All files that a preprocessor could find: those of the source tree, and the generated headers. Absolute paths. */
export function includableFiles({ source, output, files }: KernelTree): readonly string[] {
  const paths = [...files.keys()].map((path) => join(source, path))
  const walk = (folder: string): void => {
    for (const entry of entriesOf(join(output, folder))) {
      const path = join(folder, entry.name)
      if (!entry.isDirectory()) paths.push(join(output, path))
      else if (path !== marks) walk(path)
    }
  }
  walk('include')
  for (const { name } of entriesOf(join(output, 'arch'))) walk(join('arch', name, 'include'))
  return paths
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
