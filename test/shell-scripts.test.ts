import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hasProgram } from './support/packaging.ts'

const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n').filter(Boolean)
const isScript = (file: string) => /^#!.*\b(?:ba|da)?sh\b/.test(readFileSync(file, 'utf8').slice(0, 80))
/** Those that people copy or run, not the small ones that tests write. */
const scripts = files.filter((file) => /^(?:\.ci|examples)\//.test(file) && isScript(file))

describe.skipIf(!hasProgram('shellcheck'))('the shell scripts (needs shellcheck)', () => {
  it.each(scripts)('%s has nothing that shellcheck complains about', (file) => {
    const { status, stdout, stderr } = spawnSync('shellcheck', [file], { encoding: 'utf8' })
    expect(stdout + stderr).toBe('')
    expect(status).toBe(0)
  })

  it('are all looked at', () => {
    expect(scripts).toEqual(
      expect.arrayContaining(['.ci/run', 'examples/rpm/kabi-build', 'examples/rpm/kabi-deps']),
    )
  })
})
