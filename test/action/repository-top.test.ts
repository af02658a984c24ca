import { join } from 'node:path'
import { expect, it } from 'vitest'
import { repositoryTop } from '../../src/action/main.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'

it.each([
  [
    'the kernel tree, where that is a checkout in a folder of the workspace',
    ['linux/.git/HEAD'],
    'linux',
    'linux',
  ],
  [
    'a folder around the kernel tree',
    ['distro/.git/HEAD', 'distro/linux/Makefile'],
    'distro/linux',
    'distro',
  ],
  ['the workspace, where the kernel tree is a folder of it', ['.git/HEAD', 'linux/Makefile'], 'linux', '.'],
  ['the workspace, where the kernel tree is all of it', ['.git/HEAD'], '.', '.'],
  ['the workspace, where there is no checkout', ['linux/Makefile'], 'linux', '.'],
  ['the workspace, where the kernel tree lies elsewhere', ['.git/HEAD'], '../elsewhere', '.'],
  ['the kernel tree, where .git is a file', ['.git/HEAD', 'linux/.git'], 'linux', 'linux'],
])('files are named from %s', (_, files, source, top) => {
  const workspace = temporaryFolder()
  writeFiles(workspace, Object.fromEntries(files.map((file) => [file, ''])))
  expect(repositoryTop(join(workspace, source), workspace)).toBe(join(workspace, top))
})
