import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../../problem/problem.ts'
import type { Command } from '../../processes/run.ts'
import { dryRunReader, type ListedObject } from './dry-run-reader.ts'
import type { KernelTree } from './kernel-tree.ts'
import { subMakeFile, subMakeScript } from './sub-makes.ts'

/** Folders of the build folder, each with all that it lies in; or the whole of it. */
export type Folders = ReadonlySet<string> | 'all'

/**
 * What kernels up to 6.0 would do in a dry run too, after all objects: link `vmlinux`, as the recipe begins with `+`, and write
 * down what it read; and up to 5.4 check headers for user space, which are not installed. A variable of the command line takes
 * the place of the Makefile's.
 */
const leftOut = ['cmd_link-vmlinux=exit 0', 'CONFIG_HEADERS_CHECK=']

/**
 * Lists the objects that the configuration enables, from `make -n -k vmlinux modules`. Make cannot come to a good end
 * there; which of its complaints are those of every dry run, `dryRunReader` knows. A list that may lack an object is a
 * problem.
 * @param folders where objects are of interest: make is called once for each folder, which is most of the work
 */
export async function listObjects(
  tree: KernelTree,
  folders: Folders,
): Promise<readonly ListedObject[] | Problem> {
  const reader = dryRunReader()
  await mkdir(tree.work, { recursive: true })
  const script = join(tree.work, subMakeFile)
  await writeFile(script, subMakeScript)
  const command: Command = {
    program: 'make',
    untrusted: true,
    // Without the third option, the lines of two folders may get mixed up.
    args: [
      '-n',
      '-k',
      '--output-sync=recurse',
      `-j${tree.jobs}`,
      `MAKE=sh ${script}`,
      ...tree.makeArgs,
      ...leftOut,
      'vmlinux',
      'modules',
    ],
    cwd: tree.source,
    env: folders === 'all' ? tree.env : { ...tree.env, KABI_GATE_FOLDERS: [...folders].join(' ') },
  }
  const ended = await tree.run(command, { signal: tree.signal, onLine: reader.onLine })
  if (ended.kind === 'exited') return reader.end(ended.code)
  if (ended.kind === 'interrupted')
    return { kind: 'interrupted', message: 'the dry run of the build was stopped' }
  if (ended.kind === 'not-started')
    return { kind: 'missing-tool', message: `make could not be started (${ended.code})` }
  return {
    kind: 'build-failed',
    message: `the dry run of the build was ended from outside by ${ended.signal}`,
    speaksOf: 'setup',
  }
}
