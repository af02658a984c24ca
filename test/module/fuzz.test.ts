import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { readDrivers } from '../../src/module/read-drivers.ts'
import { tarFiles } from '../../src/module/archive/tar.ts'
import { arMembers } from '../../src/module/archive/ar.ts'
import { parseModule } from '../../src/module/parse-module.ts'
import { zerosXz, zerosZst } from '../io/archives.ts'
import { elfForms } from './build-elf.ts'
import { buildModule } from './build-module.ts'

/** A generator of numbers that gives the same ones in every run (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const imports = { module_layout: 0x1b, kfree: 1, pci_enable_device: 2, ['long_' + 'x'.repeat(40)]: 3 }
const originals = elfForms.map((form) =>
  buildModule({
    ...form,
    imports,
    extended: imports,
    exports: ['up', 'down'],
    symbols: [{ name: 'memcpy' }],
  }),
)

/** Numbers that lead somewhere else: beyond the file, to its end, below zero. */
const extremes = [0, 1, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff]

type Mutate = (file: Buffer, below: (limit: number) => number) => Buffer

const mutations: readonly Mutate[] = [
  (file, below) => file.subarray(0, below(file.length)),
  (file, below) => {
    for (let count = 1 + below(8); count > 0; count--) file[below(file.length)] = below(256)
    return file
  },
  // Any number of a header: an offset, a size, a count, a name's place of up to 4 GB.
  (file, below) => {
    const at = below(2) === 0 ? below(64) : file.length - below(Math.min(file.length, 1200))
    const value = extremes[below(extremes.length)] ?? 0
    if (at + 4 <= file.length) file.writeUInt32LE(value, at)
    return file
  },
  (file, below) => {
    const at = below(file.length)
    const length = Math.min(64, file.length - at)
    file.copy(file, below(file.length - length), at, at + length)
    return file
  },
  (file, below) => Buffer.concat([file.subarray(0, below(file.length)), file.subarray(below(file.length))]),
]

test('20,000 damaged modules are read or refused: no crash, no hang, no memory without bound', () => {
  const below = random(20_000)
  let refused = 0
  let slowest = 0
  for (let run = 0; run < 20_000; run++) {
    const original = originals[run % originals.length]
    const mutate = mutations[below(mutations.length)]
    if (!original || !mutate) throw new Error('nothing to damage')
    const file = mutate(Buffer.from(original), below)
    const start = performance.now()
    const { value, problems } = parseModule(file, 'a.ko')
    slowest = Math.max(slowest, performance.now() - start)
    expect(value === undefined, `run ${run}`).toBe(problems.length > 0)
    for (const { message } of problems) expect(message).toMatch(/^"a\.ko" [^\n]{1,300}\.$/)
    refused += problems.length
  }
  expect(refused).toBeGreaterThan(5_000)
  expect(refused).toBeLessThan(20_000)
  expect(slowest).toBeLessThan(2_000)
  expect(process.memoryUsage().heapUsed).toBeLessThan(1_000_000_000)
})

/** An object whose many symbols, or sections, all name the same long text. */
function sharing(count: number): Buffer {
  const long = 'x'.repeat(500_000)
  const symbols = Array.from({ length: count }, () => ({ name: long, section: '.text' }))
  return buildModule({ imports, symbols })
}

test('names that many symbols share take no more memory than the file allows', () => {
  const { value, problems } = parseModule(sharing(20_000), 'a.ko')
  expect(value).toBeUndefined()
  expect(problems[0]?.message).toContain('a symbol has no name')
})

test('several symbol tables over the same bytes are refused', () => {
  const file = buildModule({ imports })
  // The type of .strtab, the last but one section, in the header's fields.
  const headers = file.readBigUInt64LE(40)
  const count = file.readUInt16LE(60)
  file.writeUInt32LE(2, Number(headers) + (count - 2) * 64 + 4)
  expect(parseModule(file, 'a.ko').problems[0]?.message).toMatch(/two symbol tables|has no name/)
})

test.each<[string, Uint8Array]>([
  ['a.ko.xz', zerosXz],
  ['a.ko.zst', zerosZst],
  ['a.ko.gz', gzipSync(Buffer.alloc(300 * 1024 * 1024))],
])('%s, which unpacks to much more, is refused in bounded memory', async (name, bytes) => {
  const folder = mkdtempSync(join(tmpdir(), 'kabi-gate-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, name), bytes)
  const { value, problems } = await readDrivers([folder])
  expect(value).toStrictEqual([])
  expect(problems).toHaveLength(1)
})

test('damaged archives are read or refused', () => {
  const below = random(7)
  const header = Buffer.alloc(512)
  header.write('lib/a.ko')
  header.write('0000644\0'.padEnd(24, '0'), 100)
  header.write('00000000100\0', 124)
  header.write('0', 156)
  header.write('ustar\0' + '00', 257)
  header.write('        ', 148)
  header.write(
    header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0') + '\0 ',
    148,
  )
  const tar = Buffer.concat([header, Buffer.alloc(512, 'x'), Buffer.alloc(1024)])
  expect(tarFiles(tar)).toMatchObject([{ path: 'lib/a.ko' }])
  const member = `${'data.tar/'.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'644'.padEnd(8)}${'4'.padEnd(10)}\`\nabcd`
  const ar = Buffer.from('!<arch>\n' + member)
  expect(arMembers(ar)).toMatchObject([{ path: 'data.tar' }])
  for (let run = 0; run < 5_000; run++) {
    for (const [original, read] of [
      [tar, tarFiles],
      [ar, arMembers],
    ] as const) {
      const mutate = mutations[below(mutations.length)]
      const found = read(mutate?.(Buffer.from(original), below) ?? original)
      if ('kind' in found) expect(found.reason).toMatch(/^is /)
      else for (const { bytes } of found) expect(bytes.length).toBeLessThanOrEqual(original.length * 2)
    }
  }
})
