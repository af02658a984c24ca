import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openElf } from '../../src/module/elf.ts'
import { exportChecksums } from '../../src/vendor/deps/export-checksums.ts'
import { readDriverDisk } from '../../src/vendor/disk/driver-disk.ts'
import { isoFiles, isoLabel } from '../../src/vendor/disk/iso9660.ts'
import { cpioFiles } from '../../src/module/rpm/cpio.ts'
import { readRpm } from '../../src/module/rpm/read-rpm.ts'
import { buildModule } from './build-module.ts'
import { buildIso } from './disk/build-iso.ts'
import { bytesSource } from './disk/bytes-source.ts'
import { buildCpio, buildRpm, dependency } from './rpm/build-rpm.ts'

/** How many damaged files of each kind; KABI_FUZZ asks for more. */
const rounds = Number(process.env['KABI_FUZZ'] ?? 2000)

/** No file of a few kilobytes may take longer, on a busy machine. */
const mostMilliseconds = 5000

const module = buildModule({ imports: { kfree: 1 }, exports: ['a', 'b'], crcs: { a: 1, b: 2 } })
const path = './lib/modules/6.1.0/extra/igb.ko'
const files = { [path]: module, './etc/conf': Buffer.from('x') }
const lists = {
  requires: ['kernel(kfree) = 0x00000001', 'ksym(a) = 0x2', '/bin/sh'].map(dependency),
  provides: ['kernel-modules >= 6.1.0', 'kmod-igb = 1.0'].map(dependency),
}
const disk = {
  rhdd3: Buffer.from('disk\n'),
  'rpms/x86_64/a.rpm': Buffer.from('rpm'),
  'rpms/x86_64/a-long-name-of-a-package.rpm': Buffer.from('rpm'),
  'a/b/c/d.ko': Buffer.from('ko'),
}

/** Numbers that are wrong in interesting ways. */
const extremes = [0, 1, 0x7f, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]

/** A generator of the same numbers each time (xorshift). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

function damaged(bytes: Buffer, next: (below: number) => number): Buffer {
  const copy = Buffer.from(bytes)
  for (let left = 1 + next(4); left > 0; left--) {
    const at = next(copy.length)
    switch (next(5)) {
      case 0:
        return copy.subarray(0, at)
      case 1:
        copy[at] = next(256)
        break
      case 2:
        if (at + 4 <= copy.length) copy.writeUInt32BE(extremes[next(extremes.length)] ?? 0, at)
        break
      case 3:
        if (at + 4 <= copy.length) copy.writeUInt32LE(extremes[next(extremes.length)] ?? 0, at)
        break
      case 4:
        copy.copy(copy, next(copy.length), at, at + next(64))
        break
    }
  }
  return copy
}

type Reader = (bytes: Buffer) => unknown

async function readRpmOnly(bytes: Buffer): Promise<unknown> {
  const { value, problems } = await readRpm(bytes, 'a.rpm', 1_000_000)
  expect(value === undefined).toBe(problems.length === 1)
  if (problems[0]) expect(problems[0].message).not.toContain('\n')
  return value
}

async function readDisk(bytes: Buffer): Promise<unknown> {
  const source = bytesSource(bytes)
  const found = await isoFiles(source)
  if ('kind' in found) {
    expect(found.reason.length).toBeLessThan(400)
    return found
  }
  for (const { offset, size } of found) expect(offset + size).toBeLessThanOrEqual(bytes.length)
  const files = found.map((one) => ({ ...one, read: () => source.read(one.offset, one.size) }))
  return readDriverDisk(files, await isoLabel(source))
}

function readChecksums(bytes: Buffer): unknown {
  const elf = openElf(bytes)
  return elf.kind === 'fault' ? elf : exportChecksums(elf)
}

const kinds: readonly (readonly [string, Buffer, Reader])[] = [
  ['packages', buildRpm({ ...lists, files }), readRpmOnly],
  [
    'packages with a plain payload',
    buildRpm({ ...lists, files, compressor: 'none', compress: (cpio) => cpio }),
    readRpmOnly,
  ],
  ['packages with a packed module', buildRpm({ files: { [`${path}.gz`]: gzipSync(module) } }), readRpmOnly],
  ['archives', buildCpio(files), cpioFiles],
  ['images', buildIso(disk), readDisk],
  [
    'images without long names',
    buildIso({ rhdd3: Buffer.from('x'), 'A.RPM': Buffer.from('y') }, { plain: true }),
    readDisk,
  ],
  ['modules', module, readChecksums],
]

describe.each(kinds)('damaged %s', (_, good, read) => {
  it(`never crash or hang a reader, in ${rounds} ways`, async () => {
    const next = numbers(20261126)
    await read(good)
    for (let round = 0; round < rounds; round++) {
      const bytes = damaged(good, next)
      const start = performance.now()
      await read(bytes)
      expect(performance.now() - start).toBeLessThan(mostMilliseconds)
    }
  })

  it('cut off at any place are read or refused', async () => {
    const step = Math.max(1, Math.floor(good.length / 500))
    for (let length = 0; length < good.length; length += step) await read(good.subarray(0, length))
  })
})
