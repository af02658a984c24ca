import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readBtfTypes } from '../../../src/kernel/layouts/btf-layouts.ts'
import { DebugFault } from '../../../src/kernel/layouts/debug-types.ts'
import type { LayoutDifference } from '../../../src/abi/layouts/layout-change.ts'
import { layoutChanges } from '../../../src/kernel/layouts/layout-changes.ts'
import { scrubbedEnvironment } from '../../../src/processes/scrubbed-environment.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'

const path = folderOfEachTest()
const session = { env: scrubbedEnvironment(process.env), signal: new AbortController().signal }

const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const tools = has('gcc') && has('pahole')

/** Compiles declarations of `struct a`, keeping its type. */
function compile(name: string, text: string, ...flags: string[]): string {
  return compileWith('gcc', name, text, ...flags)
}

function compileWith(compiler: string, name: string, text: string, ...flags: string[]): string {
  writeFileSync(path(`${name}.c`), `${text}\n`)
  execFileSync(compiler, ['-g', '-c', ...flags, '-o', path(`${name}.o`), path(`${name}.c`)])
  return path(`${name}.o`)
}

/** Keeps only BTF, as a kernel's vmlinux may. */
function withBtf(object: string): string {
  execFileSync('pahole', ['-J', object])
  execFileSync('objcopy', ['--strip-debug', '--keep-section=.BTF', object])
  return object
}

const before = `
struct inner { int x; };
struct a { char c; long moved; union { int u1; long u2; }; struct inner named; unsigned f:3, g:5; short last; } a;
typedef struct { int p; } t_t; t_t t;
struct same { int s; } same;
union u { int i; long l; } u;
struct gone { int g; } gone;`
const after = `
struct inner { int x; int y; };
struct a { char c; int new; char more[8]; long moved; struct { int u1; int u2; }; struct inner named; unsigned h:1, f:3, g:5; } a;
typedef struct { int o; int p; } t_t; t_t t;
struct same { int s; } same;
union u { int i; char l[16]; } u;`

describe.skipIf(!tools)('a change of layout', () => {
  const moved = (member: string, from: string, to?: string): LayoutDifference =>
    to === undefined
      ? { class: 'removed', member, before: from }
      : { class: 'moved', member, before: from, after: to }
  const size = (from: string, to: string): LayoutDifference => ({ class: 'size', before: from, after: to })
  const expected = new Map([
    [
      's#a',
      {
        sizeBefore: 32,
        sizeAfter: 48,
        differences: [
          size('32', '48'),
          moved('moved', '8', '16'),
          moved('u1', '16', '24'),
          moved('u2', '16', '28'),
          moved('named', '24', '32'),
          moved('f', '28', '40.125'),
          moved('g', '28.375', '40.5'),
          moved('last', '30'),
        ],
      },
    ],
    ['t#t_t', { sizeBefore: 4, sizeAfter: 8, differences: [size('4', '8'), moved('p', '0', '4')] }],
    ['s#same', { sizeBefore: 4, sizeAfter: 4, differences: [] }],
    ['u#u', { sizeBefore: 8, sizeAfter: 16, differences: [size('8', '16')] }],
  ])
  const names = ['s#a', 't#t_t', 's#same', 'u#u', 's#gone', 's#nosuch', 'e#a', 'a']

  it.each([
    ['DWARF', (object: string) => object],
    ['BTF', withBtf],
  ])('is read from %s', async (_, prepare) => {
    const files = [prepare(compile('before', before)), prepare(compile('after', after))] as const
    const { value, problems } = await layoutChanges(...files, names, session)
    expect(problems).toEqual([])
    expect(value).toEqual(expected)
  })

  it.skipIf(!has('s390x-linux-gnu-gcc'))('is read from objects of the other byte order', async () => {
    const [one, other] = [before, after].map((text, index) =>
      compileWith('s390x-linux-gnu-gcc', `big${index}`, text),
    ) as [string, string]
    const { value, problems } = await layoutChanges(one, other, ['s#a', 't#t_t'], session)
    expect(problems).toEqual([])
    expect(value.get('t#t_t')).toEqual(expected.get('t#t_t'))
    expect(value.get('s#a')?.differences).toContainEqual(moved('moved', '8', '16'))
  })

  it('needs no pahole when there is BTF, and is not known without both', async () => {
    const btf = withBtf(compile('btf', before))
    const dwarf = compile('dwarf', after)
    const noTools = { ...session, env: { ...session.env, PATH: path() } }
    expect((await layoutChanges(btf, btf, ['s#a'], noTools)).value.get('s#a')?.differences).toEqual([])
    const { value, problems } = await layoutChanges(btf, dwarf, ['s#a'], noTools)
    expect(value.size).toBe(0)
    expect(problems).toMatchObject([{ kind: 'no-layout' }])
  })

  it('is not known where a file holds two definitions of the name', async () => {
    const one = compile('one', 'struct a { int x; } a;')
    const two = compile('two', 'struct a { long x; } b;')
    execFileSync('ld', ['-r', '-o', path('both.o'), one, two])
    const { value, problems } = await layoutChanges(path('both.o'), one, ['s#a'], session)
    expect(problems).toEqual([])
    expect(value.size).toBe(0)
  })

  it('is not known without debug information', async () => {
    const bare = compile('bare', before, '-g0')
    const { value, problems } = await layoutChanges(bare, bare, ['s#a'], session)
    expect(value.size).toBe(0)
    expect(problems[0]).toMatchObject({
      kind: 'no-layout',
      message: expect.stringContaining('no debug') as string,
    })
    writeFileSync(path('text'), 'no ELF\n')
    expect((await layoutChanges(path('text'), bare, ['s#a'], session)).problems[0]?.kind).toBe('no-layout')
    expect((await layoutChanges(path('nosuch'), bare, ['s#a'], session)).problems[0]?.kind).toBe('no-layout')
  })

  it('is never read from damaged BTF', () => {
    const object = compile('damaged', before)
    execFileSync('pahole', [`--btf_encode_detached=${path('btf')}`, object])
    const bytes = new Uint8Array(readFileSync(path('btf')))
    const read = (some: Uint8Array) => readBtfTypes(some)
    const size = (some: Uint8Array) => {
      const types = read(some)
      try {
        return types.kind === 'types' ? types.layoutsOf('s#a')[0]?.size : undefined
      } catch (error) {
        if (!(error instanceof DebugFault)) throw error
        return undefined
      }
    }
    expect(size(bytes)).toBe(32)
    expect(read(bytes.subarray(0, bytes.length - 1)).kind).toBe('fault')
    expect(read(bytes.subarray(0, 20)).kind).toBe('fault')
    expect(read(Uint8Array.from(bytes, (byte, at) => (at === 0 ? 0 : byte))).kind).toBe('fault')
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Uint8Array.from(bytes)
      damaged[at] = (damaged[at] ?? 0) ^ 0xff
      expect(() => size(damaged)).not.toThrow()
    }
  })
})
