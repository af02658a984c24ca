import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../../abi/problem.ts'
import { dryRunReader, type ListedObject } from './dry-run-reader.ts'
import type { KernelTree } from './kernel-tree.ts'

/** Folders of the build folder, each with all that it lies in; or the whole of it. */
export type Folders = ReadonlySet<string> | 'all'

/**
 * Lists the objects that the configuration enables, from `make -n -k vmlinux modules`. Make cannot come to a good end
 * there, so its exit code says nothing; its complaints do.
 * @param folders where objects are of interest: make is called once for each folder, which is most of the work
 */
export async function listObjects(
  tree: KernelTree,
  folders: Folders,
): Promise<readonly ListedObject[] | Problem> {
  const reader = dryRunReader()
  const { args, env } = folders === 'all' ? { args: [], env: {} } : await onlyInto(folders, tree.work)
  const command = {
    program: 'make',
    // Without the third option, the lines of two folders may get mixed up.
    args: [
      '-n',
      '-k',
      '--output-sync=recurse',
      `-j${tree.jobs}`,
      ...args,
      ...tree.makeArgs,
      'vmlinux',
      'modules',
    ],
    cwd: tree.source,
    env: { ...tree.env, ...env },
  }
  const ended = await tree.run(command, { signal: tree.signal, onLine: reader.onLine })
  if (ended.kind === 'exited') return reader.end()
  if (ended.kind === 'interrupted')
    return { kind: 'interrupted', message: 'the dry run of the build was stopped' }
  if (ended.kind === 'not-started')
    return { kind: 'missing-tool', message: `make could not be started (${ended.code})` }
  return {
    kind: 'build-failed',
    message: `the dry run of the build was ended from outside by ${ended.signal}`,
  }
}

/**
 * Stands for make where a Makefile calls it, and stays out of other folders. Kbuild names the folder in `obj=`; the tools of
 * a build are no part of the kernel.
 */
const script = `for word do
  case $word in
  obj=*) case " . $KABI_GATE_FOLDERS " in *" \${word#obj=} "*) ;; *) exit 0 ;; esac ;;
  subdir=tools) exit 0 ;;
  esac
done
exec make "$@"
`

async function onlyInto(folders: ReadonlySet<string>, work: string): Promise<Call> {
  await mkdir(work, { recursive: true })
  const path = join(work, 'make-in-folders.sh')
  await writeFile(path, script)
  return { args: [`MAKE=sh ${path}`], env: { KABI_GATE_FOLDERS: [...folders].join(' ') } }
}

interface Call {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}
