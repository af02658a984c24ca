import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Baseline } from '../../src/abi/baseline.ts'
import { formatBaseline } from '../../src/abi/format-baseline.ts'
import { formatKsymtypes } from '../../src/abi/format-ksymtypes.ts'
import { formatWhitelist } from '../../src/abi/format-whitelist.ts'
import { isError } from '../../src/problem/problem.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import type { WhitelistRow } from '../../src/abi/whitelist.ts'
import { compareFiles } from '../../src/gate/compare.ts'
import { presetPolicy } from '../../src/judge/policy.ts'
import { inspectWhitelist } from '../../src/baseline/inspect-whitelist.ts'
import { listRecords } from '../../src/baseline/list-records.ts'
import { workspace } from '../support/workspace.ts'

const encoder = new TextEncoder()

/** The three files of a whitelist as `whitelist create` writes them. */
function filesOf(dump: string, kernel = '6.1.1') {
  const bytes = encoder.encode(dump)
  const types = formatKsymtypes(new Map([['lib/a', bytes]])).value
  const rows = [...symtypesChecksums(bytes, 'a').value].map(([symbol, crc], index): WhitelistRow => ({
    ...{ symbol, crc, module: 'vmlinux', type: 'EXPORT_SYMBOL', namespace: 'NET', section: '' },
    ...{ file: 'list', line: index + 1 },
  }))
  const unknown = {
    arch: 'x86_64',
    source: undefined,
    compiler: 'gcc',
    genksyms: undefined,
    configDigest: undefined,
  }
  const options = new Map(['A', 'B', 'C', 'D'].map((name) => [`CONFIG_${name}`, 'y']))
  const baseline: Baseline = { variant: 'amd64', kernel, ...unknown, options }
  return {
    rows,
    kabi_whitelist: formatWhitelist({ file: '', dialect: 'canonical', rows }),
    'symtypes.gz': new Uint8Array(gzipSync(types)),
    'baseline.yml': formatBaseline({ ...baseline, records: listRecords(rows, types) }),
    'old baseline': formatBaseline(baseline),
  }
}

const good = filesOf('s#x struct x { int a ; } \nf int f ( s#x * ) \ng void g ( void ) \nh s#x h \n')
const other = filesOf(
  's#x struct x { long a ; } \nf int f ( s#x * ) \ng void g ( void ) \nh s#x h \n',
  '6.1.2',
)
const names = ['kabi_whitelist', 'symtypes.gz', 'baseline.yml'] as const
type Files = Partial<Record<(typeof names)[number], string | Uint8Array | undefined>>

let folder: string
beforeEach(() => {
  folder = workspace({})
})

async function inspect(change: Files) {
  const files: Files = { ...good, ...change }
  for (const name of names) {
    const content = files[name]
    if (content === undefined) rmSync(join(folder, name), { force: true })
    else writeFileSync(join(folder, name), content)
  }
  const { problems } = await inspectWhitelist({ path: join(folder, 'kabi_whitelist') }, 'amd64')
  return problems
}

const kinds = async (change: Files) => (await inspect(change)).map(({ kind }) => kind)

describe('inspectWhitelist', () => {
  it('finds nothing wrong with files that were written together, or with those of version 1', async () => {
    expect(await kinds({})).toEqual([])
    expect(await kinds({ 'baseline.yml': good['old baseline'] })).toEqual([])
    expect(await kinds({ 'baseline.yml': undefined, 'symtypes.gz': undefined })).toEqual([])
  })

  it.each(names)('takes no part of %s for the whole', async (name) => {
    const whole = good[name]
    for (let length = 0; length < whole.length; length++) {
      const problems = await inspect({ [name]: whole.slice(0, length) })
      expect(problems.some(isError), `cut at ${length}`).toBe(true)
    }
  })

  it('notices a list without its last rows by the types, where the baseline is of version 1', async () => {
    const list = good.kabi_whitelist.split('\n').slice(0, 1).join('') + '\n'
    expect(await kinds({ kabi_whitelist: list, 'baseline.yml': good['old baseline'] })).toEqual([
      'types-differ',
    ])
    expect(await kinds({ kabi_whitelist: list, 'baseline.yml': undefined })).toEqual(['types-differ'])
  })

  it.each<[string, Files, string[]]>([
    ['another list', { kabi_whitelist: other.kabi_whitelist }, ['list-differs', 'types-differ']],
    ['other types', { 'symtypes.gz': other['symtypes.gz'] }, ['types-differ']],
    ['a list and types of another release', { ...other, 'baseline.yml': undefined }, []],
    [
      'both beside the baseline of this one',
      { ...other, 'baseline.yml': good['baseline.yml'] },
      ['list-differs', 'types-differ'],
    ],
    ['no types', { 'symtypes.gz': undefined }, ['types-differ']],
    [
      'types where none were written',
      { 'baseline.yml': good['baseline.yml'].replace(/^types-digest.*\n/m, '') },
      ['types-differ'],
    ],
    [
      'a row that has other columns',
      { kabi_whitelist: good.kabi_whitelist.replace(/\tNET\n$/, '\n') },
      ['malformed-line'],
    ],
    ['another module', { kabi_whitelist: good.kabi_whitelist.replace('vmlinux', 'lib/a') }, ['list-differs']],
    ['a comment', { kabi_whitelist: `# ours\n${good.kabi_whitelist}` }, []],
  ])('knows %s', async (_, change, expected) => {
    expect(await kinds(change)).toEqual(expected)
  })

  it('accepts a row without types only where it is recorded by name', async () => {
    const bytes = encoder.encode('s#x struct x { int a ; } \nf int f ( s#x * ) \ng void g ( void ) \n')
    const types = formatKsymtypes(new Map([['lib/a', bytes]])).value
    const named = formatBaseline({
      ...{ variant: 'amd64', arch: undefined, kernel: undefined, source: undefined, compiler: undefined },
      ...{ genksyms: undefined, configDigest: undefined, options: undefined },
      records: listRecords(good.rows, types, ['h']),
    })
    expect(await kinds({ 'symtypes.gz': gzipSync(types), 'baseline.yml': named })).toEqual([])
    expect(await kinds({ 'symtypes.gz': gzipSync(types) })).toEqual(['types-differ'])
  })

  it('is what a comparison of two files does, too', async () => {
    await inspect({ kabi_whitelist: good.kabi_whitelist.split('\n').slice(0, 1).join('') + '\n' })
    writeFileSync(join(folder, 'Module.symvers'), good.kabi_whitelist)
    const verdict = await compareFiles({
      tool: { name: 'kabi-gate', version: '0' },
      variant: 'amd64',
      whitelist: { path: join(folder, 'kabi_whitelist') },
      symvers: join(folder, 'Module.symvers'),
      policy: presetPolicy('strict'),
      release: undefined,
      override: undefined,
    })
    expect(verdict.result).toBe('error')
  })
})
