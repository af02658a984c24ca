import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodes, runAction, runCli } from '../e2e/run-bundle.ts'
import { buildingKernel, environmentOf } from './building-kernel.ts'

/** A build that lets Node.js open its inspector in whatever started it. */
const opens = 'prepare() { kill -USR1 $PPID; sleep 0.2; }\n'

describe.each(nodes)('the inspector of $name', ({ node }) => {
  describe.skipIf(!existsSync(node))('(npm has no Node 24 for this machine)', () => {
    it('is not opened by a build that check runs on the command line', async () => {
      const kernel = buildingKernel()
      kernel.scenario(opens)
      const cwd = kernel.source
      const { code, stdout, stderr } = await runCli(['check'], { cwd, env: environmentOf(kernel) }, node)
      expect(stderr).not.toMatch(/debugger/i)
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^PASS/)])
    })

    it('is not opened by a build that the action runs', async () => {
      const kernel = buildingKernel()
      kernel.scenario(opens)
      const summary = join(kernel.folder, 'summary')
      writeFileSync(summary, '')
      const env = {
        ...environmentOf(kernel),
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_WORKSPACE: kernel.source,
        RUNNER_TEMP: kernel.folder,
      }
      const { code, stderr } = await runAction({ cwd: kernel.source, env }, node)
      expect(stderr).not.toMatch(/debugger/i)
      expect(code).toBe(0)
    })
  })
})
