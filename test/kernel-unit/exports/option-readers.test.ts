import { describe, expect, it } from 'vitest'
import { optionReaders } from '../../../src/kernel/exports/option-readers.ts'

const kconfig = (entry: string) => ({
  'arch/Kconfig': `config OTHER\n\tbool "Other"\n\n${entry}\n\nconfig LAST\n\tbool\n`,
})
const entry =
  'config CC_HAS_X\n\tdef_bool $(cc-option, -fx) || CC_IS_CLANG\n\thelp\n\t  CC_HAS_X follows from the compiler.'

function read(files: Readonly<Record<string, string>>) {
  const { fromTools, readers } = optionReaders('CC_HAS_X', Object.keys(files), (file) => files[file] ?? '')
  return { fromTools, readers: readers.map(({ file, line }) => `${file}:${line}`) }
}

describe('an option that only the preprocessor reads', () => {
  it.each([
    ['of the compiler', entry],
    [
      'of what a program says',
      'config CC_HAS_X\n\tbool\n\tdefault $(success,$(CC) -fx) if GCC_VERSION >= 120000',
    ],
    [
      'that follows from nothing but such',
      'config CC_HAS_X\n\t# GCC 14\n\tdef_bool CC_HAS_Y || CC_IS_CLANG\n\nconfig CC_HAS_Y\n\tdef_bool $(cc-option,-fy)\n\nconfig CC_IS_CLANG\n\tdef_bool $(success,clang)',
    ],
    ['that depends on what the compiler can', 'config CC_HAS_X\n\tdef_bool y\n\tdepends on $(cc-option,-fx)'],
  ])('is one %s', (_, text) => {
    expect(read(kconfig(text))).toEqual({ fromTools: true, readers: [] })
  })

  it.each([
    ['somebody is asked for it', 'config CC_HAS_X\n\tbool "X"\n\tdepends on $(cc-option,-fx)'],
    ['it only depends on the architecture', 'config CC_HAS_X\n\tdef_bool y\n\tdepends on "$(ARCH)" = "um"'],
    ['one of its definitions does not ask the tools', `${entry}\n\nconfig CC_HAS_X\n\tdef_bool y`],
    [
      'it follows from another option, too',
      'config CC_HAS_X\n\tdef_bool CC_HAS_Y && OTHER\n\nconfig CC_HAS_Y\n\tdef_bool $(cc-option,-fy)',
    ],
    [
      'it follows from itself',
      'config CC_HAS_X\n\tdef_bool CC_HAS_Y\n\nconfig CC_HAS_Y\n\tdef_bool CC_HAS_X',
    ],
    ['nobody defines it', 'config CC_HAS_Y\n\tdef_bool $(cc-option, -fx)'],
  ])('is none where %s', (_, text) => {
    expect(read(kconfig(text)).fromTools).toBe(false)
  })

  it('is read by another entry, by a line that goes on, by a Makefile, and by a script', () => {
    const files = {
      ...kconfig(entry),
      'lib/Kconfig': 'config USER\n\tbool\n\tdepends on A && \\\n\t\tCC_HAS_X\n',
      'lib/Kconfig.more': 'if CC_HAS_X\nendif\n',
      Makefile:
        '# See also CONFIG_CC_HAS_X.\nifdef CONFIG_CC_HAS_X\nKBUILD_CFLAGS += -fx # CONFIG_CC_HAS_X\nendif\n',
      'scripts/link.sh': 'if is_enabled CONFIG_CC_HAS_X; then :; fi\n',
    }
    expect(read(files)).toEqual({
      fromTools: true,
      readers: ['lib/Kconfig:3', 'lib/Kconfig.more:1', 'Makefile:2', 'scripts/link.sh:1'],
    })
  })

  it('may stand in comments, help texts, sources, documentation, and in longer names', () => {
    const files = {
      ...kconfig(entry),
      'lib/Kconfig': '# CC_HAS_X\nconfig USER\n\tbool\n\tdepends on CC_HAS_XY\n\thelp\n\t  Needs CC_HAS_X.\n',
      'include/linux/x.h': '#ifdef CONFIG_CC_HAS_X\n#endif\n',
      'Documentation/Makefile': 'ifdef CONFIG_CC_HAS_X\nendif\n',
    }
    expect(read(files)).toEqual({ fromTools: true, readers: [] })
  })
})
