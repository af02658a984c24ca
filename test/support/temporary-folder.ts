import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, onTestFinished } from 'vitest'

/** An empty folder that lives as long as the test; its path has no symbolic link in it. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'test-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Gives each test of the file an empty folder of its own. @returns a path inside it */
export function folderOfEachTest(): (...parts: string[]) => string {
  let folder = ''
  beforeEach(() => {
    folder = temporaryFolder()
  })
  return (...parts) => join(folder, ...parts)
}
