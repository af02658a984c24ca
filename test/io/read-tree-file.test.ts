import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBytes } from '../../src/io/read-bytes.ts'
import { readTreeFile } from '../../src/io/read-tree-file.ts'

let folder: string
const inFolder = (name: string) => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kabi-gate-test-'))
  execFileSync('mkfifo', [inFolder('fifo')])
  writeFileSync(inFolder('file'), 'text')
  writeFileSync(inFolder('large'), '')
  truncateSync(inFolder('large'), 80 * 1024 * 1024)
  for (const [name, target] of Object.entries({
    zero: '/dev/zero',
    tty: '/dev/tty',
    fifoLink: inFolder('fifo'),
    environ: '/proc/self/environ',
    sys: '/sys/kernel/mm/transparent_hugepage/enabled',
    dev: '/dev',
    link: inFolder('file'),
  }))
    symlinkSync(target, inFolder(name))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('readTreeFile', () => {
  it.each(['zero', 'tty', 'fifo', 'fifoLink', 'dev', 'dev/zero', 'large', 'absent', '.'])(
    'refuses %s',
    (name) => {
      expect(() => readTreeFile(inFolder(name))).toThrow()
    },
  )

  it('finds nothing in a file of /proc', () => {
    expect(readTreeFile(inFolder('environ'))).toHaveLength(0)
  })

  it.each(['file', 'link'])('reads %s', (name) => {
    expect(readTreeFile(inFolder(name)).toString()).toBe('text')
  })
})

describe('readBytes', () => {
  it.each(['zero', 'tty', 'fifoLink', 'environ', 'dev/zero'])(
    'refuses %s, to which a link leads',
    async (name) => {
      const { problems } = await readBytes(inFolder(name))
      expect(problems).toMatchObject([{ kind: 'unreadable' }])
      expect(problems[0]?.message).not.toContain('larger')
    },
  )

  it.each(['/dev/null', '/proc/self/environ'])('reads %s, which was named itself', async (path) => {
    expect((await readBytes(path)).problems).toEqual([])
  })
})
