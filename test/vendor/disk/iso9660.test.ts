import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isIso9660, isoFiles } from '../../../src/vendor/disk/iso9660.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { buildIso, directoryRecord } from '../../module/disk/build-iso.ts'
import { bytesSource } from '../../module/disk/bytes-source.ts'

const files = {
  rhdd3: Buffer.from('Driver for igb\n'),
  'rpms/x86_64/kmod-igb-with-a-long-name-1.0-1.el9.x86_64.rpm': Buffer.from('package'),
  'rpms/x86_64/empty': Buffer.alloc(0),
  'a/b/c/d/e/f/g/h/i/deep.ko': Buffer.from('deep'),
}

async function listed(image: Buffer): Promise<Record<string, string>> {
  const found = await isoFiles(bytesSource(image))
  if ('kind' in found) throw new Error(found.reason)
  return Object.fromEntries(
    found.map(({ path, offset, size }) => [path, image.toString('latin1', offset, offset + size)]),
  )
}

const texts = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, bytes.toString()]))

describe('isoFiles', () => {
  it('lists files with their Rock Ridge names', async () => {
    expect(await listed(buildIso(files))).toEqual(texts)
  })

  it('lists plain names as Linux shows them', async () => {
    const image = buildIso({ rhdd3: Buffer.from('x'), 'KMOD.RPM': Buffer.from('y') }, { plain: true })
    expect(await listed(image)).toEqual({ rhdd3: 'x', 'kmod.rpm': 'y' })
  })

  const root = 156
  const good = buildIso(files)
  const changed = (at: number, write: (image: Buffer, at: number) => void): Buffer => {
    const copy = Buffer.from(good)
    write(copy, at)
    return copy
  }
  const descriptor = 16 * 2048

  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /is no ISO 9660 image/],
    ['descriptors alone', good.subarray(0, 18 * 2048), /root directory ends beyond the end/],
    ['an image cut off in the middle', good.subarray(0, 20 * 2048), /cut off/],
    [
      'a root far outside',
      changed(descriptor + root + 2, (b, at) => b.writeUInt32LE(0xffffffff, at)),
      /beyond/,
    ],
    [
      'a root of 4 GiB',
      changed(descriptor + root + 10, (b, at) => b.writeUInt32LE(0xffffffff, at)),
      /too large/,
    ],
    [
      'blocks of one byte',
      changed(descriptor + 128, (b, at) => b.writeUInt16LE(1, at)),
      /blocks of an unknown/,
    ],
    ['a root without a record', changed(descriptor + root, (b, at) => b.writeUInt8(0, at)), /no root/],
  ])('refuses %s', async (_, image, message) => {
    const found = await isoFiles(bytesSource(image))
    expect('kind' in found ? found.reason : 'read').toMatch(message)
  })

  it('reads a directory once that holds itself, and ends', async () => {
    const image = buildIso({ 'x/y': Buffer.from('1') })
    const at = image.indexOf(directoryRecord('D0', 19, 2048, 2, 'x'))
    expect(at).toBeGreaterThan(0)
    const root = image.readUInt32LE(descriptor + 156 + 2)
    image.writeUInt32LE(root, at + 2)
    expect(await listed(image)).toEqual({})
  })

  it('an image is told by its first descriptor', async () => {
    expect(await isIso9660(bytesSource(good))).toBe(true)
    expect(await isIso9660(bytesSource(Buffer.alloc(40_000)))).toBe(false)
  })
})

function has(program: string): boolean {
  try {
    execFileSync(program, ['-version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const path = folderOfEachTest()
const writers = {
  xorriso: ['xorriso', ['-as', 'mkisofs']],
  genisoimage: ['genisoimage', []],
} as const

describe.each(Object.entries(writers))('an image of %s', (name, [program, first]) => {
  it.skipIf(!has(program))(`has every file (needs ${name})`, async () => {
    const tree = path('tree')
    for (const [file, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true })
      writeFileSync(join(tree, file), bytes)
    }
    const long = 'n'.repeat(240) + '.rpm'
    writeFileSync(join(tree, 'rpms/x86_64', long), 'long')
    execFileSync('ln', ['-s', 'rhdd3', join(tree, 'link')])
    const image = path('disk.iso')
    execFileSync(program, [...first, '-quiet', '-R', '-o', image, tree], { stdio: 'ignore' })
    expect(await listed(readFileSync(image))).toEqual({ ...texts, [`rpms/x86_64/${long}`]: 'long' })
  })
})
