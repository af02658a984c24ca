import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodes, runAction, runCli } from '../e2e/run-bundle.ts'
import type { FakeKernel } from '../kernel-unit/fake-kernel.ts'
import { buildingKernel, environmentOf } from './building-kernel.ts'

/**
 * A kernel whose build takes a moment, and what sends a process the signal that lets Node.js open its inspector in that moment: as a
 * build does where it has no process numbers of its own.
 */
function openingKernel(): { readonly kernel: FakeKernel; readonly started: (pid: number) => void } {
  const kernel = buildingKernel()
  const building = join(kernel.folder, 'building')
  kernel.scenario(`prepare() { touch ${building}; sleep 0.3; }\n`)
  const started = (pid: number): void => {
    const timer = setInterval(() => {
      if (!existsSync(building)) return
      clearInterval(timer)
      process.kill(pid, 'SIGUSR1')
    }, 10)
  }
  return { kernel, started }
}

describe.each(nodes)('the inspector of $name', ({ node }) => {
  describe.skipIf(!existsSync(node))('(npm has no Node 24 for this machine)', () => {
    it('is not opened by a build that check runs on the command line', async () => {
      const { kernel, started } = openingKernel()
      const cwd = kernel.source
      const { code, stdout, stderr } = await runCli(
        ['check'],
        { cwd, started, env: environmentOf(kernel) },
        node,
      )
      expect(stderr).not.toMatch(/debugger/i)
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^PASS/)])
    })

    it('is not opened by a build that the action runs', async () => {
      const { kernel, started } = openingKernel()
      const summary = join(kernel.folder, 'summary')
      writeFileSync(summary, '')
      const env = {
        ...environmentOf(kernel),
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_WORKSPACE: kernel.source,
        RUNNER_TEMP: kernel.folder,
      }
      const { code, stderr } = await runAction({ cwd: kernel.source, env, started }, node)
      expect(stderr).not.toMatch(/debugger/i)
      expect(code).toBe(0)
    })
  })
})
