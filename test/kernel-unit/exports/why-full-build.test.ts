import { expect, it } from 'vitest'
import { whyFullBuild } from '../../../src/kernel/exports/why-full-build.ts'

const options = (...on: string[]) => new Map(on.map((name) => [`CONFIG_${name}`, 'y']))

it.each([[[]], [['GENDWARFKSYMS']], [['LTO_CLANG']], [['GENKSYMS', 'LTO_CLANG']]])(
  'leaves a configuration with %j to the search for exports',
  (on) => {
    expect(whyFullBuild(options(...on), '.config')).toBeUndefined()
  },
)

it.each(['LTO_CLANG', 'RUST'])('asks for a whole build with gendwarfksyms and %s', (name) => {
  expect(whyFullBuild(options('GENDWARFKSYMS', name), '/build/.config')).toMatchObject({
    kind: 'config',
    message: expect.stringContaining(`CONFIG_${name}`) as string,
    place: { file: '/build/.config' },
  })
})
