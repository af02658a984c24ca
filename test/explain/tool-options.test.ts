import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it, describe } from 'vitest'
import { toolOptions } from '../../src/explain/tool-options.ts'

const source = mkdtempSync(join(tmpdir(), 'tool-options-'))
afterAll(() => rmSync(source, { recursive: true }))
const files = {
  Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\nsource "lib/Kconfig"\n',
  'arch/x86/Kconfig':
    'config X86\n\tdef_bool "$(ARCH)" = "x86_64"\n\nconfig CC_HAS_MIN\n\tdef_bool $(cc-option, -fmin=8)\n\n' +
    'config CC_HAS_SANE\n\t# Set if the alignment is sane.\n\tdef_bool CC_HAS_MIN || CC_IS_CLANG\n\nconfig CC_IS_CLANG\n\tdef_bool $(success,clang)\n',
  'lib/Kconfig':
    'config STACK\n\tbool "Protect"\n\tdefault y\n\tdepends on CC_HAS_SANE\n\nconfig COST\n\tint "Cost"\n\nconfig UNSEEN\n\tdef_bool $(success,x)\n',
  'include/cold.h':
    '#if defined(CONFIG_CC_HAS_SANE) || CONFIG_COST\n#endif\n#ifdef CONFIG_STACK\n#endif\n#ifdef CONFIG_X86\n#endif\n',
  'include/other.h': '#ifdef CONFIG_UNSEEN\n#endif\n',
}
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(source, path)), { recursive: true })
  writeFileSync(join(source, path), text)
}

const record = (symbol: string, file: string) =>
  [`${symbol}.o`, { exports: [symbol], types: undefined, dependencies: [join(source, file)] }] as const
const objects = new Map([record('changed', 'include/cold.h'), record('same', 'include/other.h')])

function found(released: Readonly<Record<string, string>>, options: Readonly<Record<string, string>> = {}) {
  const build = {
    arch: 'x86_64',
    kernel: undefined,
    genksyms: '',
    options: new Map(Object.entries(options)),
    objects,
  }
  return toolOptions(build, new Set(['changed']), new Map(Object.entries(released)), source)
}

describe('the options of the compiler that a changed symbol can see', () => {
  it('are those without a question, where the configuration of the release says nothing', () => {
    expect(found({}, { CONFIG_STACK: 'y', CONFIG_COST: '3', CONFIG_X86: 'y' })).toEqual([
      { name: 'CONFIG_CC_HAS_SANE', here: 'n' },
    ])
  })

  it('are those with another value in the configuration of the release, and what follows from them', () => {
    const released = { CONFIG_CC_HAS_SANE: 'y', CONFIG_STACK: 'y', CONFIG_COST: '4', CONFIG_UNSEEN: 'y' }
    expect(found(released)).toEqual([
      { name: 'CONFIG_CC_HAS_SANE', here: 'n', released: 'y' },
      { name: 'CONFIG_STACK', here: 'n', released: 'y' },
    ])
    expect(found({ CONFIG_CC_HAS_SANE: 'y' }, { CONFIG_CC_HAS_SANE: 'y' })).toEqual([])
  })
})
