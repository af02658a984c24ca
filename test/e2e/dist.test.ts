import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundle, distFolder } from '../../scripts/bundle.ts'

describe('dist', () => {
  let built: Awaited<ReturnType<typeof bundle>> = new Map()
  beforeAll(async () => {
    built = await bundle()
  })

  it('holds, byte for byte, what the sources give', () => {
    const committed = readdirSync(distFolder).sort()
    expect(committed, 'run npm run build').toEqual([...built.keys()].sort())
    for (const [name, contents] of built) {
      expect(
        readFileSync(join(distFolder, name)).equals(contents),
        `${name} is stale: run npm run build`,
      ).toBe(true)
    }
  })

  it('has the licences of the page in the page', () => {
    const page = new TextDecoder().decode(built.get('checker.html'))
    for (const name of ['fzstd', 'xz-decompress']) expect(page).toMatch(new RegExp(`(?:^|>)${name} \\d`, 'm'))
  })

  it('names the licence of every package it contains', () => {
    const licenses = new TextDecoder().decode(built.get('LICENSES.txt'))
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
