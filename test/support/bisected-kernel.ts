import { spawnSync } from 'node:child_process'
import { broken, copyingKernel } from './copying-kernel.ts'
import { commitAll, git } from './git.ts'
import { workspace, writeFiles } from './workspace.ts'

/** Whether this machine has what a build of any kernel needs. */
export const canBuildCopyingKernel = ['make', 'gcc', 'flex', 'bison', 'bc', 'ld'].every(
  (name) => spawnSync(name, ['--version']).status === 0,
)

const kabiYml = `version: 1
variants:
  x86_64: { arch: x86_64, config: configs/x86_64.config, strategy: full }
`

/**
 * A checkout whose first commit is tagged `v1`; the third breaks `pci_enable_device`, the fourth does not compile, the fifth drops
 * `kmalloc`.
 */
export function bisectedKernel(): string {
  const folder = workspace({ ...copyingKernel, 'kabi.yml': kabiYml })
  commitAll(folder, 'Linux 6.1')
  git(folder, 'tag', 'v1')
  const commit = (subject: string, files: Parameters<typeof writeFiles>[1]) => {
    writeFiles(folder, files)
    commitAll(folder, subject)
  }
  const both = broken.replace(/^.*kmalloc.*\n/m, '')
  commit('Explain nothing', { 'net/core.c': '' })
  commit('pci: enable *more* devices', { exports: broken })
  commit('Half a change', { exports: both, 'local.mk': 'vmlinux: nothing-there\n' })
  commit('mm: drop kmalloc', { 'local.mk': undefined })
  commit('Linux 6.2', { 'net/core.c': 'int flags;\n' })
  return folder
}
