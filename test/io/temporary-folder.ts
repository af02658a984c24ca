import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** Gives each test of the file an empty folder of its own. @returns a path inside it */
export function temporaryFolder(): (...parts: string[]) => string {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kabi-gate-test-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })
  return (...parts) => join(folder, ...parts)
}
