/** What stands before the names of the only modules that may use a symbol. */
const forModules = 'module:'

/**
 * The modules that a namespace is reserved for, as EXPORT_SYMBOL_FOR_MODULES gives them: names, and beginnings of names with `*`
 * behind; undefined for one that a module imports.
 */
export function reservedFor(namespace: string): readonly string[] | undefined {
  return namespace.startsWith(forModules)
    ? namespace.slice(forModules.length).split(',').map(kernelName)
    : undefined
}

/**
 * True when a name, or every name that a pattern stands for, is one of a list.
 * Source: verify_namespace_is_imported in kernel/module/main.c.
 */
export function isListed(module: string, list: readonly string[]): boolean {
  const name = kernelName(module)
  return list.some((text) => (text.endsWith('*') ? name.startsWith(text.slice(0, -1)) : name === text))
}

/** True when some module may use a symbol in one namespace and not in another. The empty one is open to all. */
export function isNarrower(before: string, after: string): boolean {
  if (after === '' || after === before) return false
  const [released, current] = [reservedFor(before), reservedFor(after)]
  return !released || !current || !released.every((module) => isListed(module, current))
}

/** The kernel knows a module by its file's name with underscores. */
function kernelName(name: string): string {
  return name.replaceAll('-', '_')
}
