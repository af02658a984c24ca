import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { kernelVersion } from '../io/kernel-version.ts'
import { machineOf, type Machine } from './machines.ts'
import type { TreeFacts } from './tree-facts.ts'

/**
 * Looks at a kernel tree for `kabi-gate init`: its version, and where distributions keep configurations and whitelists.
 *
 * Problem, without a value: `tree-not-kernel`.
 * @param node the machine's architecture, as in `process.arch`
 */
export async function inspectTree(
  folder: string,
  node: string = process.arch,
): Promise<Read<TreeFacts | undefined>> {
  const version = await kernelVersion(folder)
  if (version === undefined) return { value: undefined, problems: [notKernel(folder)] }
  const own = machineOf(node)
  const known = await hasArch(folder, own)
  const machine = known ? own : machineOf('x64')
  const symvers = machine.names.map((name) => `kabi/${name}/symvers-default`)
  const facts: TreeFacts = {
    version,
    arch: machine.arch,
    variant: machine.names[0],
    crossCompile: machine.node === node ? undefined : machine.crossCompile,
    defconfig: (await firstThat(folder, 'file', [
      `arch/${sourceFolder(machine)}/configs/${machine.arch}_defconfig`,
    ]))
      ? `${machine.arch}_defconfig`
      : 'defconfig',
    configs: await configsOf(folder, machine),
    pieces: await firstThat(folder, 'folder', ['redhat/configs', 'debian/config', 'debian.master/config']),
    whitelists: await firstThat(folder, 'folder', ['whitelists', 'stablelists', 'redhat/kabi', 'kabi']),
    whitelist: await firstThat(folder, 'file', symvers),
    severities: await firstThat(folder, 'file', ['kabi/severities']),
  }
  return { value: facts, problems: [] }
}

/** Two of the names are older than the folder they share. */
function sourceFolder({ arch }: Machine): string {
  return arch === 'x86_64' || arch === 'i386' ? 'x86' : arch
}

async function hasArch(folder: string, machine: Machine): Promise<boolean> {
  const paths = [`arch/${sourceFolder(machine)}`, `arch/${machine.arch}`]
  return (await firstThat(folder, 'folder', paths)) !== undefined
}

function notKernel(folder: string): Problem {
  return {
    kind: 'tree-not-kernel',
    message: 'There is no Makefile with the lines "VERSION =" and "PATCHLEVEL =".',
    place: { file: folder },
  }
}

/** The layouts of RHEL and its kin (one file an architecture) and of SUSE (one folder an architecture). */
async function configsOf(folder: string, { names }: Machine): Promise<readonly string[]> {
  const found: string[] = []
  for (const place of ['configs', 'redhat/configs']) {
    const ending = new RegExp(`^kernel-.*\\b(${names.join('|')})(-[A-Za-z0-9-]+)?\\.config$`)
    const files = await filesIn(folder, place)
    found.push(...files.filter((name) => ending.test(name)).map((name) => `${place}/${name}`))
  }
  for (const name of names) {
    const files = await filesIn(folder, `config/${name}`)
    found.push(...files.map((flavour) => `config/${name}/${flavour}`))
  }
  return found.sort((a, b) => rank(a) - rank(b))
}

/** The plain configuration first, variants of it, such as debug, after it; otherwise as the names sort. */
function rank(path: string): number {
  if (/debug|fedora|zfcpdump|rt\b|kvmsmall|azure|vanilla/.test(path)) return 2
  return /\/default$|-rhel\.config$/.test(path) ? 0 : 1
}

/** Names of the files in a folder, sorted, only such that can stand in a configuration as they are. */
async function filesIn(folder: string, place: string): Promise<readonly string[]> {
  const entries = await readdir(join(folder, place), { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  return names.filter((name) => /^\w[\w.+-]*$/.test(name)).sort()
}

async function firstThat(
  folder: string,
  kind: 'file' | 'folder',
  paths: readonly string[],
): Promise<string | undefined> {
  for (const path of paths) {
    const found = await stat(join(folder, path)).catch(() => undefined)
    if (kind === 'file' ? found?.isFile() : found?.isDirectory()) return path
  }
  return undefined
}
