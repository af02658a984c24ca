import { stableGuard } from '../../../src/judge/variant-case.ts'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Export } from '../../../src/abi/export.ts'
import type { Patch } from '../../../src/abi/patch.ts'
import type { Whitelist } from '../../../src/abi/whitelist.ts'
import type { KernelConfig } from '../../../src/config/plan.ts'
import { locateExports } from '../../../src/explain/locate-exports.ts'
import { folderOfEachTest, temporaryFolder } from '../../support/temporary-folder.ts'
import { evidence, exported, unrecorded, promised } from '../../judge/cases.ts'
import { writeFiles } from '../../support/workspace.ts'
import { patchBetween, present, type Files } from '../../kernel-unit/places/small-tree.ts'

const path = folderOfEachTest()

const source = `#include <linux/export.h>

int foo(void)
{
	return 0;
}
EXPORT_SYMBOL(foo);

int bar(void)
{
	return 0;
}
EXPORT_SYMBOL_GPL(bar);
`

/** A kernel of three objects: one built in, one module, one of two parts. */
const kernel: Files = {
  Kbuild: 'obj-y += core/\nobj-$(CONFIG_NET) += net/\nobj-y += arch/$(SRCARCH)/\n',
  'core/Makefile': '# the core\nobj-y := other.o\nobj-y += foo.o\n',
  'core/foo.c': source,
  'net/Makefile': 'obj-$(CONFIG_FOO) += foomod.o\nfoomod-y := one.o \\\n	two.o\n',
  'net/two.c': 'int two(void)\n{\n	return 0;\n}\nEXPORT_SYMBOL(two);\n',
  'arch/x86/Makefile': 'obj-y += lib.o\n',
  'arch/x86/lib.S': 'SYM_FUNC_START(memcpy)\n	ret\nSYM_FUNC_END(memcpy)\nEXPORT_SYMBOL(memcpy)\n',
  'arch/arm/lib.S': 'EXPORT_SYMBOL(memcpy)\n',
  Kconfig: `source "net/Kconfig"
source "arch/$(SRCARCH)/Kconfig"

config CORE
	bool "Core"
`,
  'arch/x86/Kconfig': 'config X86\n	def_bool y\n	select CORE\n',
  'net/Kconfig': `config NET
	bool "Networking"

if NET

config FOO
	tristate "Foo"
	default m
	help
	  Foo is for those
	  who need it.

config BAR
	bool "Bar"

endif
`,
  'arch/x86/configs/tiny_defconfig': 'CONFIG_NET=y\n',
}

const config: KernelConfig = {
  from: { kind: 'targets', targets: ['tiny_defconfig'] },
  fragments: [],
  set: ['CONFIG_MODULES=y'],
}

const enabled = { CONFIG_MODULES: 'y', CONFIG_NET: 'y', CONFIG_FOO: 'm', CONFIG_X86: 'y', CONFIG_CORE: 'y' }
const objects: Readonly<Record<string, string>> = {
  foo: 'core/foo.o',
  bar: 'core/foo.o',
  two: 'net/two.o',
  memcpy: 'arch/x86/lib.o',
}
const modules: Readonly<Record<string, string>> = { two: 'net/foomod' }

interface Edited {
  readonly files: Files
  /** The symbol, and what the build says of it; undefined when it is gone. */
  readonly symbol: string
  readonly now?: Partial<Export>
  /** Options as the patched kernel has them, where they are others. */
  readonly options?: Readonly<Record<string, string>>
  readonly patch?: Patch
  /** The options that baseline.yml records. */
  readonly recorded?: Readonly<Record<string, string>>
  /** How the variant is configured, where that is not its usual target. */
  readonly configured?: KernelConfig
}

