import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { main } from '../../src/action/main.ts'
import { kabiYml, released, whitelist, workspace } from '../support/workspace.ts'
import { forgeEnvironment, type Forge } from './forge.ts'
import { pullRequestPayload } from './payloads.ts'

export interface MainRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The workspace, for another step of the same job. */
  readonly folder: string
  readonly summary: string
  readonly outputs: ReadonlyMap<string, string>
  /** What the action waited between requests, in milliseconds. */
  readonly waits: readonly number[]
  readonly audit: string
}

export interface MainOptions {
  readonly symvers?: string
  /** The work tree is trusted, and a token given, unless these say otherwise. */
  readonly inputs?: Readonly<Record<string, string>>
  readonly payload?: object
  readonly env?: Readonly<Record<string, string>>
  /** Who started the run. */
  readonly actor?: string
  /** A workspace that is there already; a new one when not given. */
  readonly folder?: string
  /** Does something to the workspace first. */
  readonly prepare?: (folder: string) => void
}

// The toolkit remembers the path of the summary for as long as the process lives.
const runner = mkdtempSync(join(tmpdir(), 'kabi-gate-runner-'))
process.once('exit', () => rmSync(runner, { recursive: true, force: true }))

/** Runs the action's main in this process, against a pretended forge, and waits for nothing. */
export async function runMain(forge: Forge | undefined, options: MainOptions): Promise<MainRun> {
  const { symvers = released, inputs = {}, payload = pullRequestPayload(), env = {} } = options
  const folder =
    options.folder ??
    workspace({
      'whitelists/x86_64/kabi_whitelist': whitelist,
      'kabi.yml': kabiYml,
      'Module.symvers': symvers,
    })
  options.prepare?.(folder)
  mkdirSync(runner, { recursive: true })
  const file = (name: string, contents = '') => {
    writeFileSync(join(runner, name), contents)
    return join(runner, name)
  }
  const variables: Record<string, string> = {
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: join(folder, '.runner'),
    ...forgeEnvironment(forge ?? { url: 'http://127.0.0.1:9' }, file('event.json', JSON.stringify(payload))),
    ...Object.fromEntries(
      Object.entries({ 'github-token': 't0ken', 'baseline-ref': 'none', ...inputs }).map(([name, value]) => [
        `INPUT_${name.toUpperCase()}`,
        value,
      ]),
    ),
    ...env,
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  const waits: number[] = []
  let stdout = ''
  let stderr = ''
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += String(text)
      return true
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      stderr += String(text)
      return true
    }),
  ]
  try {
    const code = await main({
      env: variables,
      workspace: folder,
      actor: options.actor ?? 'hubot',
      signal: new AbortController().signal,
      delay: (milliseconds) => {
        waits.push(milliseconds)
        return Promise.resolve()
      },
    })
    const audit = join(folder, '.runner', 'kabi-gate-report', 'audit.jsonl')
    return {
      code,
      stdout,
      stderr,
      folder,
      waits,
      summary: readFileSync(join(runner, 'summary'), 'utf8'),
      outputs: parseOutputs(readFileSync(join(runner, 'output'), 'utf8')),
      audit: existsSync(audit) ? readFileSync(audit, 'utf8') : '',
    }
  } finally {
    for (const spy of spies) spy.mockRestore()
    vi.unstubAllEnvs()
  }
}

/** The runner's file format: NAME<<MARK, value, MARK; the last value counts. */
function parseOutputs(text: string): Map<string, string> {
  const outputs = new Map<string, string>()
  for (const [, name = '', , value = ''] of text.matchAll(/^(\S+)<<(\S+)\n([\s\S]*?)\n?\2$/gm))
    outputs.set(name, value)
  return outputs
}
