import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { combined, definitions } from '../abi/types/forms.ts'
import { checksumOf, fedText } from '../abi/symtypes-oracle.ts'
import { workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const types = definitions('s#a struct a { int x ; }', 'f int f ( s#a * )')
const files = {
  'Module.kabi_x86_64': `0x${checksumOf(fedText(types, 'f')).toString(16).padStart(8, '0')}\tf\tvmlinux\tEXPORT_SYMBOL\n`,
  'Symtypes.build': combined(new Map([['lib/a', types]])),
  names: 'f\n',
}

describe('kabi-gate whitelist enrich', () => {
  it('gives one list its types without a configuration, and a check that accepts them', async () => {
    const cwd = workspace(files)
    const run = await runMain(['whitelist', 'enrich', 'Module.kabi_x86_64', '--types', 'Symtypes.build'], {
      cwd,
    })
    expect([run.code, run.stdout]).toEqual([
      0,
      expect.stringMatching(/^x86_64: types of 1 protected symbol written to /),
    ])
    const check = await runMain(['whitelist', 'check', 'Module.kabi_x86_64'], { cwd })
    expect([check.code, check.stdout]).toEqual([0, expect.stringContaining('1 checksum reproduced')])
  })

  it('takes the variants that --types names from kabi.yml', async () => {
    const cwd = workspace({
      ...files,
      'kabi.yml':
        'version: 1\nvariants: { x: { arch: x86_64, whitelist: Module.kabi_x86_64 }, y: { arch: arm64 } }\n',
    })
    const run = await runMain(['whitelist', 'enrich', '--types', 'x=Symtypes.build'], { cwd })
    expect([run.code, run.stdout]).toEqual([0, expect.stringMatching(/^x: types of 1 protected symbol/)])
  })

  it.each<[string, string[], number, RegExp]>([
    ['neither a commit nor types', [], 2, /--from or --types says where/],
    ['both', ['--from', 'v1', '--types', 'x=a'], 2, /--from or --types says where/],
    ['one list with a commit', ['names', '--from', 'v1'], 2, /takes --types, not --from/],
    ['a list whose variant is not told', ['names', '--types', 'Symtypes.build'], 2, /Give it with --variant/],
    ['types of no variant', ['--types', 'Symtypes.build'], 2, /expected VARIANT=PATH/],
    ['types of one variant twice', ['--types', 'x=a', '--types', 'x=b'], 2, /were given already/],
    ['checksums of no list', ['--types', 'x=a', '--checksums', 'b'], 2, /belongs to a list/],
    [
      'a list without checksums',
      ['names', '--variant', 'x', '--types', 'Symtypes.build'],
      3,
      /without a baseline checksum/,
    ],
    ['types that are not there', ['Module.kabi_x86_64', '--types', 'gone'], 3, /gone" does not exist/],
  ])('is an error for %s, and writes nothing', async (_, args, code, message) => {
    const cwd = workspace(files)
    const run = await runMain(['whitelist', 'enrich', ...args], { cwd })
    expect((run.stdout + run.stderr).replaceAll(/\s+/g, ' ')).toMatch(message)
    expect([run.code, readdirSync(cwd).length]).toEqual([code, 3])
  })
})
