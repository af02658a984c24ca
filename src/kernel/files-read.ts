import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * The names, without folders, of all files that commands of kbuild read to make what lies in some folders, and of other things beside
 * them; undefined where an object does not tell.
 * @param folders absolute paths; those that are not there count as empty
 */
export function filesRead(folders: readonly string[]): ReadonlySet<string> | undefined {
  // Both forms leave it out: what it says stands there option by option.
  const read = new Set(['autoconf.h'])
  return eachWordRead(folders, (word) => read.add(basename(word))) ? read : undefined
}

/**
 * Gives every word of the `.NAME.cmd` files in some folders, each of which may be the path of a file that was read:
 * `scripts/basic/fixdep.c` and `tools/build/fixdep.c` of the kernel write lists of two forms, and where the latter is not there yet the
 * compiler's own stays.
 * @param folders absolute paths; those that are not there count as empty
 * @param use gets the word, and the folder of the file in which it stands
 * @returns false where an object does not tell what it was made of
 */
export function eachWordRead(
  folders: readonly string[],
  use: (word: string, folder: string) => unknown,
): boolean {
  return folders.every((folder) => addRead(folder, use))
}

function addRead(folder: string, use: (word: string, folder: string) => unknown): boolean {
  const entries = entriesOf(folder)
  const names = new Set(entries.map(({ name }) => name))
  return entries.every((entry) => {
    const { name } = entry
    const path = `${folder}/${name}`
    // One file for each option, and nothing in it.
    if (entry.isDirectory()) return path.endsWith('/include/config') || addRead(path, use)
    if (name.startsWith('.') && name.endsWith('.cmd')) for (const word of wordsIn(path)) use(word, folder)
    return !name.endsWith('.o') || isOfLinker(name) || names.has(`.${name}.cmd`)
  })
}

/** Every word of a file, such as a list of paths. @throws the system's error when it cannot be read */
export function wordsIn(path: string): readonly string[] {
  return readFileSync(path, 'latin1').split(/[\s"'=,:()]+/)
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
