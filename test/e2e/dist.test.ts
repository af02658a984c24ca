import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundle, distFolder } from '../../scripts/bundle.ts'

describe('dist', () => {
  it('holds, byte for byte, what the sources give', async () => {
    const built = await bundle()
    const committed = readdirSync(distFolder).sort()
    expect(committed, 'run npm run build').toEqual([...built.keys()].sort())
    for (const [name, contents] of built) {
      expect(
        readFileSync(join(distFolder, name)).equals(contents),
        `${name} is stale: run npm run build`,
      ).toBe(true)
    }
  })

  it('has the licences of the page in the page', async () => {
    const page = new TextDecoder().decode((await bundle()).get('checker.html'))
    for (const name of ['fzstd', 'xz-decompress']) expect(page).toMatch(new RegExp(`(?:^|>)${name} \\d`, 'm'))
  })

  it('names the licence of every package it contains', async () => {
    const licenses = new TextDecoder().decode((await bundle()).get('LICENSES.txt'))
    for (const name of [
      '@actions/core',
      '@octokit/core',
      'commander',
      'diff',
      'fzstd',
      'undici',
      'yaml',
      'zod',
    ]) {
      expect(licenses).toMatch(new RegExp(`(?:^|>)${name} \\d`, 'm'))
    }
  })
})
