import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { commandTree, type CommandNode } from '../../src/cli/completion/command-tree.ts'
import { commandsFor } from '../../src/cli/commands.ts'
import { addCommands } from '../../src/cli/main.ts'
import { checkoutOf } from '../support/git.ts'
import { kabiYml, patched, released, whitelist, writeFiles } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const gitlab = 'examples/gitlab-ci/kabi-gate.gitlab-ci.yml'
const files = [gitlab, 'examples/rpm/kernel.spec', 'examples/rpm/koji-judge.sh']

interface Job {
  readonly script?: readonly string[]
  readonly needs?: readonly unknown[]
  readonly when?: string
  readonly artifacts?: { readonly when?: string; readonly reports?: Readonly<Record<string, string>> }
}

const jobs = parse(readFileSync(gitlab, 'utf8')) as Readonly<Record<string, Job>>

/** The command lines of kabi-gate in a file, as words; comments are left out. */
function commandsIn(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*-\s/, '').trim())
    .filter((line) => line.startsWith('kabi-gate '))
    .map((line) =>
      line
        .split(/\s+/)
        .slice(1)
        .map((word) => word.replaceAll('"', '')),
    )
}

const commands = await commandsFor([])

function program(): CommandNode {
  const root = new Command('kabi-gate')
  addCommands(root, commands, () => undefined)
  return commandTree(root)
}

describe.each(files)('the example %s', (file) => {
  const commands = commandsIn(readFileSync(file, 'utf8'))

  it('names only commands and options that there are', () => {
    const tree = program()
    expect(commands.length).toBeGreaterThan(0)
    for (const [name, ...words] of commands) {
      const command = tree.commands.find((one) => one.path.at(-1) === name)
      expect(command, name).toBeDefined()
      const known = command?.options.flatMap(({ names }) => names) ?? []
      for (const word of words.filter((one) => one.startsWith('--')))
        expect(known, `${name} ${word}`).toContain(word)
    }
  })
})

it('the examples use the same verbs: plan, collect and judge', () => {
  const verbs = (paths: readonly string[]) =>
    new Set(paths.flatMap((path) => commandsIn(readFileSync(path, 'utf8')).map(([verb]) => verb)))
  expect(verbs(files.slice(0, 1))).toEqual(new Set(['plan', 'collect', 'judge']))
  expect(verbs(files.slice(1))).toEqual(new Set(['plan', 'collect', 'judge']))
})

describe('the jobs for GitLab', () => {
  it('give GitLab the reports that they write, also when the verdict is red', () => {
    const written = jobs['kabi-verdict']?.script?.join(' ') ?? ''
    const { when, reports = {} } = jobs['kabi-verdict']?.artifacts ?? {}
    expect(when).toBe('always')
    expect(Object.keys(reports)).toEqual(['codequality', 'junit'])
    for (const path of Object.values(reports)) expect(written).toContain(`=${path}`)
    expect(jobs['kabi-verdict']?.when).toBe('always')
    expect(jobs['kabi-collect']?.artifacts?.when).toBe('always')
  })

  /** Runs the scripts of the three jobs, as a pipeline for a merge request does, and gives the last exit code. */
  async function pipeline(
    symvers: string,
  ): Promise<{ readonly codes: readonly number[]; readonly folder: string }> {
    const files = { 'kabi.yml': kabiYml, 'whitelists/x86_64/kabi_whitelist': whitelist, Makefile: '' }
    const { folder, commit } = checkoutOf(files)
    writeFiles(folder, { 'Module.symvers': symvers })
    const variables: Readonly<Record<string, string>> = {
      VARIANT: 'x86_64',
      CI_PROJECT_DIR: folder,
      CI_COMMIT_SHA: commit,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: commit,
      KABI_WORK: `${folder}.kabi-gate`,
    }
    const codes: number[] = []
    for (const job of ['kabi-plan', 'kabi-collect', 'kabi-verdict'])
      for (const command of commandsIn(jobs[job]?.script?.join('\n') ?? '')) {
        // This process works elsewhere than the job does.
        const words = command.map((word, index) => {
          const set = word.replace(/\$(\w+)/g, (_, name: string) => variables[name] ?? `no ${name}`)
          return command[index - 1] === '--output' ? set.replace(/(^|=)(?=[^/=]+$)/, `$1${folder}/`) : set
        })
        codes.push((await runMain(words, { cwd: folder, env: { PATH: process.env['PATH'] ?? '' } })).code)
      }
    return { codes, folder }
  }

  it.each([
    [released, [0, 0, 0], 0],
    [patched, [0, 0, 1], 2],
  ])('find out what a merge request breaks, and write it for GitLab', async (symvers, codes, blockers) => {
    const run = await pipeline(symvers)
    expect(run.codes).toEqual(codes)
    const issues = JSON.parse(
      readFileSync(join(run.folder, 'gl-code-quality-report.json'), 'utf8'),
    ) as readonly {
      readonly severity: string
    }[]
    expect(issues.filter(({ severity }) => severity === 'blocker')).toHaveLength(blockers)
    expect(readFileSync(join(run.folder, 'kabi-junit.xml'), 'utf8')).toContain(
      `<testsuites name="kabi-gate" tests=`,
    )
  })
})
