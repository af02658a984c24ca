import { mkdir, readFile, readdir, symlink, writeFile, lstat } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createFile, writeFileSafely } from '../../src/io/write-file.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const inFolder = folderOfEachTest()

describe('writeFileSafely', () => {
  test('writes a file and the folders above it, and leaves nothing else behind', async () => {
    expect(await writeFileSafely(inFolder('a', 'b', 'file'), 'täxt\n')).toBeUndefined()
    expect(await readFile(inFolder('a', 'b', 'file'), 'utf8')).toBe('täxt\n')
    expect(await readdir(inFolder('a', 'b'))).toEqual(['file'])
  })

  test('replaces a file', async () => {
    await writeFile(inFolder('file'), 'a much longer text than the new one')
    expect(await writeFileSafely(inFolder('file'), 'new')).toBeUndefined()
    expect(await readFile(inFolder('file'), 'utf8')).toBe('new')
  })

  test('replaces what a symbolic link leads to, not the link', async () => {
    await writeFile(inFolder('file'), 'old')
    await symlink('file', inFolder('link'))
    expect(await writeFileSafely(inFolder('link'), 'new')).toBeUndefined()
    expect((await lstat(inFolder('link'))).isSymbolicLink()).toBe(true)
    expect(await readFile(inFolder('file'), 'utf8')).toBe('new')
  })

  test('writes into a pipe and leaves it a pipe', async () => {
    await promisify(execFile)('mkfifo', [inFolder('pipe')])
    const [problem, text] = await Promise.all([
      writeFileSafely(inFolder('pipe'), 'text'),
      readFile(inFolder('pipe'), 'utf8'),
    ])
    expect(problem).toBeUndefined()
    expect(text).toBe('text')
    expect((await lstat(inFolder('pipe'))).isFIFO()).toBe(true)
  })

  test('a folder in the way is a problem, and no temporary file stays', async () => {
    await mkdir(inFolder('report'))
    expect(await writeFileSafely(inFolder('report'), 'text')).toEqual({
      kind: 'unwritable',
      message: `"${inFolder('report')}" is a folder.`,
      place: { file: inFolder('report') },
    })
    expect(await readdir(inFolder('.'))).toEqual(['report'])
  })

  test('a file where a folder is needed is a problem', async () => {
    await writeFile(inFolder('file'), 'old')
    expect(await writeFileSafely(inFolder('file', 'report'), 'text')).toMatchObject({ kind: 'unwritable' })
    expect(await readFile(inFolder('file'), 'utf8')).toBe('old')
  })
})

describe('createFile', () => {
  test('writes a new file and the folders above it', async () => {
    expect(await createFile(inFolder('a', 'kabi.yml'), 'text')).toBeUndefined()
    expect(await readFile(inFolder('a', 'kabi.yml'), 'utf8')).toBe('text')
    expect(await readdir(inFolder('a'))).toEqual(['kabi.yml'])
  })

  test('an existing file stays as it is', async () => {
    await writeFile(inFolder('kabi.yml'), 'old')
    expect(await createFile(inFolder('kabi.yml'), 'new')).toMatchObject({
      kind: 'unwritable',
      message: `"${inFolder('kabi.yml')}" exists already.`,
    })
    expect(await readFile(inFolder('kabi.yml'), 'utf8')).toBe('old')
    expect(await readdir(inFolder('.'))).toEqual(['kabi.yml'])
  })

  test('a link that leads nowhere is in the way too', async () => {
    await symlink('nowhere', inFolder('kabi.yml'))
    expect(await createFile(inFolder('kabi.yml'), 'new')).toMatchObject({ kind: 'unwritable' })
  })
})
