import { readFileSync, symlinkSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Explanation } from '../../../src/abi/cause.ts'
import { locateCauses } from '../../../src/explain/locate-causes.ts'
import { hasKabiMacros } from '../../../src/explain/locate/kabi-headers.ts'
import { openSourceTexts } from '../../../src/explain/locate/source-texts.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { writeFiles } from '../../support/workspace.ts'

const path = folderOfEachTest()

function told(files: Readonly<Record<string, string>>): boolean | undefined {
  writeFiles(path(), { 'include/linux/device.h': 'struct device { int a; };\n', ...files })
  return hasKabiMacros(openSourceTexts(path()))
}

it.each([
  ['include/linux/rh_kabi.h', '# define RH_KABI_RESERVE(n)\t\tunsigned long rh_reserved##n;\n'],
  [
    'include/linux/android_kabi.h',
    '#define ANDROID_KABI_RESERVE(number) u64 android_kabi_reserved##number\n',
  ],
  ['include/linux/kabi.h', '#ifdef __GENKSYMS__\n#define KABI_REPLACE(_orig, _new)\t_orig;\n#endif\n'],
  ['include/linux/uek_kabi.h', '#define UEK_KABI_RESERVE(n)\n'],
  ['include/linux/kabi.h', readFileSync('examples/kabi.h', 'utf8')],
])('a kernel with %s has KABI macros', (file, text) => {
  expect(told({ [file]: text })).toBe(true)
})

it('a kernel without such a header has none, and neither has one whose header only uses them', () => {
  expect(told({})).toBe(false)
  expect(told({ 'include/linux/kabi_version.h': '#define KABI_MAJOR 4\n#define KABI_VERSION "x"\n' })).toBe(
    false,
  )
  expect(told({ 'include/linux/pci.h': 'struct a { KABI_RESERVE(1) };\n' })).toBe(false)
})

it('a folder without headers tells nothing', () => {
  expect(hasKabiMacros(openSourceTexts(path()))).toBeUndefined()
})

it('a header that is a link out of the tree is not read', () => {
  writeFiles(path(), { 'away/kabi.h': '#define KABI_RESERVE(n)\n', 'tree/include/linux/a.h': '' })
  symlinkSync(path('away/kabi.h'), path('tree/include/linux/kabi.h'))
  expect(hasKabiMacros(openSourceTexts(path('tree')))).toBe(false)
})

it('an explanation says which of these its kernel is, and of a folder without headers nothing', async () => {
  const explanation: Explanation = {
    ...{ changed: 0, proven: 0, causes: [], groups: [], repair: [], unexplained: [] },
  }
  const saidOf = async (tree: string) => {
    const options = { source: path(tree), patch: undefined, signal: AbortSignal.timeout(60_000) }
    const { value } = await locateCauses({ explanation, causesOf: new Map() }, [], options)
    return value.explanation.kabiMacros
  }
  writeFiles(path(), {
    'plain/include/linux/a.h': '',
    'own/include/linux/kabi.h': '#define KABI_RESERVE(n)\n',
  })
  expect([await saidOf('plain'), await saidOf('own'), await saidOf('nothing')]).toEqual([
    false,
    true,
    undefined,
  ])
})
