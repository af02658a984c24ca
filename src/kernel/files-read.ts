import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * The names, without folders, of all files that commands of kbuild read to make what lies in some folders, and of other things beside
 * them; undefined where an object does not tell. Every word of the `.NAME.cmd` files is taken for a path: `scripts/basic/fixdep.c` and
 * `tools/build/fixdep.c` of the kernel write lists of two forms, and where the latter is not there yet the compiler's own stays.
 * @param folders absolute paths; those that are not there count as empty
 */
export function filesRead(folders: readonly string[]): ReadonlySet<string> | undefined {
  // Both forms leave it out: what it says stands there option by option.
  const read = new Set(['autoconf.h'])
  return folders.every((folder) => addRead(folder, read)) ? read : undefined
}

/** @returns false where an object does not tell what it was made of */
function addRead(folder: string, read: Set<string>): boolean {
  const entries = entriesOf(folder)
  const names = new Set(entries.map(({ name }) => name))
  return entries.every((entry) => {
    const { name } = entry
    const path = `${folder}/${name}`
    // One file for each option, and nothing in it.
    if (entry.isDirectory()) return path.endsWith('/include/config') || addRead(path, read)
    if (name.startsWith('.') && name.endsWith('.cmd')) for (const word of namesIn(path)) read.add(word)
    return !name.endsWith('.o') || isOfLinker(name) || names.has(`.${name}.cmd`)
  })
}

/** Every word of a file, taken for a path, without its folders. @throws the system's error when it cannot be read */
export function namesIn(path: string): readonly string[] {
  return readFileSync(path, 'latin1')
    .split(/[\s"'=,:()]+/)
    .map((word) => basename(word))
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Symbol tables and the like, which are made of objects. */
function isOfLinker(name: string): boolean {
  return name.startsWith('.') || name === 'vmlinux.o'
}
