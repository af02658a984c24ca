import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readRpm } from '../../../src/module/rpm/read-rpm.ts'
import { unpackRpm } from '../../../src/module/rpm/unpack-rpm.ts'
import { decompress } from '../../../src/io/decompress.ts'
import { zerosZst } from '../../io/archives.ts'
import { buildModule } from '../build-module.ts'
import { buildCpio, buildRpm, cpioEntry, dependency } from './build-rpm.ts'

const module = buildModule({ imports: { kfree: 1 } })
const folder = './lib/modules/5.14.0-70.el9.x86_64/extra/'

describe('readRpm', () => {
  it('reads name, dependencies and modules, packed ones unpacked', async () => {
    const rpm = buildRpm({
      requires: ['kernel(kfree) = 0x00000001', '/bin/sh'].map(dependency),
      provides: [dependency('kernel-modules >= 5.14.0-70.el9')],
      files: {
        [`${folder}igb.ko`]: module,
        [`${folder}igc.ko.gz`]: gzipSync(module),
        './etc/depmod.d/igb.conf': Buffer.from('override igb * extra\n'),
      },
    })
    const { value, problems } = await readRpm(rpm, 'kmod.rpm')
    expect(problems).toEqual([])
    expect(value?.package).toMatchObject({
      label: 'kmod-igb-1.0-1.el9.x86_64',
      requires: [
        { name: 'kernel(kfree)', flags: 8, version: '0x00000001' },
        { name: '/bin/sh', flags: 0, version: '' },
      ],
      provides: [{ name: 'kernel-modules', flags: 12, version: '5.14.0-70.el9' }],
    })
    expect(value?.modules.map(({ path }) => path)).toEqual([
      'lib/modules/5.14.0-70.el9.x86_64/extra/igb.ko',
      'lib/modules/5.14.0-70.el9.x86_64/extra/igc.ko.gz',
    ])
    expect(value?.modules.every(({ bytes }) => module.equals(bytes))).toBe(true)
  })

  it('takes a file with hard links once, where its content stands', async () => {
    const cpio = Buffer.concat([
      cpioEntry(`${folder}one.ko`, Buffer.alloc(0), 0o100644, 2),
      cpioEntry(`${folder}two.ko`, module, 0o100644, 2),
      buildCpio({}),
    ])
    const { value } = await readRpm(buildRpm({ compress: () => gzipSync(cpio) }), 'kmod.rpm')
    expect(value?.modules.map(({ path }) => path)).toEqual(['lib/modules/5.14.0-70.el9.x86_64/extra/two.ko'])
  })

  const good = buildRpm({ files: { [`${folder}igb.ko`]: module } })
  const changed = (at: number, bytes: readonly number[]): Buffer => {
    const copy = Buffer.from(good)
    Buffer.from(bytes).copy(copy, at)
    return copy
  }
  const plain = (cpio: Buffer) => buildRpm({ compressor: 'none', compress: () => cpio })

  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /is not an RPM package/],
    ['a text', Buffer.from('no package at all'), /is not an RPM package/],
    ['a lead alone', good.subarray(0, 96), /cut off before a header/],
    ['half of a header', good.subarray(0, 200), /cut off/],
    [
      'a package without payload',
      good.subarray(0, good.indexOf(Buffer.from([0x1f, 0x8b]))),
      /its payload does not have the sha256/,
    ],
    ['half of a payload', good.subarray(0, good.length - 20), /its payload does not have the sha256/],
    ['a source package', buildRpm({ type: 1 }), /is a source package/],
    ['format 6', changed(4, [6]), /of format 6/],
    ['four billion tags', changed(96 + 8, [0xff, 0xff, 0xff, 0xff]), /too large/],
    ['4 GiB of values', changed(96 + 12, [0xff, 0xff, 0xff, 0xff]), /too large/],
    ['another compressor', buildRpm({ compressor: 'lzma' }), /packed with "lzma"/],
    ['a payload that is no archive', plain(Buffer.from('x'.repeat(200))), /no cpio archive/],
    ['a payload without its end', plain(cpioEntry('a', module, 0o100644)), /cut off in its payload/],
    [
      'a file of 4 GiB',
      plain(
        Buffer.from(
          cpioEntry('a', module, 0o100644)
            .toString('latin1')
            .replace(/^.{54}.{8}/s, (head) => head.slice(0, 54) + 'ffffffff'),
          'latin1',
        ),
      ),
      /cut off in its payload/,
    ],
    ['a size that is no number', plain(Buffer.from('070701' + 'z'.repeat(200))), /without sizes/],
    ['large files', plain(Buffer.from('07070X' + '0'.repeat(8))), /4 GiB or more/],
  ])('refuses %s in one line', async (_, bytes, message) => {
    const { value, problems } = await readRpm(bytes, 'kmod.rpm')
    expect(value).toBeUndefined()
    expect(problems).toHaveLength(1)
    expect(problems[0]?.kind).toBe('unreadable')
    expect(problems[0]?.message).toMatch(message)
    expect(problems[0]?.message).not.toContain('\n')
  })

  it('refuses lists of different lengths', async () => {
    const rpm = buildRpm({ requires: [dependency('kernel(kfree) = 0x00000001')], digests: false })
    const at = rpm.indexOf(Buffer.from([0, 0, 0x04, 0x1a, 0, 0, 0, 8]))
    rpm.writeUInt32BE(0, at + 12)
    expect((await readRpm(rpm, 'kmod.rpm')).problems[0]?.message).toMatch(/not as many names as versions/)
  })

  it('refuses a package of which any byte of header or payload was changed', async () => {
    const from = good.indexOf(Buffer.from('8eade801', 'hex'), 100)
    for (let at = from; at < good.length; at += 7) {
      const { value } = await readRpm(changed(at, [(good[at] ?? 0) ^ 1]), 'kmod.rpm')
      expect(value, `byte ${at}`).toBeUndefined()
    }
  })

  it('reads a package from before there were digests', async () => {
    const { problems } = await readRpm(buildRpm({ digests: false }), 'kmod.rpm')
    expect(problems).toEqual([])
  })

  it('takes no package on trust where no digest of it can be checked', async () => {
    const unpacking = { decompress, hashOf: () => Promise.resolve(undefined) }
    const { value, problems } = await unpackRpm(good, 'kmod.rpm', unpacking)
    expect(value).toBeUndefined()
    expect(problems[0]?.message).toBe('"kmod.rpm" has digests of which none can be checked here.')
    const old = await unpackRpm(buildRpm({ digests: false }), 'kmod.rpm', unpacking)
    expect(old.problems).toEqual([])
  })

  it('does not unpack a bomb', async () => {
    const limit = 1024 * 1024
    const bomb = gzipSync(Buffer.alloc(40 * limit))
    const payload = await readRpm(buildRpm({ compress: () => bomb }), 'kmod.rpm', limit)
    expect(payload.problems[0]?.message).toMatch(/payload that unpacks to more than 1048576 bytes/)
    const inside = await readRpm(
      buildRpm({ files: { [`${folder}a.ko.zst`]: zerosZst, [`${folder}b.ko.zst`]: zerosZst } }),
      'kmod.rpm',
      limit,
    )
    expect(inside.problems[0]?.message).toMatch(/has a module ".*b\.ko\.zst" that unpacks to more than/)
  })
})
