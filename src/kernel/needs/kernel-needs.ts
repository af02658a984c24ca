import type { KernelFacts, TreePart } from './kernel-facts.ts'
import type { Need } from './need.ts'

/** What only some kernels need; the reason, or undefined when this one does not. */
interface Rule extends Pick<Need, 'kind' | 'name'> {
  readonly why: (kernel: KernelFacts) => string | undefined
}

const rules: readonly Rule[] = [
  { kind: 'header', name: 'stdlib.h', why: () => 'programs of the build itself' },
  // Documentation/process/changes.rst; no option tells which of its scripts a kernel runs.
  { kind: 'program', name: 'perl', why: () => 'scripts of the kernel' },
  {
    kind: 'header',
    name: 'gelf.h',
    why: (kernel) => objtool(kernel) ?? resolveBtfids(kernel),
  },
  { kind: 'header', name: 'zlib.h', why: resolveBtfids },
  {
    kind: 'header',
    name: 'openssl/opensslv.h',
    why: (kernel) => signing(kernel) ?? certificates(kernel),
  },
  {
    kind: 'program',
    name: 'openssl',
    // certs/Makefile makes a key only under that name.
    why: (kernel) =>
      kernel.strategy === 'full' && kernel.options.get('CONFIG_MODULE_SIG_KEY') === '"certs/signing_key.pem"'
        ? option(kernel, 'MODULE_SIG')
        : undefined,
  },
  // Kconfig drops the option when it finds no pahole, and struct module loses fields with it.
  { kind: 'program', name: 'pahole', why: (kernel) => option(kernel, 'DEBUG_INFO_BTF') },
  { kind: 'header', name: 'elfutils/libdwfl.h', why: (kernel) => option(kernel, 'GENDWARFKSYMS') },
  { kind: 'program', name: 'rustc', why: (kernel) => option(kernel, 'RUST') },
  { kind: 'program', name: 'bindgen', why: (kernel) => option(kernel, 'RUST') },
  {
    kind: 'program',
    name: 'python3',
    why: (kernel) => within(kernel, 'drivers/gpu/drm/msm/registers/gen_header.py', option(kernel, 'DRM_MSM')),
  },
  {
    kind: 'program',
    name: 'cpio',
    why: (kernel) => (kernel.strategy === 'full' ? option(kernel, 'IKHEADERS') : undefined),
  },
]

/**
 * What a kernel needs beside the programs of every build. Of options that only make could tell, because the
 * configuration starts from a default of the kernel tree, those count as on that such defaults turn on.
 */
export function kernelNeeds(kernel: KernelFacts): readonly Need[] {
  return rules.flatMap(({ kind, name, why }) => {
    const reason = why(kernel)
    return reason === undefined ? [] : [{ kind, name, why: reason }]
  })
}

function objtool(kernel: KernelFacts): string | undefined {
  const set =
    option(kernel, 'OBJTOOL') ?? option(kernel, 'STACK_VALIDATION') ?? option(kernel, 'UNWINDER_ORC')
  const usual = kernel.complete || kernel.arch !== 'x86_64' ? undefined : 'objtool'
  return within(kernel, 'tools/objtool', set ?? usual)
}

function resolveBtfids(kernel: KernelFacts): string | undefined {
  return within(kernel, 'tools/bpf/resolve_btfids', option(kernel, 'DEBUG_INFO_BTF'))
}

function signing(kernel: KernelFacts): string | undefined {
  return within(
    kernel,
    'scripts/sign-file.c',
    option(kernel, 'MODULE_SIG') ?? option(kernel, 'MODULE_SIG_FORMAT'),
  )
}

/** Newer kernels make the program in certs/, which only a full build reaches. */
function certificates(kernel: KernelFacts): string | undefined {
  if (kernel.strategy !== 'full' && !kernel.parts.has('scripts/extract-cert.c')) return undefined
  return option(kernel, 'SYSTEM_TRUSTED_KEYRING') ?? (kernel.complete ? undefined : 'certificates')
}

function within(kernel: KernelFacts, part: TreePart, reason: string | undefined): string | undefined {
  return kernel.parts.has(part) ? reason : undefined
}

/** The option's name when it is on. */
function option({ options }: KernelFacts, name: string): string | undefined {
  const full = `CONFIG_${name}`
  const value = options.get(full)
  return value === 'y' || value === 'm' ? full : undefined
}
