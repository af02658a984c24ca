import { readTreeFile } from '../io/read-tree-file.ts'
import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { KernelConfig } from '../config/plan.ts'
import { programIdentities } from './exports/program-identity.ts'
import type { Kbuild } from './make.ts'
import { run, type Stream } from '../processes/run.ts'
import { toolchainCommands } from './toolchain-commands.ts'

/** Programs that the kernel's Makefiles and Kconfig files ask for their abilities, beside the toolchain. */
const programsAsked = ['make', 'sh', 'flex', 'bison', 'perl', 'python3', 'pahole', 'rustc', 'bindgen']

/**
 * Tells apart what configuring and preparing a kernel depends on besides its tree: the configuration as it is asked for, the
 * programs that are asked what they can do, the headers of compiler plugins, the environment. Undefined when it cannot be
 * told; then nothing may be taken over from an earlier run.
 */
export async function preparationKey(
  kbuild: Pick<Kbuild, 'env' | 'source' | 'variant' | 'signal'>,
  config: KernelConfig,
): Promise<string | undefined> {
  const { env, source, variant } = kbuild
  const { compiler, hostCompiler, linker, binaryTools } = toolchainCommands(variant.toolchain)
  const commands = [compiler, hostCompiler, linker, ...binaryTools, `${variant.toolchain.crossCompile}as`]
  const identity = programIdentities(source, env)
  const programs = [...commands.flatMap((command) => command.split(/\s+/)), ...programsAsked].map(
    (program) => [program, identity(program) ?? null],
  )
  const asked = configurationDigest(config)
  if (asked === undefined) return undefined
  try {
    const parts = [asked, programs, await pluginHeaders(kbuild, compiler), env]
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  } catch {
    return undefined
  }
}

/**
 * SHA-256, hexadecimal, of a configuration as it is asked for: what the files say, not where they lie, as those of a commit get another
 * folder each time. Undefined where one cannot be read.
 */
export function configurationDigest({ from, fragments, set }: KernelConfig): string | undefined {
  try {
    const files = from.kind === 'file' ? [from.path, ...fragments] : fragments
    const texts = files.map((path) => readTreeFile(path).toString('base64'))
    const targets = from.kind === 'targets' ? from.targets : null
    return createHash('sha256')
      .update(JSON.stringify([targets, set, texts]))
      .digest('hex')
  } catch {
    return undefined
  }
}

/** Whether a compiler can be given plugins is a matter of its headers, which may be installed at any time. */
async function pluginHeaders(
  { source, env, signal }: Pick<Kbuild, 'source' | 'env' | 'signal'>,
  compiler: string,
): Promise<string> {
  const [program = '', ...words] = compiler.split(/\s+/)
  const lines: string[] = []
  const onLine = (line: string, stream: Stream): void => {
    if (stream === 'stdout') lines.push(line)
  }
  const command = { program, args: [...words, '-print-file-name=plugin'], cwd: source, env }
  await run(command, { signal, onLine })
  const header = join(lines[0] ?? '', 'include/plugin-version.h')
  const state = await lstat(header, { bigint: true }).catch(() => undefined)
  return state ? `${header} ${state.mtimeNs}` : header
}
