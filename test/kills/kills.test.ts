import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { killAndRepeat, seeded } from './kill-and-repeat.ts'

// All of it: npm run kills -- --seed 1 --count 1000
it('a command that was killed while it writes is finished by its repeat, and nothing is left behind', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kabi-kills-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  expect(await killAndRepeat(folder, 7, seeded(1))).toEqual([])
}, 120_000)
