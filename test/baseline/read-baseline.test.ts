import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readBaseline } from '../../src/baseline/read-baseline.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const inFolder = folderOfEachTest()

describe('readBaseline', () => {
  it('reads a file', async () => {
    await writeFile(inFolder('baseline.yml'), 'version: 1\nvariant: amd64\n')
    const { value, problems } = await readBaseline(inFolder('baseline.yml'))
    expect(problems).toEqual([])
    expect(value).toMatchObject({ variant: 'amd64', options: undefined })
  })

  it('takes the absence of the file, or of its folder, for nothing', async () => {
    for (const path of [inFolder('baseline.yml'), inFolder('none', 'baseline.yml')]) {
      expect(await readBaseline(path)).toEqual({ value: undefined, problems: [] })
    }
  })

  it('refuses what is there but cannot be read', async () => {
    await symlink('nowhere', inFolder('link'))
    await mkdir(inFolder('folder'))
    await writeFile(inFolder('file'), '')
    for (const path of [inFolder('link'), inFolder('folder'), inFolder('file', 'baseline.yml')]) {
      const { value, problems } = await readBaseline(path)
      expect(value).toBeUndefined()
      expect(problems).toMatchObject([{ kind: 'unreadable', place: { file: path } }])
    }
  })

  it('names the file in its problems', async () => {
    await writeFile(inFolder('baseline.yml'), 'version: 1\n')
    const { problems } = await readBaseline(inFolder('baseline.yml'))
    expect(problems).toMatchObject([{ kind: 'baseline', place: { file: inFolder('baseline.yml'), line: 1 } }])
  })
})
