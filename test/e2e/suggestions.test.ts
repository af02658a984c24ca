import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forgeEnvironment, startForge, type Forge } from '../action/forge.ts'
import { forkPayload, pullRequestPayload } from '../action/payloads.ts'
import { commitAll, git } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  addedField,
  canBuildTinyKernel,
  deviceHeader,
  patchedHeader,
  releaseTinyKernel,
} from '../support/tiny-kernel.ts'
import { writeFiles } from '../support/workspace.ts'
import { nodes, runAction, type Finished } from './run-bundle.ts'

/** A workspace as the reusable workflow lays it out, with the evidence of the pull request. */
let template: string
/** The commit with the whitelist. */
let base: string

beforeAll(async () => {
  if (!canBuildTinyKernel) return
  template = realpathSync(mkdtempSync(join(tmpdir(), 'kabi-gate-suggestions-')))
  const linux = join(template, 'linux')
  base = await releaseTinyKernel(linux)
  writeFiles(linux, { [deviceHeader]: patchedHeader })
  commitAll(linux, 'device: remember the probe')
  const collected = await act(template, { command: 'collect', variant: 'x86_64' })
  expect(collected.code).toBe(0)
})

afterAll(() => {
  if (canBuildTinyKernel) rmSync(template, { recursive: true, force: true })
})

interface Surroundings {
  readonly forge?: Forge
  readonly payload?: object
  readonly node?: string
}

/** One step of a job, by the committed action. */
async function act(
  folder: string,
  inputs: Readonly<Record<string, string>>,
  { forge, payload = pullRequestPayload('synchronize', {}, { base }), node }: Surroundings = {},
): Promise<Finished & { readonly summary: string }> {
  const runner = join(folder, 'runner')
  mkdirSync(runner, { recursive: true })
  const file = (name: string, contents = '') => {
    writeFileSync(join(runner, name), contents)
    return join(runner, name)
  }
  const summary = file('summary')
  const all = { source: 'linux', ...(forge ? { 'github-token': 't0ken' } : {}), ...inputs }
  const event = forgeEnvironment(
    forge ?? { url: 'http://127.0.0.1:9' },
    file('event.json', JSON.stringify(payload)),
  )
  const env = {
    ...event,
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'pat',
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: runner,
    ...Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  }
  const finished = await runAction({ cwd: folder, env, waits: file('waits') }, node)
  return { ...finished, summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '' }
}

/** A forge whose pull request adds a field, and has the lines around it in its diff. */
async function forgeWithPull(): Promise<Forge> {
  const forge = await startForge()
  forge.files[deviceHeader] = patchedHeader
  forge.hunks = { [deviceHeader]: [[1, 7]] }
  return forge
}

const warnings = ({ stdout }: Finished) =>
  stdout.split('\n').filter((line) => /^::warning.*[Ss]uggestions/.test(line))

