import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readText } from '../../src/io/read-text.ts'
import { symversSha256Xz, symversText, symversXz, symversZst, zerosXz, zerosZst } from './archives.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const inFolder = folderOfEachTest()
const run = promisify(execFile)

async function readBytes(bytes: Uint8Array | string, options?: { maxBytes: number }) {
  const path = inFolder('file')
  await writeFile(path, bytes)
  return readText(path, options)
}

async function failureOf(bytes: Uint8Array | string, options?: { maxBytes: number }): Promise<string> {
  const { value, problems } = await readBytes(bytes, options)
  expect(value).toBe('')
  expect(problems).toMatchObject([{ kind: 'unreadable', place: { file: inFolder('file') } }])
  return problems[0]?.message ?? ''
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 0x10 : byte))
}

const archives: readonly [string, Uint8Array][] = [
  ['gzip', gzipSync(symversText)],
  ['xz', symversXz],
  ['xz', symversSha256Xz],
  ['zstd', symversZst],
]

test.each([['plain', Buffer.from(symversText)] as const, ...archives])(
  'reads %s, whatever the name',
  async (_, bytes) => {
    expect(await readBytes(bytes)).toEqual({ value: symversText, problems: [] })
  },
)

test.each(archives)('reads %s archives that were put one after the other', async (_, bytes) => {
  expect(await readBytes(Buffer.concat([bytes, bytes]))).toEqual({
    value: symversText + symversText,
    problems: [],
  })
})

test('reads xz streams with padding between and after them', async () => {
  const padded = Buffer.concat([symversXz, Buffer.alloc(8), symversXz, Buffer.alloc(4)])
  expect((await readBytes(padded)).value).toBe(symversText + symversText)
})

test('leaves out skippable frames of zstd', async () => {
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
  expect((await readBytes(Buffer.concat([symversZst, skippable]))).value).toBe(symversText)
})

test('several archives can be read at the same time', async () => {
  await writeFile(inFolder('a.xz'), symversXz)
  await writeFile(inFolder('b.xz'), flipped(symversXz, 70))
  const paths = Array.from({ length: 12 }, (_, index) => inFolder(index % 3 === 2 ? 'b.xz' : 'a.xz'))
  const values = (await Promise.all(paths.map((path) => readText(path)))).map(({ value }) => value)
  expect(values).toEqual(paths.map((path) => (path === inFolder('a.xz') ? symversText : '')))
})

test.each(['xz', 'xz --check=sha256 --block-size=20000', 'zstd'])(
  'reads what the installed command %s packs',
  async (command) => {
    const text = Array.from({ length: 5000 }, (_, index) => `0x${index}\tsymbol_${index}\tvmlinux\n`).join('')
    await writeFile(inFolder('table'), text)
    const packed = inFolder('packed')
    const installed = await run('sh', ['-c', `${command} -c "$0" > "$1"`, inFolder('table'), packed]).then(
      () => true,
      () => false,
    )
    if (installed) expect(await readText(packed)).toEqual({ value: text, problems: [] })
  },
)

test('an empty file is an empty text', async () => {
  expect(await readBytes('')).toEqual({ value: '', problems: [] })
})

test('a byte order mark is no part of the text', async () => {
  expect((await readBytes('\uFEFFkfree\n')).value).toBe('kfree\n')
})

test('reads a pipe', async () => {
  await run('mkfifo', [inFolder('pipe')])
  const [text] = await Promise.all([readText(inFolder('pipe')), writeFile(inFolder('pipe'), symversText)])
  expect(text).toEqual({ value: symversText, problems: [] })
})

