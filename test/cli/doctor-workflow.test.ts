import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const good = readFileSync('examples/workflows/pull-request.yml', 'utf8')
const bad = `on: pull_request
jobs:
  gate:
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@v7
        with: { fetch-depth: 0 }
      - uses: distro/kabi-gate@3d3c42e5aac5ba805825da76410c181273ba90b1
`

function folder(files: Readonly<Record<string, string>>): string {
  const path = temporaryFolder()
  mkdirSync(path, { recursive: true })
  writeFiles(path, files)
  return path
}

describe('kabi-gate doctor --workflow', () => {
  it('exits with 0 for a workflow with nothing wrong, and needs no kabi.yml', async () => {
    const ran = await runMain(['doctor', '--workflow', 'a.yml'], { cwd: folder({ 'a.yml': good }) })
    expect(ran).toEqual({ code: 0, stdout: 'a.yml: nothing is wrong\n', stderr: '' })
  })

  it('says what is wrong, where, why, and how it would be right', async () => {
    const { code, stdout } = await runMain(['doctor', '--workflow', 'a.yml'], {
      cwd: folder({ 'a.yml': bad }),
    })
    expect(code).toBe(3)
    expect(stdout).toMatchInlineSnapshot(`
      "error[no-merge-group]: Not in merge queues
        --> a.yml:1:1
          on: pull_request
          ^^
        = note: The workflow has the event pull_request, but not merge_group. A merge queue waits for
                required checks, and this one never starts there.
        = corrected:
            on:
              pull_request:
              merge_group:

      error[base-types]: Change of the base not noticed
        --> a.yml:1:1
          on: pull_request
          ^^
        = note: A pull request that gets another base starts no run. Without \`edited\`, changing the base
                branch of a pull request starts no run: a check that was green with the whitelists of the
                old base stays green for the new one.
        = corrected:
            on:
              pull_request:
                types: [opened, reopened, synchronize, edited, labeled, unlabeled]

      error[credentials-kept]: Token left in the work tree
        --> a.yml:6:9
                - uses: actions/checkout@v7
                  ^^^^^^^^^^^^^^^^^^^^^^^^^
        = note: A job that builds keeps the token of its checkout. By default actions/checkout keeps its
                token for later steps, and the build is one of them.
        = corrected:
            - uses: actions/checkout@v7
              with:
                persist-credentials: false

      error[unpinned]: Not pinned
        --> a.yml:6:9
                - uses: actions/checkout@v7
                  ^^^^
        = note: "actions/checkout@v7" is pinned to no commit. A tag or a branch can be moved to other
                code, which then runs with the permissions of the job.
        = corrected:
            uses: actions/checkout@<full name of the commit> # v7

      4 things are wrong; correct and run this again.
      "
    `)
  })

  it('gives the same as JSON', async () => {
    const cwd = folder({ 'a.yml': bad, 'b.yml': good })
    const { code, stdout } = await runMain(
      ['doctor', '--json', '--workflow', 'a.yml', '--workflow', 'b.yml'],
      { cwd },
    )
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      ready: false,
      workflows: [
        {
          file: 'a.yml',
          faults: [
            {
              rule: 'no-merge-group',
              line: 1,
              column: 1,
              corrected: ['on:', '  pull_request:', '  merge_group:'],
            },
            { rule: 'base-types', line: 1, column: 1 },
            { rule: 'credentials-kept', line: 6, column: 9 },
            { rule: 'unpinned', line: 6, column: 9 },
          ],
        },
        { file: 'b.yml', faults: [] },
      ],
    })
  })

  it('shows no control characters of a file', async () => {
    const text = bad
      .replace('checkout@v7', 'checkout@"\\u001b[2J"')
      .replace('actions/', '"actions/')
      .replace('"\\u', '\\u')
    const cwd = folder({ 'a.yml': text })
    const { stdout, code } = await runMain(['doctor', '--workflow', 'a.yml'], { cwd })
    expect(code).toBe(3)
    expect(stdout).toContain('unpinned')
    expect(stdout).not.toContain('\u001b')
  })

  it.each([
    ['is not there', [], 3, /gone\.yml/],
    ['is no YAML', ['gone.yml', 'on: [\n'], 2, /gone\.yml:1/],
    ['is no workflow', ['gone.yml', 'version: 1\n'], 2, /it has no jobs/],
  ] as const)('is an error for a file that %s', async (_, [name, text], code, message) => {
    const cwd = folder(name === undefined ? {} : { [name]: text ?? '' })
    const ran = await runMain(['doctor', '--workflow', join(cwd, 'gone.yml')], { cwd })
    expect(ran.code).toBe(code)
    expect(ran.stdout).toMatch(message)
  })

  it('refuses two forms of output at once', async () => {
    const { code } = await runMain(['doctor', '--json', '--format', 'text'], { cwd: folder({}) })
    expect(code).toBe(2)
  })
})
