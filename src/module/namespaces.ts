import { isListed, reservedFor } from '../abi/namespaces.ts'
import type { KernelModule } from './kernel-module.ts'

/**
 * True when the loader lets a module use the symbols of a namespace: it imports it, or the namespace is that of named
 * modules, such as `module:kvm,kvm-*`, and it is one of these, whatever it imports.
 */
export function mayUseNamespace({ name, info }: KernelModule, namespace: string): boolean {
  const reserved = reservedFor(namespace)
  return reserved ? isListed(name, reserved) : info.namespaces.includes(namespace)
}
