import type { Toolchain } from '../config/plan.ts'

/** The programs that the kernel's Makefile picks for a toolchain; each may be several words (`ccache gcc`). */
interface ToolchainCommands {
  readonly compiler: string
  readonly hostCompiler: string
  readonly linker: string
  /** What works on object files. */
  readonly binaryTools: readonly string[]
}

/** Repeats the choice that the kernel's Makefile makes from CROSS_COMPILE, CC and LLVM. */
export function toolchainCommands({ crossCompile, compiler, llvm }: Toolchain): ToolchainCommands {
  if (llvm) {
    const prefix = llvm.endsWith('/') ? llvm : ''
    const suffix = llvm.startsWith('-') ? llvm : ''
    const program = (name: string): string => `${prefix}${name}${suffix}`
    return {
      compiler: compiler ?? program('clang'),
      hostCompiler: program('clang'),
      linker: program('ld.lld'),
      binaryTools: ['llvm-ar', 'llvm-nm', 'llvm-objcopy'].map(program),
    }
  }
  return {
    compiler: compiler ?? `${crossCompile}gcc`,
    hostCompiler: 'gcc',
    linker: `${crossCompile}ld`,
    binaryTools: ['ar', 'nm', 'objcopy'].map((name) => crossCompile + name),
  }
}

/** The variables of make that choose a toolchain. */
export function toolchainVariables({ crossCompile, compiler, llvm }: Toolchain): string[] {
  return [
    ...(crossCompile ? [`CROSS_COMPILE=${crossCompile}`] : []),
    ...(llvm ? [`LLVM=${llvm}`] : []),
    ...(compiler ? [`CC=${compiler}`] : []),
  ]
}
