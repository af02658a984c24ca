import { expect, it } from 'vitest'
import { placeInRepository } from '../../src/action/place-in-repository.ts'

const root = '/mnt/data/work'

it.each([
  ['the tree is the repository', { tree: root, file: 'init/main.c', line: 3 }, 'init/main.c', 3],
  [
    'the tree is a folder of it',
    { tree: `${root}/linux`, file: 'init/main.c', line: 3 },
    'linux/init/main.c',
    3,
  ],
  ['the tree lies elsewhere', { tree: '/usr/src/linux', file: 'init/main.c', line: 3 }, undefined, undefined],
  ['the file leaves the tree', { tree: root, file: '../../etc/passwd', line: 3 }, undefined, undefined],
  ['no tree, a file of the repository', { file: '/work/kabi.yml', line: 3 }, 'kabi.yml', 3],
  ['no tree, a file outside', { file: '/etc/passwd' }, undefined, undefined],
  ['no line is known', { tree: root, file: 'init/main.c' }, 'init/main.c', undefined],
])('an annotation where %s', (_, annotation, file, startLine) => {
  const place = placeInRepository(annotation, '/work', root)
  expect([place.file, place.startLine]).toEqual([file, startLine])
})
