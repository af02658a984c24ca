import { basename, dirname } from 'node:path/posix'
import type { EnabledObject } from './enabled-object.ts'

/**
 * Finds the module that a line of a dry run makes, as its path without suffix: by the list of its objects
 * (`... > drivers/usb/storage/usb-storage.mod`, since Linux 5.3) or, in all versions, by the link of several objects
 * (`LD [M]  drivers/usb/storage/usb-storage.o`).
 */
export function plannedModule(line: string): string | undefined {
  const list = line.includes('.mod') ? /> (\S+)\.mod(?=[\s;']|$)/.exec(line) : undefined
  if (list) return list[1]
  return line.includes('LD [M]') ? /LD \[M\] +(\S+?)\.k?o'/.exec(line)?.[1] : undefined
}

/** Paths of modules by name as in KBUILD_MODNAME, which has `_` for the `-` and `,` of a file name. */
type ModuleIndex = ReadonlyMap<string, readonly string[]>

/** Sorts the paths of modules by name; one path a name, but for kernels that allow more. */
export function moduleIndex(paths: Iterable<string>): ModuleIndex {
  const index = new Map<string, string[]>()
  for (const path of new Set(paths)) {
    const name = modnameOf(path)
    const found = index.get(name)
    if (found) found.push(path)
    else index.set(name, [path])
  }
  return index
}

/**
 * Gives the module column of a `Module.symvers` for an object's exports: `vmlinux`, or the path of each module that the
 * object is linked into. A module that the index does not have is made from this object alone.
 */
export function modulePaths(
  { object, modname }: Pick<EnabledObject, 'object' | 'modname'>,
  modules: ModuleIndex,
): readonly string[] {
  if (modname === undefined) return ['vmlinux']
  const own = object.replace(/\.o$/, '')
  return modname.split(':').map((name) => {
    const paths = modules.get(name) ?? []
    const above = paths.filter((path) => own.startsWith(`${dirname(path)}/`)).sort(byLength)[0]
    return above ?? (name === modnameOf(own) ? own : (paths[0] ?? own))
  })
}

function modnameOf(path: string): string {
  return basename(path).replace(/[-,]/g, '_')
}

function byLength(a: string, b: string): number {
  return b.length - a.length
}
