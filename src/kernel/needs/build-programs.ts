import type { Toolchain } from '../../config/plan.ts'
import { toolchainCommands } from '../toolchain-commands.ts'
import type { Need } from './need.ts'

/** Programs that every kernel's build calls, whatever its toolchain. */
const always = ['make', 'flex', 'bison', 'bc', 'awk', 'cmp', 'find']

/** The programs without which no kernel can be built, those of the toolchain among them. */
export function buildPrograms(toolchain: Toolchain): readonly Need[] {
  const { compiler, hostCompiler, linker, binaryTools } = toolchainCommands(toolchain)
  const names = [...always, ...words(compiler), ...words(hostCompiler), linker, ...binaryTools]
  return [...new Set(names)].map((name): Need => ({ kind: 'program', name }))
}

/** The programs in a command such as `ccache gcc -m32`. */
function words(command: string): string[] {
  return command.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'))
}
