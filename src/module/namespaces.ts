import type { KernelModule } from './kernel-module.ts'

/** What stands before the names of the only modules that may use a symbol. */
const forModules = 'module:'

/**
 * True when the loader lets a module use the symbols of a namespace: it imports it, or the namespace is that of named
 * modules, such as `module:kvm,kvm-*`, and it is one of these, whatever it imports (verify_namespace_is_imported in
 * kernel/module/main.c).
 */
export function mayUseNamespace({ name, info }: KernelModule, namespace: string): boolean {
  if (!namespace.startsWith(forModules)) return info.namespaces.includes(namespace)
  const own = kernelName(name)
  return namespace
    .slice(forModules.length)
    .split(',')
    .some((text) =>
      text.endsWith('*') ? own.startsWith(kernelName(text.slice(0, -1))) : own === kernelName(text),
    )
}

/** The kernel knows a module by its file's name with underscores. */
function kernelName(name: string): string {
  return name.replaceAll('-', '_')
}
