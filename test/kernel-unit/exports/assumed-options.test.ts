import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assumeOptions, withAssumed } from '../../../src/kernel/exports/assumed-options.ts'
import type { ListedObject } from '../../../src/kernel/exports/dry-run-reader.ts'

const hasGcc = spawnSync('gcc', ['--version']).error === undefined

let base: string
beforeEach(() => (base = mkdtempSync(join(tmpdir(), 'assumed-'))))
afterEach(() => rmSync(base, { recursive: true }))

const kconfig = ['SANE', 'COUNT', 'GONE']
  .map((name) => `config CC_${name}\n\tdef_bool $(cc-option, -f${name})\n`)
  .join('\n')

function assume(assumed: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
  const all: Readonly<Record<string, string>> = { 'arch/Kconfig': kconfig, ...files }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  const tree = {
    source: base,
    output: join(base, 'out'),
    files: new Map(Object.keys(all).map((path) => [path, ''])),
  }
  return assumeOptions(new Map(Object.entries(assumed)), tree, new Map([['CONFIG_CC_GONE', 'y']]))
}

describe('options of the compiler that are assumed', () => {
  it('stand in a note with what they are', async () => {
    const assumed = await assume({ CONFIG_CC_SANE: 'y', CONFIG_CC_GONE: 'n' })
    expect(assumed).toMatchObject({
      note: {
        kind: 'option-assumed',
        message:
          'the checksums are those of a kernel with CONFIG_CC_SANE, CONFIG_CC_GONE as kabi.yml assumes',
        excerpt: [
          'CONFIG_CC_SANE: y is assumed, with this compiler it is n',
          'CONFIG_CC_GONE: n is assumed, with this compiler it is y',
        ],
      },
    })
  })

  it.skipIf(!hasGcc)('are what the preprocessor sees, whatever the configuration says', async () => {
    const assumed = await assume({ CONFIG_CC_SANE: 'y', CONFIG_CC_COUNT: '140', CONFIG_CC_GONE: 'n' })
    if ('kind' in assumed) throw new Error(assumed.message)
    writeFileSync(join(base, 'auto.h'), '#define CONFIG_CC_GONE 1\n#define CONFIG_CC_COUNT 120\n')
    writeFileSync(join(base, 'x.c'), 'CONFIG_CC_SANE CONFIG_CC_COUNT CONFIG_CC_GONE\n')
    const compile = ['gcc', '-E', '-P', '-include', join(base, 'auto.h'), join(base, 'x.c')]
    const listing = { kind: 'text', command: compile } as const
    const object = { compile, assembler: { prototypes: [], listing } } as unknown as ListedObject
    const extended = withAssumed(object, assumed.header)
    for (const command of [extended.compile, extended.assembler?.listing.command ?? []]) {
      const [program = '', ...args] = command
      expect(spawnSync(program, args, { encoding: 'utf8' }).stdout.trim()).toBe('1 140 CONFIG_CC_GONE')
    }
  })

  it.skipIf(!hasGcc)(
    'are what the headers see that every command includes behind the configuration',
    async () => {
      const assumed = await assume({ CONFIG_CC_SANE: 'y' })
      if ('kind' in assumed) throw new Error(assumed.message)
      mkdirSync(join(base, 'linux'))
      writeFileSync(join(base, 'linux/kconfig.h'), '#undef CONFIG_CC_SANE\n')
      writeFileSync(
        join(base, 'linux/compiler_types.h'),
        '#ifdef CONFIG_CC_SANE\n#define __cold cold\n#else\n#define __cold\n#endif\n',
      )
      writeFileSync(join(base, 'x.c'), 'x __cold\n')
      const included = ['kconfig.h', 'compiler_types.h'].flatMap((name) => [
        '-include',
        join(base, 'linux', name),
      ])
      const compile = ['gcc', '-E', '-P', ...included, join(base, 'x.c')]
      const [program = '', ...args] = withAssumed(
        { compile } as unknown as ListedObject,
        assumed.header,
      ).compile
      expect(spawnSync(program, args, { encoding: 'utf8' }).stdout.trim()).toBe('x cold')
    },
  )

  it('leave the header alone that says the same already', async () => {
    const first = await assume({ CONFIG_CC_SANE: 'y' })
    if ('kind' in first) throw new Error(first.message)
    const before = statSync(first.header, { bigint: true }).mtimeNs
    await assume({ CONFIG_CC_SANE: 'y' })
    expect(statSync(first.header, { bigint: true }).mtimeNs).toBe(before)
    await assume({ CONFIG_CC_SANE: 'n' })
    expect(readFileSync(first.header, 'utf8')).not.toContain('#define CONFIG_CC_SANE 1')
  })

  it.each([
    ['Kconfig reads, too', 'lib/Kconfig', 'config X\n\tdef_bool CC_SANE\n', 'lib/Kconfig', 2],
    ['a Makefile reads, too', 'Makefile', 'a-$(CONFIG_CC_SANE) += b\n', 'Makefile', 1],
  ])('are refused where %s', async (_, file, text, place, line) => {
    expect(await assume({ CONFIG_CC_SANE: 'y' }, { [file]: text })).toMatchObject({
      kind: 'config',
      message: 'CC_SANE cannot be assumed: not only the preprocessor reads it',
      place: { file: join(base, place), line },
    })
  })

  it.each(['CONFIG_SMP', 'CONFIG_NOWHERE'])(
    'are refused where Kconfig does not get them from the tools: %s',
    async (name) => {
      const smp = { 'kernel/Kconfig': 'config SMP\n\tbool "Many"\n' }
      expect(await assume({ [name]: 'y' }, smp)).toMatchObject({
        kind: 'config',
        message: expect.stringContaining('Kconfig does not get it from the tools alone') as string,
      })
    },
  )
})
