import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FactStore } from './file-facts.ts'

/** Programs that run during a build; none of their objects is a part of the kernel. */
const toolFolders = new Set(['scripts', 'tools'])

/**
 * Finds objects in a build folder that the dry run did not list because make holds them for finished, and whose sources
 * have exports. Kbuild keeps with each object a file `.name.o.cmd` that names its source; without it, it would be made
 * again.
 * @returns paths relative to the build folder
 */
export function strayObjects(
  output: string,
  listed: ReadonlySet<string>,
  facts: FactStore,
): readonly string[] {
  const strays: string[] = []
  const walk = (folder: string): void => {
    const entries = readdirSync(join(output, folder), { withFileTypes: true })
    const names = new Set(entries.map(({ name }) => name))
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        if (folder !== '' || !toolFolders.has(entry.name)) walk(path)
      } else if (path.endsWith('.o') && names.has(`.${entry.name}.cmd`) && !listed.has(path)) {
        if (mayExport(join(output, folder, `.${entry.name}.cmd`), facts)) strays.push(path)
      }
    }
  }
  walk('')
  return strays
}

function mayExport(commandFile: string, facts: FactStore): boolean {
  const source = /^source_\S+ := (\S+)$/m.exec(readFileSync(commandFile, 'utf8'))?.[1]
  return source !== undefined && facts.of(source)?.exported !== undefined
}
