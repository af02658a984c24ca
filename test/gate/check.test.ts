import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { presetPolicy } from '../../src/judge/policy.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { check } from '../../src/gate/check.ts'
import { collectionOf } from '../../src/gate/wanted.ts'
import { parseModule } from '../../src/module/parse-module.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import { buildModule } from '../module/build-module.ts'
import { fakeKernel } from '../kernel-unit/fake-kernel.ts'
import { writeFiles } from '../support/workspace.ts'

const row = '0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\n'

/** Checks a tree whose one variant, x86_64, has these files. */
async function checked(files: Readonly<Record<string, string>>, settings: readonly string[] = []) {
  const kernel = fakeKernel()
  const config = [
    'version: 1',
    'variants:',
    '  x86_64:',
    '    arch: x86_64',
    '    config: { targets: [tinyconfig] }',
    '    strategy: full',
    ...settings,
  ]
  writeFiles(kernel.folder, { 'kabi.yml': config.join('\n'), ...files })
  const verdict = await check({
    ...kernel.options,
    source: kernel.source,
    config: join(kernel.folder, 'kabi.yml'),
    variants: [],
    strategy: undefined,
    symvers: [],
    cwd: kernel.folder,
    tool: { name: 'kabi-gate', version: '0.0.0' },
    override: undefined,
  })
  return { verdict, built: kernel.progress.length > 0, inFolder: (path: string) => join(kernel.folder, path) }
}

function told({ result, problems }: Verdict) {
  return [result, ...problems.map(({ kind }) => kind)]
}

describe('check with a baseline.yml', () => {
  it.each<[string, string, readonly string[]]>([
    ['says nothing', '', ['pass']],
    [
      'says the same',
      'arch: x86_64\ncompiler: "gcc (Other) 13.1"\noptions: { CONFIG_MODULES: y }\n',
      ['pass'],
    ],
    ['names another architecture', 'arch: i386\n', ['error', 'not-comparable']],
    ['names another compiler', 'compiler: clang version 15.0.6\n', ['error', 'not-comparable']],
    ['names another option', 'options: { CONFIG_SMP: y }\n', ['error', 'not-comparable']],
  ])('compares the build with one that %s', async (_, text, expected) => {
    const { verdict } = await checked({
      'whitelists/x86_64/kabi_whitelist': row,
      'whitelists/x86_64/baseline.yml': `version: 1\nvariant: x86_64\n${text}`,
    })
    expect(told(verdict)).toEqual(expected)
  })

  it.each<[string, string]>([
    ['is not understood', 'version: 1\nvariant: x86_64\ncolour: red\n'],
    ['belongs to another variant', 'version: 1\nvariant: arm64\n'],
  ])('refuses one that %s, before anything is built', async (_, text) => {
    const { verdict, built, inFolder } = await checked({
      'whitelists/x86_64/kabi_whitelist': row,
      'whitelists/x86_64/baseline.yml': text,
    })
    expect(verdict).toMatchObject({
      result: 'error',
      problems: [
        { kind: 'baseline', variant: 'x86_64', place: { file: inFolder('whitelists/x86_64/baseline.yml') } },
      ],
    })
    expect(built).toBe(false)
  })

  it('compares all the same where the policy says so', async () => {
    const { verdict } = await checked(
      {
        'whitelists/x86_64/kabi_whitelist': row,
        'whitelists/x86_64/baseline.yml': 'version: 1\nvariant: x86_64\narch: i386\n',
      },
      ['policy: { comparability: warn }'],
    )
    expect(told(verdict)).toEqual(['pass', 'compared-anyway'])
  })

  it('does without', async () => {
    expect(told((await checked({ 'whitelists/x86_64/kabi_whitelist': row })).verdict)).toEqual(['pass'])
  })

  const foreign = 'version: 1\nvariant: x86_64\narch: i386\n'

  it('finds it beside a kabi_whitelist that kabi.yml names', async () => {
    const { verdict } = await checked({ 'kabi/kabi_whitelist': row, 'kabi/baseline.yml': foreign }, [
      '    whitelist: kabi/kabi_whitelist',
    ])
    expect(told(verdict)).toEqual(['error', 'not-comparable'])
  })

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['a whitelist of another layout', 'kabi/Module.kabi_x86_64', { 'kabi/Module.kabi_x86_64': row }],
    [
      'names whose checksums stand elsewhere',
      '{ names: kabi/kabi_whitelist, checksums: kabi/Module.kabi }',
      { 'kabi/kabi_whitelist': 'printk\n', 'kabi/Module.kabi': row },
    ],
  ])('does not take it for that of %s', async (_, whitelist, files) => {
    const { verdict } = await checked({ ...files, 'kabi/baseline.yml': foreign }, [
      `    whitelist: ${whitelist}`,
    ])
    expect(told(verdict)).toEqual(['pass'])
  })
})

test('what drivers need is looked for beside what is protected, but not what they give each other', async () => {
  const module = (imports: Readonly<Record<string, number>>, exports: readonly string[], path: string) =>
    parseModule(buildModule({ imports, exports }), path).value ?? []
  const drivers = [
    module({ unprotected: 1, card_up: 2 }, [], 'a.ko'),
    module({ kfree: 3 }, ['card_up'], 'b.ko'),
  ].flat()
  const plan = {
    file: '',
    folder: '',
    variants: [],
    policy: presetPolicy('strict'),
    waivers: [],
    protectedBranches: [],
  }
  const variant = {
    name: 'x86_64',
    arch: 'x86_64',
    guard: { kind: 'none', reason: 'of no matter here' },
    strategy: 'exports',
    toolchain: { crossCompile: '' },
    makeArgs: [],
  } as const
  const whitelist = parseWhitelist(row, 'list').value
  const { wanted } = await collectionOf({ plan, gates: undefined }, { variant, whitelist, drivers })
  expect(wanted).toStrictEqual(new Set(['printk', 'unprotected', 'kfree']))
})
