import type { Problem, Read } from '../problem/problem.ts'

/**
 * Says for which variant each vmlinux is.
 *
 * Problem, without a value: `usage` for one that no variant of the run has, and for one without a variant where there are several.
 * @param given by variant; by an empty name, that of the one variant
 */
export function vmlinuxByVariant(
  given: ReadonlyMap<string, string> = new Map(),
  variants: readonly { readonly name: string }[],
): Read<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const problems: Problem[] = []
  const [only, ...others] = variants
  for (const [name, file] of given) {
    const variant = name === '' && others.length === 0 ? only?.name : name
    if (variant !== undefined && variants.some((one) => one.name === variant)) found.set(variant, file)
    // A plan without variants is told of itself.
    else if (only) problems.push(name === '' ? unnamed(variants.length) : unknown(name))
  }
  return { value: problems.length > 0 ? new Map() : found, problems }
}

function unnamed(count: number): Problem {
  return {
    kind: 'usage',
    message: `--layouts-from does not say which of the ${count} variants the vmlinux is of.`,
    advice: 'Give it as --layouts-from VARIANT=FILE, or name the one variant with --variant.',
  }
}

function unknown(name: string): Problem {
  return {
    kind: 'usage',
    message: `--layouts-from names ${name}, which is no variant of this run.`,
    advice: 'Name a variant of kabi.yml whose list is made here.',
  }
}