describe('damage', () => {
  test.each(archives)('every cut through a %s archive is a problem', async (format, bytes) => {
    for (let length = 7; length < bytes.length; length += 7) {
      expect(await failureOf(bytes.subarray(0, length))).toContain(
        `is a damaged or incomplete ${format} archive`,
      )
    }
  })

  test.each(archives)('a flipped bit in a %s archive never changes the text', async (_, bytes) => {
    for (let at = 0; at < bytes.length; at += 2) {
      const { value, problems } = await readBytes(flipped(bytes, at))
      if (problems.length === 0) expect(value).toBe(symversText)
    }
  })

  test.each([
    ['xz', symversXz],
    ['zstd', symversZst],
  ])('something foreign behind a %s archive is a problem', async (format, bytes) => {
    const message = await failureOf(Buffer.concat([bytes, Buffer.from('garbage behind')]))
    expect(message).toContain(`is a damaged or incomplete ${format} archive`)
  })

  test('a SHA-256 check of xz that does not fit is a problem', async () => {
    // The last and the first byte of the check, before an index of 12 bytes and a footer of 12.
    const { length } = symversSha256Xz
    for (const before of [25, 56]) {
      expect(await failureOf(flipped(symversSha256Xz, length - before))).toContain('is a damaged')
    }
  })
})

describe('size', () => {
  test.each([
    ['gzip', gzipSync(Buffer.alloc(1_000_000))],
    ['xz', zerosXz],
    ['zstd', zerosZst],
  ])('a %s archive that unpacks to more than is accepted is a problem', async (_, bytes) => {
    expect(await failureOf(bytes, { maxBytes: 999_999 })).toContain('unpacks to more than 999999 bytes')
    expect((await readBytes(bytes, { maxBytes: 1_000_000 })).value).toHaveLength(1_000_000)
  })

  test('the limit holds for all parts of an archive together', async () => {
    for (const bytes of [zerosXz, zerosZst]) {
      const message = await failureOf(Buffer.concat([bytes, bytes]), { maxBytes: 1_500_000 })
      expect(message).toContain('unpacks to more than 1500000 bytes')
    }
  })

  test('a zstd frame that asks for too large a window is a problem, before memory is taken', async () => {
    const huge = Uint8Array.from(zerosZst, (byte, index) => (index === 5 ? 0xa0 : byte))
    expect(await failureOf(huge)).toContain('unpacks to more than')
  })

  test('a plain file that is too large is a problem', async () => {
    expect(await failureOf('x'.repeat(101), { maxBytes: 100 })).toContain('is larger than 100 bytes')
    expect((await readBytes('x'.repeat(100), { maxBytes: 100 })).problems).toEqual([])
  })

  test('a device without end is a problem', async () => {
    expect((await readText('/dev/zero', { maxBytes: 100_000 })).problems).toMatchObject([
      { kind: 'unreadable' },
    ])
  })
})

describe('what is no text', () => {
  test('bytes that are not UTF-8 are a problem that names the line', async () => {
    const latin1 = Buffer.from('0x1\ta\tvmlinux\n0x2\tfo\xe9\tvmlinux\n', 'latin1')
    expect(await failureOf(latin1)).toContain('is not text in UTF-8: line 2 holds other bytes')
    expect((await readBytes(latin1)).problems[0]?.place?.line).toBe(2)
  })
})

describe('a path that cannot be read', () => {
  async function messageFor(path: string): Promise<string> {
    const { value, problems } = await readText(path)
    expect(value).toBe('')
    expect(problems).toMatchObject([{ kind: 'unreadable', place: { file: path } }])
    return problems[0]?.message ?? ''
  }

  test('is missing', async () => {
    expect(await messageFor(inFolder('none'))).toBe(`"${inFolder('none')}" does not exist.`)
  })

  test('is a folder', async () => {
    await mkdir(inFolder('folder'))
    expect(await messageFor(inFolder('folder'))).toContain('is a folder')
  })

  test('leads through a file', async () => {
    await writeFile(inFolder('file'), '')
    expect(await messageFor(inFolder('file', 'x'))).toContain('a part of its path is not a folder')
  })

  test('is a link to itself', async () => {
    await symlink('loop', inFolder('loop'))
    expect(await messageFor(inFolder('loop'))).toContain('symbolic link')
  })

  test.skipIf(process.getuid?.() === 0)('is not permitted (root may read everything)', async () => {
    await writeFile(inFolder('secret'), '', { mode: 0 })
    expect(await messageFor(inFolder('secret'))).toContain('permission denied')
  })

  test('cannot be a path', async () => {
    expect(await messageFor('a\0b')).toContain('"a\\u0000b"')
  })
})