describe.skipIf(!canBuildTinyKernel).each(nodes)(
  'suggestions of the action under $name (needs make, gcc and what a kernel build calls)',
  ({ node }) => {
    const ofThisTest = () => {
      const folder = temporaryFolder()
      cpSync(template, folder, { recursive: true })
      return folder
    }
    const judge = (folder: string, forge: Forge, more: Surroundings = {}, inputs = {}) =>
      act(folder, { command: 'judge', suggestions: 'true', ...inputs }, { forge, node, ...more })
    const writes = ({ requests }: Forge) =>
      requests.filter((line) => /^(POST|PATCH|DELETE) .*\/pulls\//.test(line))

    describe.skipIf(!existsSync(node))('(npm has no Node 24 for this machine)', () => {
      it('stand once at the line that added a field, with lines that the next run accepts; then it is taken away', async () => {
        const forge = await forgeWithPull()
        const folder = ofThisTest()
        for (let runs = 0; runs < 2; runs++) {
          const run = await judge(folder, forge)
          expect([run.code, warnings(run)]).toEqual([1, []])
          expect(run.summary).toContain('BREAK')
          expect(run.summary).toMatch(/Commit:\*\* [0-9a-f]{12} \("device: remember the probe", /)
          expect(run.stdout).toMatch(/^::error .*file=include\/linux\/device\.h,line=4.*::Cause 1/m)
        }
        expect(writes(forge)).toEqual(['POST /repos/distro/linux/pulls/12/comments'])
        const [comment, ...others] = forge.reviewComments
        expect(others).toEqual([])
        expect(comment).toMatchObject({
          path: deviceHeader,
          line: 4,
          side: 'RIGHT',
          commit_id: forge.pull.head,
        })
        expect(comment?.start_line).toBeUndefined()
        const [, suggested = ''] = /^```suggestion\n([\s\S]*)\n```$/m.exec(comment?.body ?? '') ?? []
        expect(suggested.split('\n')).toEqual(['#ifndef __GENKSYMS__', addedField, '#endif'])

        // What the button does.
        const applied = patchedHeader.split('\n').toSpliced(3, 1, suggested).join('\n')
        writeFiles(join(folder, 'linux'), { [deviceHeader]: applied })
        commitAll(join(folder, 'linux'), 'Apply suggestion')
        forge.files[deviceHeader] = applied
        expect((await act(folder, { command: 'collect', variant: 'x86_64' })).code).toBe(0)
        const mended = await judge(folder, forge)
        expect(mended.code).toBe(0)
        expect(mended.summary).toContain('PASS')
        expect(forge.reviewComments).toEqual([])
      })

      it('stand beside the commit that the forge names, where the checkout has no history', async () => {
        const forge = await forgeWithPull()
        const folder = ofThisTest()
        const shallow = git(join(folder, 'linux'), 'rev-parse', 'HEAD')
        writeFileSync(join(folder, 'linux/.git/shallow'), `${shallow}\n`)
        const patch = `@@ -4,0 +4 @@\n+${addedField}`
        forge.commits = [
          { sha: forge.pull.head, message: 'device: as pushed', files: { [deviceHeader]: patch } },
        ]
        const run = await judge(folder, forge)
        expect(run.code).toBe(1)
        expect(run.summary).toContain(`${forge.pull.head.slice(0, 12)} ("device: as pushed", 2026-11-03)`)
        forge.failAlways(/pulls\/12\/commits/, { status: 403, message: 'Resource not accessible' })
        const unnamed = await judge(folder, forge)
        expect([unnamed.code, unnamed.summary.includes('Commit:**')]).toEqual([1, false])
        expect(unnamed.stdout).toMatch(/^::warning .*The commits of changed lines are not named/m)
      })

      it('are none unless asked for', async () => {
        const forge = await forgeWithPull()
        expect((await judge(ofThisTest(), forge, {}, { suggestions: 'false' })).code).toBe(1)
        expect((await act(ofThisTest(), { command: 'judge' }, { forge, node })).code).toBe(1)
        expect(forge.requests.filter((line) => line.includes('/pulls/12/comments'))).toEqual([])
        expect(forge.comments).not.toEqual([])
      })

      it('are none for a fork, whose token may not write: the verdict stands and a warning says why', async () => {
        const forge = await forgeWithPull()
        forge.failAlways(/^POST .*comments/, {
          status: 403,
          message: 'Resource not accessible by integration',
        })
        const payload = forkPayload('synchronize', {}, base)
        const run = await judge(ofThisTest(), forge, { payload })
        expect(run.code).toBe(1)
        expect(run.summary).toContain('BREAK')
        expect(warnings(run)).toEqual([
          expect.stringMatching(
            /not written: include\/linux\/device\.h:4: .*pull-requests: write.*fork never has/,
          ),
        ])
        expect(forge.reviewComments).toEqual([])
      })

      it('are none at a line that the pull request does not show, as when the base is an older commit', async () => {
        const forge = await forgeWithPull()
        forge.hunks = { 'lib/device.c': [[1, 10]] }
        const run = await judge(ofThisTest(), forge)
        expect(run.code).toBe(1)
        expect(warnings(run)).toEqual([expect.stringMatching(/device\.h:4: .*422.*must be part of the diff/)])
        expect(forge.reviewComments).toEqual([])
      })

      it('are none where the commit of the pull request has other lines there', async () => {
        const forge = await forgeWithPull()
        forge.files[deviceHeader] = `\n${patchedHeader}`
        const run = await judge(ofThisTest(), forge)
        expect(run.code).toBe(1)
        expect(warnings(run)).toEqual([expect.stringContaining('the lines are elsewhere in the commit')])
        expect(writes(forge)).toEqual([])
      })
    })
  },
)
