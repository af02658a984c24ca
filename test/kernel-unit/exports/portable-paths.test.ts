import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { portablePaths } from '../../../src/kernel/exports/portable-paths.ts'

const here = portablePaths({ source: '/src/linux', output: '/src/linux/.kabi/build', work: '/var/work' })
const there = portablePaths({ source: '/home/me/tree', output: '/tmp/out', work: '/tmp/work' })

const below = (root: string): fc.Arbitrary<string> =>
  fc.array(fc.stringMatching(/^[\w.-]{1,5}$/), { maxLength: 4 }).map((parts) => [root, ...parts].join('/'))

const paths = fc.oneof(
  ...['/src/linux', '/src/linux/.kabi/build', '/var/work', '/usr/include', '/src/linux-6.1', 'lib'].map(
    below,
  ),
)

describe('names of files without the place of a run', () => {
  it('are the same paths again at home, and different for different paths', () => {
    fc.assert(
      fc.property(paths, paths, (one, other) => {
        expect(here.home(here.away(one))).toBe(one)
        expect(here.away(one) === here.away(other)).toBe(one === other)
      }),
    )
  })

  it('stand for the same file of another work tree', () => {
    const moved = (path: string) => there.home(here.away(path))
    expect(moved('/src/linux/include/linux/fs.h')).toBe('/home/me/tree/include/linux/fs.h')
    expect(moved('/src/linux/.kabi/build/.config')).toBe('/tmp/out/.config')
    expect(moved('/var/work')).toBe('/tmp/work')
    expect(moved('/src/linux-6.1/a.h')).toBe('/src/linux-6.1/a.h')
    expect(moved('/usr/lib/gcc/stddef.h')).toBe('/usr/lib/gcc/stddef.h')
    expect(moved('fs/inode.c')).toBe('fs/inode.c')
  })

  it('are put into words of a command line, where a path begins and nowhere else', () => {
    const words = (root: string) => [
      ...[`-I${root}/include`, `${root}/lib/a.c`, `-fplugin=${root}/p.so`, `-Wp,-MMD,${root}/a.d`],
      ...[`-include${root}/x.h`, `-isystem${root}/y`, `-fmacro-prefix-map=${root}/=`, root],
    ]
    expect(words('/src/linux').map(here.inWord)).toEqual(words('/home/me/tree').map(there.inWord))
    for (const word of [
      '-I/usr/src/linux/include',
      '-DX="/src/linux"',
      '-DNAMEx/src/linux',
      '-I/src/linux-6.1',
    ])
      expect(here.inWord(word)).toBe(word)
  })
})