/** What is said to have made the difference of a symbol: lines as a diff shows them, then options, then the place. */
async function blamed({
  files,
  symbol,
  now,
  options,
  patch,
  recorded,
  configured = config,
}: Edited): Promise<readonly string[]> {
  const after = { ...kernel, ...files }
  writeFiles(path(), present(after))
  const released = promised(symbol, {
    module: modules[symbol] ?? 'vmlinux',
    type: symbol === 'bar' ? 'EXPORT_SYMBOL_GPL' : 'EXPORT_SYMBOL',
  })
  const rows = now ? [{ ...exported(symbol, { module: released.module ?? 'vmlinux' }), ...now }] : []
  const collected = {
    ...evidence('x86_64', rows),
    build: {
      arch: 'x86_64',
      kernel: undefined,
      genksyms: '',
      options: new Map(Object.entries({ ...enabled, ...options })),
      objects: new Map([[objects[symbol] ?? '', { exports: [symbol], types: undefined, dependencies: [] }]]),
    },
  }
  const whitelist: Whitelist = { file: 'kabi_whitelist', dialect: 'canonical', rows: [released] }
  const baseline = { ...unrecorded, options: new Map(Object.entries(recorded ?? {})) }
  const guard = stableGuard({ whitelist, baseline: { file: 'baseline.yml', baseline }, collected })
  const one = { name: 'x86_64', arch: 'x86_64', guard, problems: [] }
  const { blames, options: changed } = await locateExports(one, collected, {
    source: path(),
    patch: patch ?? patchBetween(kernel, after),
    configs: new Map([['x86_64', configured]]),
    signal: new AbortController().signal,
  })
  const lines = [...changed, ...blames.values()].flatMap(({ patch: some }) => some)
  return [
    ...lines.map(({ file, line, kind, text }) => `${file}:${line}${kind === 'added' ? '+' : '-'}${text}`),
    ...[...blames.values()].flatMap(({ options: some = [], place }) => [
      ...some.map(({ name, before, after: value }) => `${name} ${before} ${value}`),
      ...(place ? [`at ${place.file}:${place.line}`] : []),
    ]),
    ...changed.map(({ name, before, after: value }) => `recorded ${name} ${before} ${value}`),
  ]
}

const changedFile = (file: string, from: string | RegExp, to: string): Files => {
  const text = kernel[file] ?? ''
  const changed = text.replace(from, to)
  if (changed === text) throw new Error(`${file} does not change`)
  return { [file]: changed }
}

