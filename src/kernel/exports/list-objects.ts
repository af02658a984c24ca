import type { Problem } from '../../abi/problem.ts'
import { dryRunReader, type ListedObject } from './dry-run-reader.ts'
import type { KernelTree } from './kernel-tree.ts'

/**
 * Lists the objects that the configuration enables, from `make -n -k vmlinux modules`. Make cannot come to a good end
 * there, so its exit code says nothing; its complaints do.
 */
export async function listObjects(tree: KernelTree): Promise<readonly ListedObject[] | Problem> {
  const reader = dryRunReader()
  // Without the third option, the lines of two folders may get mixed up.
  const args = ['-n', '-k', '--output-sync=recurse', `-j${tree.jobs}`, ...tree.makeArgs, 'vmlinux', 'modules']
  const command = { program: 'make', args, cwd: tree.source, env: tree.env }
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
