/** As Kbuild prints it: two spaces, what it does, perhaps `[M]` for a module, the file. */
const compile = /^ {2}(?:CC|AS|RUSTC)(?: \[\w\])? +(\S+\.o)$/
/** As `make -n` prints the same: the command `echo` with that line. */
const planned = /\becho '( {2}[^']+)'/

/**
 * Names the object that a line of a build's output is about, else undefined. The small objects that Kbuild makes for
 * each module after all others do not count, as nothing tells their number beforehand.
 */
export function builtObject(line: string): string | undefined {
  const object = compile.exec(line)?.[1]
  return object?.endsWith('.mod.o') ? undefined : object
}

/** The same for a line of a dry run (`make -n`). */
export function plannedObject(line: string): string | undefined {
  const shown = planned.exec(line.slice(0, 1_000))?.[1]
  return shown === undefined ? undefined : builtObject(shown)
}
