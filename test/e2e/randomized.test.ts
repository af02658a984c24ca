import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commitAll } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  addedField,
  canBuildTinyKernel,
  deviceHeader,
  patchedHeader,
  releaseTinyKernel,
} from '../support/tiny-kernel.ts'
import { writeFiles } from '../support/workspace.ts'
import { runCli } from './run-bundle.ts'

const reason = /this configuration randomizes how structures lie in memory, .* \(CONFIG_RANDSTRUCT=y\)/

describe.skipIf(!canBuildTinyKernel)(
  'a kernel that randomizes structures (needs make, gcc and what a kernel build calls)',
  () => {
    /** A release with layouts, of which a later commit changed the configuration. */
    async function randomized() {
      const folder = temporaryFolder()
      const linux = join(folder, 'linux')
      await releaseTinyKernel(linux)
      appendFileSync(join(linux, 'configs/x86_64.config'), 'CONFIG_RANDSTRUCT=y\n')
      const base = commitAll(linux, 'randomize')
      const run = async (...args: readonly string[]) => {
        const { code, stdout } = await runCli([...args, '--work-dir', join(folder, 'work')], { cwd: linux })
        return { code, text: stdout.replace(/\s+/g, ' ') }
      }
      return { linux, base, run }
    }

    it('is not compared in memory: a note says why, and an error where the patch hides something', async () => {
      const { linux, base, run } = await randomized()
      const clean = await run('check')
      expect(clean).toMatchObject({ code: 0, text: expect.stringMatching(reason) as unknown })
      expect(clean.text).toContain('note: Layouts not known')

      const hidden = ['#ifndef __GENKSYMS__', addedField, '#endif'].join('\n')
      writeFiles(linux, { [deviceHeader]: patchedHeader.replace(addedField, hidden) })
      commitAll(linux, 'hide')
      const patched = await run('check', '--baseline-ref', base)
      expect(patched).toMatchObject({ code: 3, text: expect.stringMatching(reason) as unknown })
      expect(patched.text).toContain('error: Hidden changes not judged')
    })

    it('gets a whitelist without layouts, and is told why', async () => {
      const { linux, run } = await randomized()
      writeFiles(linux, { whitelists: undefined, names: 'device_add\n' })
      const made = await run('whitelist', 'create', '--names', 'names')
      expect(made).toMatchObject({ code: 0, text: expect.stringMatching(reason) as unknown })
      const stored = ['symtypes.gz', 'layouts.gz'].map((name) =>
        existsSync(join(linux, 'whitelists/x86_64', name)),
      )
      expect(stored).toEqual([true, false])
    })
  },
)
