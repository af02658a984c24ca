import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Problem } from '../abi/problem.ts'
import type { Toolchain } from '../config/plan.ts'
import { toolchainCommands } from './toolchain-commands.ts'

const always = ['make', 'flex', 'bison', 'bc']

/**
 * Looks for the programs that every kernel build needs. Headers such as those of libelf are needed by some
 * configurations only; there the build tells what is missing.
 * @returns one problem that names all missing programs and the packages they are in.
 */
export async function checkTools(toolchain: Toolchain, path: string): Promise<Problem | undefined> {
  const { compiler, hostCompiler, linker } = toolchainCommands(toolchain)
  const wanted = [...always, ...words(compiler), ...words(hostCompiler), linker]
  const missing: string[] = []
  for (const program of new Set(wanted)) if (!(await isOnPath(program, path))) missing.push(program)
  if (missing.length === 0) return undefined
  const are = missing.length === 1 ? 'a program is' : `${missing.length} programs are`
  return {
    kind: 'missing-tool',
    message: `${are} missing that building a kernel needs: ${missing.join(', ')}`,
    advice: installAdvice(missing),
  }
}

/** The programs in a command such as `ccache gcc -m32`. */
function words(command: string): string[] {
  return command.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'))
}

async function isOnPath(program: string, path: string): Promise<boolean> {
  if (program.includes('/')) return isProgram(program)
  for (const folder of path.split(delimiter)) {
    if (folder !== '' && (await isProgram(join(folder, program)))) return true
  }
  return false
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

interface Packages {
  readonly apt: string
  readonly dnf: string
}

function installAdvice(programs: readonly string[]): string {
  const packages = programs.flatMap((program) => packagesOf(program) ?? [])
  if (packages.length === 0) return 'Install what is named, or correct the toolchain in kabi.yml.'
  const line = (names: readonly string[]): string => [...new Set(names)].join(' ')
  const apt = `sudo apt-get install ${line(packages.map((names) => names.apt))}`
  const dnf = `sudo dnf install ${line(packages.map((names) => names.dnf))}`
  return `On Debian or Ubuntu: ${apt}; on Fedora or RHEL: ${dnf}`
}

/** A GNU tool with the prefix of a cross toolchain as Debian and Fedora package them, and perhaps a version. */
const gnuTool = /^(?:([a-z0-9_]+-linux-gnu[a-z0-9_]*)-)?(gcc|ld)(-\d+)?$/
const llvmTool = /^(clang|ld\.lld)(-\d+)?$/

function packagesOf(program: string): Packages | undefined {
  const [, triplet, gnu, gnuVersion = ''] = gnuTool.exec(program) ?? []
  if (gnu !== undefined) {
    const name = gnu === 'gcc' ? 'gcc' : 'binutils'
    // Package names of Debian have no underscore.
    const apt = `${name}${gnuVersion}${triplet === undefined ? '' : `-${triplet.replaceAll('_', '-')}`}`
    return { apt, dnf: triplet === undefined ? name : `${name}-${triplet}` }
  }
  const [, llvm, llvmVersion = ''] = llvmTool.exec(program) ?? []
  if (llvm !== undefined) {
    const name = llvm === 'clang' ? 'clang' : 'lld'
    return { apt: `${name}${llvmVersion}`, dnf: name }
  }
  return always.includes(program) || program === 'ccache' ? { apt: program, dnf: program } : undefined
}