describe('a removed export is blamed on', () => {
  it.each<[string, Files, string, readonly string[]]>([
    [
      'its deleted line',
      changedFile('core/foo.c', 'EXPORT_SYMBOL(foo);\n', ''),
      'foo',
      ['core/foo.c:7-EXPORT_SYMBOL(foo);', 'at core/foo.c:3'],
    ],
    [
      'its line in a comment',
      changedFile('core/foo.c', 'EXPORT_SYMBOL(foo);', '/* EXPORT_SYMBOL(foo); */'),
      'foo',
      ['core/foo.c:7+/* EXPORT_SYMBOL(foo); */', 'core/foo.c:7-EXPORT_SYMBOL(foo);', 'at core/foo.c:3'],
    ],
    [
      'the line on which a comment around it begins',
      changedFile(
        'core/foo.c',
        /int foo[^]*foo\);\n/,
        '/*\nint foo(void)\n{\n	return 0;\n}\nEXPORT_SYMBOL(foo);\n*/\n',
      ),
      'foo',
      ['core/foo.c:3+/*'],
    ],
    [
      '#if 0',
      changedFile('core/foo.c', 'EXPORT_SYMBOL(foo);', '#if 0\nEXPORT_SYMBOL(foo);\n#endif'),
      'foo',
      ['core/foo.c:7+#if 0', 'at core/foo.c:3'],
    ],
    [
      'a condition that is not met',
      changedFile('core/foo.c', 'EXPORT_SYMBOL(foo);', '#ifdef CONFIG_UNKNOWN\nEXPORT_SYMBOL(foo);\n#endif'),
      'foo',
      ['core/foo.c:7+#ifdef CONFIG_UNKNOWN', 'at core/foo.c:8'],
    ],
    [
      'a condition that only genksyms meets',
      changedFile('core/foo.c', 'EXPORT_SYMBOL(foo);', '#ifdef __GENKSYMS__\nEXPORT_SYMBOL(foo);\n#endif'),
      'foo',
      ['core/foo.c:7+#ifdef __GENKSYMS__', 'at core/foo.c:3'],
    ],
    [
      'a macro that no longer exports',
      changedFile('core/foo.c', 'int foo', '#undef EXPORT_SYMBOL\n#define EXPORT_SYMBOL(sym)\nint foo'),
      'foo',
      ['core/foo.c:3+#undef EXPORT_SYMBOL', 'core/foo.c:4+#define EXPORT_SYMBOL(sym)', 'at core/foo.c:5'],
    ],
    [
      'the new name of the export',
      changedFile('core/foo.c', 'EXPORT_SYMBOL(foo)', 'EXPORT_SYMBOL(foo2)'),
      'foo',
      ['core/foo.c:7+EXPORT_SYMBOL(foo2);', 'core/foo.c:7-EXPORT_SYMBOL(foo);', 'at core/foo.c:3'],
    ],
    [
      'its line in an assembler source',
      changedFile('arch/x86/lib.S', 'EXPORT_SYMBOL(memcpy)\n', ''),
      'memcpy',
      ['arch/x86/lib.S:4-EXPORT_SYMBOL(memcpy)'],
    ],
    [
      'the object taken out of the Makefile',
      changedFile('core/Makefile', 'obj-y += foo.o\n', ''),
      'foo',
      ['core/Makefile:3-obj-y += foo.o', 'at core/foo.c:7'],
    ],
    [
      'the object in a comment of the Makefile',
      changedFile('core/Makefile', 'obj-y += foo.o', '#obj-y += foo.o'),
      'foo',
      ['core/Makefile:3+#obj-y += foo.o', 'core/Makefile:3-obj-y += foo.o', 'at core/foo.c:7'],
    ],
    [
      'an assignment that forgets the object',
      { 'core/Makefile': `${kernel['core/Makefile'] ?? ''}obj-y := late.o\n` },
      'foo',
      ['core/Makefile:4+obj-y := late.o', 'at core/foo.c:7'],
    ],
    [
      'an option in the Makefile that is not set',
      changedFile('core/Makefile', 'obj-y += foo.o', 'obj-$(CONFIG_OTHER) += foo.o'),
      'foo',
      ['core/Makefile:3+obj-$(CONFIG_OTHER) += foo.o', 'core/Makefile:3-obj-y += foo.o', 'at core/foo.c:7'],
    ],
    [
      'a condition of the Makefile',
      changedFile('core/Makefile', 'obj-y += foo.o', 'ifdef CONFIG_OTHER\nobj-y += foo.o\nendif'),
      'foo',
      ['core/Makefile:3+ifdef CONFIG_OTHER', 'at core/foo.c:7'],
    ],
    [
      'a part taken out of a module',
      changedFile('net/Makefile', ' \\\n	two.o', ''),
      'two',
      [
        'net/Makefile:2-foomod-y := one.o \\',
        'net/Makefile:2-	two.o',
        'net/Makefile:2+foomod-y := one.o',
        'at net/two.c:5',
      ],
    ],
    [
      'the folder taken out of a Makefile',
      changedFile('Kbuild', 'obj-y += core/\n', ''),
      'foo',
      ['Kbuild:1-obj-y += core/', 'at core/foo.c:7'],
    ],
  ])('%s', async (_, files, symbol, lines) => {
    expect(await blamed({ files, symbol })).toEqual(lines)
  })

  it('the lines that keep a deleted file from being built, together', async () => {
    const files = { ...changedFile('core/Makefile', 'obj-y += foo.o\n', ''), 'core/foo.c': undefined }
    const told = await blamed({ files, symbol: 'foo' })
    expect(told).toEqual(['core/foo.c:1-EXPORT_SYMBOL(foo);', 'core/Makefile:3-obj-y += foo.o'])
  })

  it('nothing when the export of another architecture is taken out', async () => {
    expect(await blamed({ files: { 'arch/arm/lib.S': '\n' }, symbol: 'memcpy' })).toEqual([
      'at arch/x86/lib.S:4',
    ])
  })

  it('nothing when the patch does not fit the tree', async () => {
    const patch: Patch = {
      files: [
        { file: 'core/foo.c', edits: [{ line: 7, removed: ['EXPORT_SYMBOL(foo);'], added: ['something'] }] },
      ],
    }
    expect(await blamed({ files: {}, symbol: 'foo', patch })).toEqual(['at core/foo.c:7'])
  })
})

