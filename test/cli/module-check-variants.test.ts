import { describe, expect, it } from 'vitest'
import { buildModule } from '../module/build-module.ts'
import { workspace, type Files } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const list = (layout: number, kfree = 1) =>
  `0x0000000${kfree}\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n0x0000000${layout}\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n`
const driver = (module_layout: number, machine = 62) =>
  buildModule({ imports: { module_layout, kfree: 1 }, machine, little: machine !== 22 })

const files = {
  'kabi.yml': `version: 1
variants:
  amd64: { arch: x86_64, whitelist: amd64 }
  rt-amd64: { arch: x86_64, whitelist: rt }
  s390x: { arch: s390, whitelist: s390x }
  debug: { arch: x86_64, promise: none, reason: only for tests }
`,
  ...{ amd64: list(8), rt: list(9), s390x: list(7) },
  'rt.ko': driver(9),
  'newer.ko': driver(5),
  'big.ko': driver(7, 22),
  'arm.ko': driver(9, 183),
}

async function check(args: readonly string[], more: Files = {}) {
  const cwd = workspace({ ...files, ...more })
  const run = await runMain(['module', 'check', ...args], { cwd })
  return { ...run, stdout: run.stdout.replaceAll(cwd + '/', '') }
}

interface Report {
  readonly result: string
  readonly variants: readonly {
    readonly variant: string
    readonly result: string
    readonly modules: readonly { name: string }[]
  }[]
}

async function held(args: readonly string[], more: Files = {}) {
  const run = await check([...args, '--json'], more)
  const { result, variants } = JSON.parse(run.stdout) as Report
  return {
    code: run.code,
    result,
    lists: variants.map((one) => [one.variant, one.result, ...one.modules.map(({ name }) => name)]),
  }
}

describe('kabi-gate module check where there is a kabi.yml', () => {
  it('tells from each module which list it was built for, and speaks only of that one', async () => {
    const run = await check(['rt.ko', 'big.ko'])
    expect(run.stdout).toMatch(
      /^rt\.ko was built for x86_64, 6\.1\.0: checked against rt-amd64\nbig\.ko was built for s390x, 6\.1\.0: checked against s390x\n\n/,
    )
    expect(run.stdout.match(/^Whitelist: .*$/gm)).toEqual(['Whitelist: rt', 'Whitelist: s390x'])
    expect(run.stdout.match(/official ABI/g)).toHaveLength(2)
    expect(run.code).toBe(0)
    expect(await held(['rt.ko', 'big.ko'])).toEqual({
      code: 0,
      result: 'official',
      lists: [
        ['rt-amd64', 'official', 'rt'],
        ['s390x', 'official', 'big'],
      ],
    })
  })

  it('holds a module of another build against every list of its machine', async () => {
    expect(await held(['newer.ko'])).toEqual({
      code: 1,
      result: 'violations',
      lists: [
        ['amd64', 'violations', 'newer'],
        ['rt-amd64', 'violations', 'newer'],
      ],
    })
  })

  it('takes several variants by their names', async () => {
    expect((await held(['--variant', 'amd64', '--variant', 'rt-amd64', 'rt.ko'])).lists).toEqual([
      ['amd64', 'violations', 'rt'],
      ['rt-amd64', 'official', 'rt'],
    ])
  })

  it('finds the lists of a file that is named', async () => {
    const { 'kabi.yml': other } = files
    const run = await check(['--config', 'other.yml', 'rt.ko'], {
      'kabi.yml': 'damaged: [',
      'other.yml': other,
    })
    expect(run.stdout).toContain('Whitelist: rt')
    expect(run.code).toBe(0)
  })

  it.each<[string, string[], Files, number, RegExp]>([
    [
      'a module that no list fits',
      ['arm.ko', 'rt.ko'],
      {},
      3,
      /arm\.ko" was built for "aarch64, 6\.1\.0 SMP[^"]*": none of the whitelists/,
    ],
    [
      'a module that no list named fits',
      ['--variant', 'amd64', '--variant', 'rt-amd64', 'big.ko'],
      {},
      3,
      /none of the whitelists/,
    ],
    ['a damaged configuration', ['rt.ko'], { 'kabi.yml': 'version: 1\nvariants: [' }, 2, /kabi\.yml/],
    [
      'a list that is not there',
      ['rt.ko'],
      { 'kabi.yml': 'version: 1\nvariants:\n  a: { arch: x86_64, whitelist: gone }\n' },
      3,
      /gone/,
    ],
    [
      'no list at all',
      ['rt.ko'],
      { 'kabi.yml': 'version: 1\nvariants:\n  a: { arch: x86_64, promise: none, reason: only for tests }\n' },
      3,
      /none of the whitelists/,
    ],
  ])('is an error for %s', async (_, args, more, code, message) => {
    const run = await check(args, more)
    expect((run.stdout + run.stderr).replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.stdout).not.toContain('official ABI')
    expect(run.code).toBe(code)
  })
})
