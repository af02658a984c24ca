/** A warning of the compiler that the tree turned into an error. */
const turnedIntoError = /\[-Werror(?:=[\w-]+)?\]|-Werror=[\w-]+\b/

/** Programs that the build runs lie there; their Makefiles know WERROR, and compile without the kernel's own flags. */
const ofTools =
  /(?:^|[\s/])(?:tools\/|subcmd-util\.h|help\.c|parse-options\.c|libbpf|libsubcmd|elf\.c|btf\.c)/

/**
 * What to do about a build that stops for a warning, such as -Werror=use-after-free in objtool and resolve_btfids of kernels before
 * 5.18 with gcc 12 and later, or -Werror=address-of-packed-member in asm-offsets of RHEL 8. Undefined where the lines speak of no such
 * error.
 */
export function adviceAboutWarnings(lines: readonly string[]): string | undefined {
  const errors = lines.filter((line) => turnedIntoError.test(line))
  if (errors.length === 0) return undefined
  const tools = errors.some((line) => ofTools.test(line))
  const kernel = errors.some((line) => !ofTools.test(line))
  const cures = [...(tools ? ['WERROR=0'] : []), ...(kernel ? ['KCFLAGS=-Wno-error'] : [])]
  return `If the released commit fails alike, the compiler is newer than the kernel: write make-args: [${cures.join(', ')}] in kabi.yml. No checksum follows from it (docs/configuration.md#old-kernels-with-a-new-compiler).`
}