describe('an option that the patch took away is blamed on', () => {
  const gone = { CONFIG_FOO: 'n' }
  it.each<[string, Files, readonly string[], Readonly<Record<string, string>>?]>([
    [
      'the default that changed',
      changedFile('net/Kconfig', 'default m', 'default n'),
      ['net/Kconfig:8+	default n', 'net/Kconfig:8-	default m'],
    ],
    ['the default that is gone', changedFile('net/Kconfig', '	default m\n', ''), ['net/Kconfig:8-	default m']],
    [
      'a dependency that is not met',
      changedFile('net/Kconfig', '	default m', '	depends on BAR\n	default m'),
      ['net/Kconfig:8+	depends on BAR'],
    ],
    [
      'a condition around it',
      changedFile('net/Kconfig', /(config FOO[^]*need it\.\n)/, 'if BAR\n$1endif\n'),
      ['net/Kconfig:6+if BAR'],
    ],
    [
      'the new name of the option',
      changedFile('net/Kconfig', 'config FOO\n', 'config FOO_NEW\n'),
      ['net/Kconfig:6-config FOO', 'net/Kconfig:6+config FOO_NEW'],
    ],
    [
      'a file that is no longer read',
      changedFile('Kconfig', 'source "net/Kconfig"\n', ''),
      ['Kconfig:1-source "net/Kconfig"'],
      { CONFIG_NET: 'n', CONFIG_FOO: 'n' },
    ],
    [
      'the line of a defconfig behind what it depends on',
      { 'arch/x86/configs/tiny_defconfig': '# nothing\n' },
      ['arch/x86/configs/tiny_defconfig:1+# nothing', 'arch/x86/configs/tiny_defconfig:1-CONFIG_NET=y'],
      { CONFIG_NET: 'n', CONFIG_FOO: 'n' },
    ],
    [
      'the line of a defconfig',
      { 'arch/x86/configs/tiny_defconfig': 'CONFIG_NET=y\n# CONFIG_FOO is not set\n' },
      ['arch/x86/configs/tiny_defconfig:2+# CONFIG_FOO is not set'],
    ],
  ])('%s', async (_, files, lines, options = gone) => {
    const told = await blamed({ files, symbol: 'two', options })
    expect(told.filter((line) => !line.startsWith('CONFIG_'))).toEqual([...lines, 'at net/two.c:5'])
    expect(told).toContain('CONFIG_FOO m n')
  })

  it('all lines of its entry that it needs back', async () => {
    const files = changedFile('net/Kconfig', /config FOO[^]*need it\.\n\n/, '')
    const told = await blamed({ files, symbol: 'two', options: gone })
    expect(told[0]).toBe('net/Kconfig:6-config FOO')
    expect(told).toContain('CONFIG_FOO m n')
  })

  it.each([
    ['a file', 'net.config', (text: string) => text],
    ['a packed file', 'net.config.gz', (text: string) => gzipSync(text)],
  ])(
    'the line of Kconfig where %s beside the tree or in it configures the kernel',
    async (_name, name, pack) => {
      const before = { ...kernel, ...changedFile('net/Kconfig', '	default m\n', '') }
      const files = changedFile('net/Kconfig', '	default m', '	depends on BAR')
      const patch = patchBetween(before, { ...kernel, ...files })
      const outside = join(temporaryFolder(), name)
      for (const file of [outside, join(path(), name)]) {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, pack('CONFIG_NET=y\nCONFIG_FOO=m\n'))
        const from = { kind: 'file', path: file } as const
        const base = { kind: 'targets', targets: ['tinyconfig'] } as const
        for (const configured of [
          { ...config, from },
          { ...config, from: base, fragments: [file] },
        ])
          expect(await blamed({ files, symbol: 'two', options: gone, patch, configured })).toContain(
            'net/Kconfig:8+	depends on BAR',
          )
      }
    },
  )

  it('nothing when the real configuration is not what its Kconfig files give', async () => {
    const files = changedFile('net/Kconfig', 'tristate "Foo"', 'tristate "The foo"')
    expect(await blamed({ files, symbol: 'two', options: gone })).toEqual(['at net/two.c:5'])
  })

  it('the same, where baseline.yml records it and no symbol is gone', async () => {
    const files = changedFile('net/Kconfig', 'default m', 'default n')
    const told = await blamed({
      files,
      symbol: 'foo',
      now: {},
      options: gone,
      recorded: { CONFIG_FOO: 'm', CONFIG_BAR: 'n' },
    })
    expect(told).toEqual(['net/Kconfig:8+	default n', 'net/Kconfig:8-	default m', 'recorded CONFIG_FOO m n'])
  })
})

