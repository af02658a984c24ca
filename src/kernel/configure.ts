import { cpSync, lstatSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigOptions } from '../abi/evidence.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import type { KernelConfig } from '../config/plan.ts'
import { readText } from '../io/read-text.ts'
import { droppedOptions, parseConfig } from './config-text.ts'
import { exists } from './exists.ts'
import { make, type Kbuild } from './make.ts'

/** Options without which the kernel records no checksums. */
const needed = ['CONFIG_MODULES', 'CONFIG_MODVERSIONS']

/** Where a configuration is made, and where it is used. */
export interface ConfigFolders {
  readonly config: string
  readonly build: string
  /** Both hold the configuration already, and nothing that it comes from has changed since. */
  readonly configured: boolean
}

/**
 * Makes a variant's kernel configuration: the base, then fragments and further lines, completed by `olddefconfig`. It
 * is made anew each time and in a folder of its own, so that no value survives from an earlier state of the tree, and
 * then copied to the build folder if it differs, so that an equal one makes nothing old; a new build folder begins as a copy of that one.
 * @returns the text of the final `.config`; absent when there is none or when it records no checksums.
 * @throws the system's error when a folder cannot be written.
 */
export async function configure(
  kbuild: Kbuild,
  config: KernelConfig,
  folders: ConfigFolders,
): Promise<Read<string | undefined>> {
  const additions = await readAdditions(config)
  const base = config.from.kind === 'file' ? await readOptions(config.from.path) : undefined
  const unreadable = [...additions.problems, ...(base?.problems ?? [])]
  if (unreadable.length > 0) return { value: undefined, problems: unreadable }

  const path = join(folders.config, '.config')
  if (!folders.configured) {
    const targets = config.from.kind === 'targets' ? config.from.targets : []
    const problem = await makeAnew(kbuild, folders.config, targets, base?.value.text, additions.value.text)
    if (problem) return { value: undefined, problems: [problem] }
  }
  const text = await readFile(path, 'utf8')
  const result = parseConfig(text, path)
  const problems = [
    result.problems,
    droppedOptions(additions.value.options, result.value) ?? [],
    withoutChecksums(result.value, path) ?? [],
  ].flat()
  if (problems.some(isError)) return { value: undefined, problems }
  if (await exists(folders.build)) await replaceIfDifferent(join(folders.build, '.config'), text)
  else await beginWith(folders.config, folders.build)
  return { value: text, problems }
}

async function makeAnew(
  kbuild: Kbuild,
  folder: string,
  targets: readonly string[],
  base: string | undefined,
  additions: string,
): Promise<Problem | undefined> {
  const path = join(folder, '.config')
  await mkdir(folder, { recursive: true })
  await rm(path, { force: true })
  for (const target of targets) {
    const problem = await makeConfig(kbuild, folder, target)
    if (problem) return problem
  }
  const start = base ?? (await readFile(path, 'utf8').catch(() => ''))
  await writeFile(path, lines(start) + additions)
  return makeConfig(kbuild, folder, 'olddefconfig')
}

async function makeConfig(kbuild: Kbuild, output: string, target: string): Promise<Problem | undefined> {
  // What it leaves beside the configuration is written only where it is missing.
  await rm(join(output, 'include'), { recursive: true, force: true })
  return make(kbuild, { output, targets: [target], jobs: 1 }, 'configure-failed')
}

interface ConfigPart {
  readonly text: string
  readonly options: ConfigOptions
}

async function readAdditions({ fragments, set }: KernelConfig): Promise<Read<ConfigPart>> {
  const parts = await Promise.all(fragments.map(readOptions))
  const ready = set.join('\n')
  const fromSet = parseConfig(ready, '')
  return {
    value: {
      text: [...parts.map(({ value }) => value.text), ready].map(lines).join(''),
      options: new Map([...parts.flatMap(({ value }) => [...value.options]), ...fromSet.value]),
    },
    problems: [
      ...parts.flatMap(({ problems }) => problems),
      ...fromSet.problems.map(({ message }): Problem => ({ kind: 'config', message })),
    ],
  }
}

async function readOptions(path: string): Promise<Read<ConfigPart>> {
  const { value, problems } = await readText(path)
  if (problems.length > 0) return { value: { text: '', options: new Map() }, problems }
  const parsed = parseConfig(value, path)
  return { value: { text: value, options: parsed.value }, problems: parsed.problems }
}

/** Ends text with a line end, so that the next part starts on a line of its own. */
function lines(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

function withoutChecksums(options: ConfigOptions, file: string): Problem | undefined {
  const off = needed.filter((name) => options.get(name) !== 'y')
  if (off.length === 0) return undefined
  const are = off.length === 1 ? 'is' : 'are'
  return {
    kind: 'modversions-off',
    message: `${off.join(' and ')} ${are} not set to y in the kernel's final configuration`,
    place: { file },
  }
}

/**
 * A new build folder begins with all that making the configuration left: its programs and what they wrote, which make would do once
 * more there. Everything stays as old as it is, so that make sees what is newer.
 */
async function beginWith(config: string, build: string): Promise<void> {
  await rm(`${build}.new`, { recursive: true, force: true })
  cpSync(config, `${build}.new`, { recursive: true, preserveTimestamps: true, filter: isNeeded })
  await rename(`${build}.new`, build)
}

/**
 * Make links to the source itself; what it leaves of other kinds is not for anybody. The many empty files are the dates at which
 * options changed, and of these there is none yet.
 */
function isNeeded(path: string): boolean {
  const found = lstatSync(path)
  return found.isDirectory() || (found.isFile() && found.size > 0)
}

async function replaceIfDifferent(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}
