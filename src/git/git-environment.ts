import { execFile } from 'node:child_process'
import type { Environment } from '../processes/scrubbed-environment.ts'

const known = new Map<string, Promise<Environment>>()

/**
 * The environment for git: settings of the user do not count, as a build that ran before may have written them
 * (`~/.gitconfig` can name programs that git starts). All that is kept of them is which folders git may read although they
 * belong to somebody else (`safe.directory`), which actions/checkout writes there.
 */
export function gitEnvironment(env: Environment): Promise<Environment> {
  const key = JSON.stringify(env)
  const made = known.get(key) ?? makeEnvironment(env)
  known.set(key, made)
  return made
}

async function makeEnvironment(env: Environment): Promise<Environment> {
  const quiet = { ...env, GIT_TERMINAL_PROMPT: '0', GIT_ATTR_NOSYSTEM: '1' }
  const folders = await output(['config', '--global', '--get-all', 'safe.directory'], env)
  const safe = folders.split('\n').filter((folder) => folder !== '')
  // An older git reads safe.directory in files only.
  if (safe.length > 0 && !takesSafeDirectory(await output(['--version'], env))) return quiet
  const settings = safe.flatMap((folder, at) => [
    [`GIT_CONFIG_KEY_${at}`, 'safe.directory'] as const,
    [`GIT_CONFIG_VALUE_${at}`, folder] as const,
  ])
  return {
    ...quiet,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: String(safe.length),
    ...Object.fromEntries(settings),
  }
}

/** From 2.38 on, `safe.directory` counts also where the environment says it. */
function takesSafeDirectory(version: string): boolean {
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version) ?? []
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 38)
}

/** Empty when git fails or is not there, which the next call of git tells. */
function output(args: readonly string[], env: Environment): Promise<string> {
  return new Promise((resolve) => {
    execFile('git', args, { env, cwd: '/' }, (error, stdout) => resolve(error ? '' : stdout))
  })
}