describe('an export that became another is blamed on', () => {
  const at = (line: number, more: Partial<Export>): Partial<Export> => ({ file: 'core/foo.c', line, ...more })
  it.each<[string, Files, string, Partial<Export>, readonly string[]]>([
    [
      'its changed line',
      changedFile('core/foo.c', 'EXPORT_SYMBOL(foo)', 'EXPORT_SYMBOL_GPL(foo)'),
      'foo',
      at(7, { type: 'EXPORT_SYMBOL_GPL' }),
      ['core/foo.c:7+EXPORT_SYMBOL_GPL(foo);', 'core/foo.c:7-EXPORT_SYMBOL(foo);', 'at core/foo.c:7'],
    ],
    [
      'a macro that makes it GPL-only',
      changedFile(
        'core/foo.c',
        'int foo',
        '#undef EXPORT_SYMBOL\n#define EXPORT_SYMBOL(sym) EXPORT_SYMBOL_GPL(sym)\nint foo',
      ),
      'foo',
      at(9, { type: 'EXPORT_SYMBOL_GPL' }),
      [
        'core/foo.c:3+#undef EXPORT_SYMBOL',
        'core/foo.c:4+#define EXPORT_SYMBOL(sym) EXPORT_SYMBOL_GPL(sym)',
        'at core/foo.c:9',
      ],
    ],
    [
      'its line with a namespace',
      changedFile('core/foo.c', 'EXPORT_SYMBOL(foo)', 'EXPORT_SYMBOL_NS(foo, FOO)'),
      'foo',
      at(7, { namespace: 'FOO' }),
      ['core/foo.c:7+EXPORT_SYMBOL_NS(foo, FOO);', 'core/foo.c:7-EXPORT_SYMBOL(foo);', 'at core/foo.c:7'],
    ],
    [
      'its line with the modules that it is reserved for',
      changedFile('core/foo.c', 'EXPORT_SYMBOL_GPL(bar)', 'EXPORT_SYMBOL_FOR_MODULES(bar, "kvm,vfio-*")'),
      'bar',
      at(13, { namespace: 'module:kvm,vfio-*', type: 'EXPORT_SYMBOL_GPL' }),
      [
        'core/foo.c:13+EXPORT_SYMBOL_FOR_MODULES(bar, "kvm,vfio-*");',
        'core/foo.c:13-EXPORT_SYMBOL_GPL(bar);',
        'at core/foo.c:13',
      ],
    ],
    [
      'the definition of the namespace',
      changedFile('core/foo.c', '#include', '#define DEFAULT_SYMBOL_NAMESPACE FOO\n#include'),
      'bar',
      at(14, { namespace: 'FOO', type: 'EXPORT_SYMBOL_GPL' }),
      ['core/foo.c:1+#define DEFAULT_SYMBOL_NAMESPACE FOO', 'at core/foo.c:14'],
    ],
    [
      'the Makefile that defines the namespace',
      { 'core/Makefile': `${kernel['core/Makefile'] ?? ''}ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=FOO\n` },
      'foo',
      at(7, { namespace: 'FOO' }),
      ['core/Makefile:4+ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=FOO', 'at core/foo.c:7'],
    ],
    [
      'the Makefile that makes it a module',
      changedFile('core/Makefile', 'obj-y += foo.o', 'obj-m += foo.o'),
      'foo',
      at(7, { module: 'core/foo' }),
      ['core/Makefile:3+obj-m += foo.o', 'core/Makefile:3-obj-y += foo.o', 'at core/foo.c:7'],
    ],
    [
      'the Makefile that gives the module another name',
      changedFile('net/Makefile', /foomod/g, 'barmod'),
      'two',
      { file: 'net/two.c', line: 5, module: 'net/barmod' },
      [
        'net/Makefile:1+obj-$(CONFIG_FOO) += barmod.o',
        'net/Makefile:1-obj-$(CONFIG_FOO) += foomod.o',
        'net/Makefile:2+barmod-y := one.o \\',
        'net/Makefile:2-foomod-y := one.o \\',
        'at net/two.c:5',
      ],
    ],
  ])('%s', async (_, files, symbol, now, lines) => {
    expect(await blamed({ files, symbol, now })).toEqual(lines)
  })

  it('the option that builds it in', async () => {
    const files = changedFile('net/Kconfig', 'default m', 'default y')
    const now = { file: 'net/two.c', line: 5, module: 'vmlinux' }
    expect(await blamed({ files, symbol: 'two', now, options: { CONFIG_FOO: 'y' } })).toEqual([
      'net/Kconfig:8+	default y',
      'net/Kconfig:8-	default m',
      'CONFIG_FOO m y',
      'at net/two.c:5',
    ])
  })

  it('nothing but its place where no patch is known', async () => {
    const files = changedFile('core/foo.c', 'EXPORT_SYMBOL(foo)', 'EXPORT_SYMBOL_GPL(foo)')
    const now = at(7, { type: 'EXPORT_SYMBOL_GPL' })
    expect(await blamed({ files, symbol: 'foo', now, patch: { files: [] } })).toEqual(['at core/foo.c:7'])
  })
})
