import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { KernelConfig, VariantPlan } from './plan.ts'

/** A variant with the files of its kernel configuration that another checkout of the tree has. */
export function variantAt(variant: VariantPlan, source: string, tree: string): VariantPlan {
  return variant.config ? { ...variant, config: configAt(variant.config, source, tree) } : variant
}

function configAt({ from, fragments, set }: KernelConfig, source: string, tree: string): KernelConfig {
  const moved = (path: string): string => {
    const inside = relative(source, path)
    const there = join(tree, inside)
    return !inside.startsWith('..') && existsSync(there) ? there : path
  }
  return {
    from: from.kind === 'file' ? { ...from, path: moved(from.path) } : from,
    fragments: fragments.map(moved),
    set,
  }
}
