import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { combined, definitions } from '../abi/types/forms.ts'
import { checksumOf, fedText } from '../abi/symtypes-oracle.ts'
import { hasCompiler } from '../kernel-unit/layouts/layouts-of-c.ts'
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

  it.skipIf(!hasCompiler('gcc'))('takes layouts from a vmlinux, with the types and afterwards', async () => {
    const cwd = workspace({ ...files, 'v.c': 'struct a { int x; }; int f(struct a *p) { return p->x; }\n' })
    execFileSync('gcc', ['-g', '-c', '-o', join(cwd, 'vmlinux'), join(cwd, 'v.c')])
    const list = ['whitelist', 'enrich', 'Module.kabi_x86_64']
    const together = await runMain(
      [...list, '--types', 'Symtypes.build', '--layouts-from', 'x86_64=vmlinux'],
      { cwd },
    )
    const told = /layouts written to .*layouts\.gz, 1 type and 1 symbol from the DWARF of vmlinux\n/
    expect([together.code, together.stdout]).toEqual([0, expect.stringMatching(told)])
    const stored = readFileSync(join(cwd, 'Module.kabi_x86_64.layouts.gz'))
    expect(gunzipSync(stored).toString()).toContain('vmlinux dwarf\no vmlinux\nv f 0 s32 (s#a *)\n')
    expect((await runMain(['whitelist', 'check', 'Module.kabi_x86_64'], { cwd })).code).toBe(0)
    rmSync(join(cwd, 'Module.kabi_x86_64.layouts.gz'))
    rmSync(join(cwd, 'Module.kabi_x86_64.baseline.yml'))
    const alone = await runMain([...list, '--layouts-from', 'vmlinux'], { cwd })
    expect([alone.code, alone.stdout]).toEqual([0, expect.stringMatching(/^x86_64: their layouts written/)])
    expect(readFileSync(join(cwd, 'Module.kabi_x86_64.layouts.gz'))).toEqual(stored)
    const again = await runMain([...list, '--layouts-from', 'vmlinux'], { cwd })
    expect([again.code, again.stdout]).toEqual([3, expect.stringContaining('File cannot be written')])
  })

  it.skipIf(!hasCompiler('gcc'))('writes no layouts where nothing can record them, and says so', async () => {
    const cwd = workspace({ ...files, 'v.c': 'struct a { int x; }; int f(struct a *p) { return p->x; }\n' })
    execFileSync('gcc', ['-g', '-c', '-o', join(cwd, 'vmlinux'), join(cwd, 'v.c')])
    const list = ['names', '--checksums', 'Module.kabi_x86_64', '--variant', 'x']
    const given = ['--types', 'Symtypes.build', '--layouts-from', 'vmlinux']
    const run = await runMain(['whitelist', 'enrich', ...list, ...given], { cwd })
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('Nothing can record layouts')])
    expect(readdirSync(cwd).filter((name) => name.includes('layouts'))).toEqual([])
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
    [
      'a vmlinux of another variant',
      ['Module.kabi_x86_64', '--layouts-from', 'y=vmlinux'],
      2,
      /another variant/,
    ],
    [
      'layouts of types that are not there',
      ['Module.kabi_x86_64', '--layouts-from', 'vmlinux'],
      2,
      /this list has none/,
    ],
    ['two files of one variant', ['--layouts-from', 'x=a', '--layouts-from', 'x=b'], 2, /was given already/],
    [
      'a file that is no vmlinux',
      ['Module.kabi_x86_64', '--types', 'Symtypes.build', '--layouts-from', 'names'],
      3,
      /names" is neither an ELF file nor BTF/,
    ],
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
