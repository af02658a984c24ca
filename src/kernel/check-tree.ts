import { readTreeFile } from '../io/read-tree-file.ts'
import { join } from 'node:path'
import type { Problem } from '../problem/problem.ts'
import { exists } from './exists.ts'
import { hasOnlyWritten } from './written-into-source.ts'

/** Values of ARCH whose sources are in a folder of another name, as in the kernel's Makefile. */
const sourceArch: Readonly<Record<string, string>> = {
  i386: 'x86',
  x86_64: 'x86',
  sparc32: 'sparc',
  sparc64: 'sparc',
  parisc64: 'parisc',
  sh64: 'sh',
  tilepro: 'tile',
  tilegx: 'tile',
}

/** The folder below `arch` with the sources of an architecture, as in SRCARCH of the kernel's Makefile. */
export function sourceFolderOf(arch: string): string {
  return sourceArch[arch] ?? arch
}

/**
 * Checks that a folder is a kernel source tree that can be built outside of itself for an architecture. What counts as
 * an in-tree build is what the kernel's own Makefile refuses ("The source tree is not clean"), and generated headers.
 */
export async function checkTree(source: string, arch: string): Promise<Problem | undefined> {
  const place = { file: source }
  const missing = await missingFrom(source)
  if (missing !== undefined) return { kind: 'tree-not-kernel', message: `${missing} is missing`, place }
  if (/[\s:]/.test(source)) {
    const message = 'make cannot build a tree whose path has a space or a colon'
    return { kind: 'usage', message, place, advice: 'Move the tree to another path.' }
  }
  const folder = join('arch', sourceFolderOf(arch))
  if (!(await exists(join(source, folder)))) {
    const message = `the kernel tree knows no architecture ${JSON.stringify(arch)}: it has no folder ${folder}`
    return { kind: 'config', message, place, advice: 'Set arch to what make takes as ARCH=.' }
  }
  const built = ['.config', 'include/config', 'include/generated', join(folder, 'include/generated')]
  for (const path of built) {
    if ((await exists(join(source, path))) && !(await hasOnlyWritten(source, path))) {
      return { kind: 'tree-not-clean', message: `the tree has ${path}, which a build made`, place }
    }
  }
  return undefined
}

async function missingFrom(source: string): Promise<string | undefined> {
  let makefile: string
  try {
    makefile = readTreeFile(join(source, 'Makefile')).toString()
  } catch {
    return 'Makefile'
  }
  for (const name of ['VERSION', 'PATCHLEVEL']) {
    if (!new RegExp(`^${name}\\s*=\\s*\\d`, 'm').test(makefile)) return `the line "${name} =" of the Makefile`
  }
  for (const name of ['Kbuild', 'scripts']) if (!(await exists(join(source, name)))) return name
  return undefined
}
