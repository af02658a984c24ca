import type { Toolchain } from '../../config/plan.ts'
import { run } from '../../processes/run.ts'
import { toolchainCommands } from '../toolchain-commands.ts'
import type { Surroundings } from './find-need.ts'

/** First part of the target of a gcc that can build a kernel, by what the kernel calls the architecture. */
const targets: Readonly<Record<string, RegExp>> = {
  x86_64: /^(x86_64|i[3-6]86)$/,
  i386: /^(x86_64|i[3-6]86)$/,
  arm64: /^aarch64$/,
  arm: /^arm/,
  powerpc: /^(powerpc|ppc)/,
  s390: /^s390/,
  riscv: /^riscv/,
  loongarch: /^loongarch/,
  mips: /^mips/,
  sparc: /^sparc/,
  ia64: /^ia64/,
}

/**
 * The target of the compiler (`x86_64-linux-gnu`) when it cannot build for the architecture; undefined when it can, or
 * when nothing is known: clang builds for any, and a compiler that is missing is told apart from this.
 */
export async function foreignTarget(
  arch: string,
  toolchain: Toolchain,
  { env, signal }: Surroundings,
): Promise<string | undefined> {
  const { compiler } = toolchainCommands(toolchain)
  const fit = targets[arch]
  if (!fit || toolchain.llvm !== undefined || /\bclang\b/.test(compiler)) return undefined
  const target = await told(compiler, '-dumpmachine', { env, signal })
  if (target === undefined) return undefined
  return fit.test(target.split('-')[0] ?? '') ? undefined : target
}

/** The first number of a gcc's version; undefined for what is no gcc, or is not there. */
export async function gccVersion(
  compiler: string,
  where: Pick<Surroundings, 'env' | 'signal'>,
): Promise<number | undefined> {
  if (/\bclang\b/.test(compiler)) return undefined
  const [, major] = /^(\d+)/.exec((await told(compiler, '-dumpversion', where)) ?? '') ?? []
  return major === undefined ? undefined : Number(major)
}

/** The first line that a compiler answers a question with. */
async function told(
  compiler: string,
  question: string,
  { env, signal }: Pick<Surroundings, 'env' | 'signal'>,
): Promise<string | undefined> {
  const [program = '', ...flags] = compiler.split(/\s+/)
  const lines: string[] = []
  const command = { program, args: [...flags, question], cwd: '/', env }
  const ended = await run(command, {
    signal,
    onLine: (line, stream) => stream === 'stdout' && lines.push(line),
  })
  return ended.kind === 'exited' && ended.code === 0 ? lines[0] : undefined
}
