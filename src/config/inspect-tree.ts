import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { fixedVariables } from '../io/fixed-variables.ts'
import { kernelVersion } from '../io/kernel-version.ts'
import { listsIn } from './find-lists.ts'
import { findVariants } from './find-variants.ts'
import { layouts } from './layouts.ts'
import { kernelFolder, machineOf, type Machine } from './machines.ts'
import { foldersOf, type Folders } from './match-pattern.ts'
import type { TreeFacts, TreePieces } from './tree-facts.ts'

/**
 * Looks at a kernel tree, or at the folder of a kernel's package, for `kabi-gate init`: its version, and where distributions keep
 * configurations and whitelists (`layouts.ts`).
 *
 * Problem, without a value: `tree-not-kernel`, for a folder that is neither.
 * @param node the machine's architecture, as in `process.arch`
 */
export async function inspectTree(
  folder: string,
  node: string = process.arch,
): Promise<Read<TreeFacts | undefined>> {
  const version = await kernelVersion(folder)
  const folders = foldersOf(folder)
  const lists = await listsIn(folders)
  const variants = await findVariants(folder, folders, lists, node)
  if (version === undefined && variants.length === 0)
    return { value: undefined, problems: [notKernel(folder)] }
  const own = machineOf(node)
  const machine = (await hasArch(folder, own)) ? own : machineOf('x64')
  const facts: TreeFacts = {
    version,
    arch: machine.arch,
    variant: machine.names[0],
    crossCompile: machine.node === node ? undefined : machine.crossCompile,
    defconfig: (await isThere(folder, `arch/${kernelFolder(machine)}/configs/${machine.arch}_defconfig`))
      ? `${machine.arch}_defconfig`
      : 'defconfig',
    variants,
    pieces: await piecesIn(folder, folders),
    whitelists: await firstThat(folder, ['whitelists', 'stablelists', 'redhat/kabi', 'kabi', 'dist/kabi']),
    symbolLists: lists
      .filter(({ kind }) => kind === 'symbols')
      .map(({ match: { path, machine } }) => ({ path, arch: machine.arch })),
    severities: await firstThat(folder, ['kabi/severities']),
    fixed: version === undefined ? [] : await fixedVariables(folder),
  }
  return { value: facts, problems: [] }
}

async function hasArch(folder: string, machine: Machine): Promise<boolean> {
  return (await firstThat(folder, [`arch/${kernelFolder(machine)}`, `arch/${machine.arch}`])) !== undefined
}

function notKernel(folder: string): Problem {
  return {
    kind: 'tree-not-kernel',
    message: 'There is no Makefile with the lines "VERSION =" and "PATCHLEVEL =".',
    place: { file: folder },
  }
}

/** Pieces of configurations; of several layouts that would fit the first counts. */
async function piecesIn(folder: string, folders: Folders): Promise<TreePieces | undefined> {
  for (const { pieces } of layouts) {
    if (!pieces) continue
    const { path, ...rest } = pieces
    const found = path.startsWith('{folder}/')
      ? (await folders('')).map((top) => path.replace('{folder}/', top))
      : [path]
    const there = await firstThat(folder, found)
    if (there !== undefined) return { path: there, ...rest }
  }
  return undefined
}

async function firstThat(folder: string, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isThere(folder, path)) return path
  return undefined
}

async function isThere(folder: string, path: string): Promise<boolean> {
  return (await stat(join(folder, path)).catch(() => undefined)) !== undefined
}
