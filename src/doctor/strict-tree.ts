import { join } from 'node:path'
import type { VariantPlan } from '../config/plan.ts'
import { readTreeFile } from '../io/read-tree-file.ts'
import type { KernelFacts } from '../kernel/needs/kernel-facts.ts'

/** A part of a tree that takes warnings for errors, and the first gcc that has one for it. */
interface StrictPart {
  readonly what: string
  readonly gcc: number
  /** Whether the machine's own compiler compiles it, or the one for the kernel. */
  readonly by: 'host' | 'kernel'
  /** The argument of make without which it does not compile. */
  readonly cure: string
}

/**
 * The parts of an old tree that a newer compiler does not compile, as long as the variant does not say what helps. Before 5.18 and
 * its backports, tools/lib/subcmd uses a pointer after realloc, which gcc 12 and later find; objtool and resolve_btfids are linked with
 * it. RHEL 8's Makefile gives every object -Werror, and gcc 9 and later find members of packed structures in asm-offsets.
 */
export function strictParts(
  { arch, makeArgs }: VariantPlan,
  { options, parts }: KernelFacts,
  source: string,
): readonly StrictPart[] {
  const text = (file: string): string => {
    try {
      return readTreeFile(join(source, file)).toString()
    } catch {
      return ''
    }
  }
  const found: StrictPart[] = []
  const btf = parts.has('tools/bpf/resolve_btfids') && options.get('CONFIG_DEBUG_INFO_BTF') === 'y'
  const programs = [...(arch === 'x86_64' ? ['objtool'] : []), ...(btf ? ['resolve_btfids'] : [])]
  if (
    programs.length > 0 &&
    !makeArgs.some((arg) => arg.startsWith('WERROR=')) &&
    text('tools/lib/subcmd/Makefile').includes('WERROR') &&
    text('tools/lib/subcmd/subcmd-util.h').includes('realloc(ptr, 1)')
  )
    found.push({ what: programs.join(' and '), gcc: 12, by: 'host', cure: 'WERROR=0' })
  const makefile = text('Makefile')
  if (
    !makeArgs.some((arg) => /^KCFLAGS=.*-Wno-error\b|^DISABLE_WERROR=1$/.test(arg)) &&
    /^VERSION\s*=\s*[34]$/m.test(makefile) &&
    /^KBUILD_CFLAGS\s*\+=\s*-Werror\s*$/m.test(makefile)
  )
    found.push({ what: 'the kernel', gcc: 9, by: 'kernel', cure: 'KCFLAGS=-Wno-error' })
  return found
}
