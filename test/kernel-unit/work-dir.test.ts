import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultWorkDir } from '../../src/kernel/work-dir.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('defaultWorkDir', () => {
  const home = { HOME: '/home/me' }

  it('is a folder of the job on a runner', () => {
    expect(defaultWorkDir('/src/linux', { ...home, RUNNER_TEMP: '/runner/temp' })).toBe(
      '/runner/temp/kabi-gate',
    )
  })

  it('is in the user’s cache and named after the tree', () => {
    expect(defaultWorkDir('/src/linux', { ...home, XDG_CACHE_HOME: '/cache' })).toMatch(
      /^\/cache\/kabi-gate\/linux-[0-9a-f]{8}$/,
    )
    for (const cache of ['', 'relative']) {
      expect(defaultWorkDir('/src/linux', { ...home, XDG_CACHE_HOME: cache })).toMatch(
        /^\/home\/me\/\.cache\/kabi-gate\/linux-[0-9a-f]{8}$/,
      )
    }
  })

  it('differs for trees of one name, and is the same by whatever link a tree is reached', () => {
    const folder = temporaryFolder()
    symlinkSync(folder, join(folder, 'link'))
    expect(defaultWorkDir(join(folder, 'link'), home)).toBe(defaultWorkDir(folder, home))
    expect(defaultWorkDir('/a/linux', home)).not.toBe(defaultWorkDir('/b/linux', home))
  })

  it('has no character that make cannot handle', () => {
    expect(defaultWorkDir('/src/my linux:tree', home)).not.toMatch(/[\s:]/)
  })
})
