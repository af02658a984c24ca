import { lstat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { errorCode, fileProblem } from '../io/file-problem.ts'
import { readRules } from './read-rules.ts'
import { readText } from '../io/read-text.ts'
import { shippedFolder, shippedWhitelists } from './shipped-whitelists.ts'
import { makePlan } from './make-plan.ts'
import { parseConfig } from './parse-config.ts'
import type { Narrowing } from './narrow-plan.ts'
import type { Plan } from './plan.ts'
import { readWaivers } from './read-waivers.ts'

/** Which variants of which kernel tree to check; what a command line or a workflow says. */
export interface PlanRequest extends Narrowing {
  /** The configuration file; absent: `kabi.yml` or `.github/kabi.yml` in the source tree. */
  readonly config: string | undefined
  /** The kernel source tree. */
  readonly source: string
  /** The folder with the families of whitelists that come with kabi-gate; absent: that of the kabi-gate that runs. */
  readonly shipped?: string | undefined
}

/** Where a configuration is looked for. */
export const configurationPlaces: readonly string[] = [
  'kabi.yml',
  'kabi.yaml',
  '.github/kabi.yml',
  '.github/kabi.yaml',
]

/** 4 MiB, so that parseConfig is who refuses what is too long. */
const maxBytes = 4 * 1024 * 1024

/**
 * Reads the configuration and the files of severities and waivers that it names. Relative paths in it start from its folder;
 * those in `.github` from the folder above, which is the repository.
 *
 * Problems, all without a value: those of `parseConfig`; no configuration, or several; `unreadable`; those of the
 * severities and of the waivers.
 * @param path the configuration; when not given, it is looked for in `folder`
 * @param folder where a relative `path` starts
 * @param shipped the folder with the families of whitelists that `builtin:` can name
 * @param bring called with the files that are to be read next, absolute; its problems are told like those of reading
 */
export async function loadPlan(
  path: string | undefined,
  folder: string,
  shipped = shippedFolder(),
  bring: (paths: readonly string[]) => Promise<readonly Problem[]> = () => Promise.resolve([]),
): Promise<Read<Plan | undefined>> {
  const sought =
    path === undefined ? configurationPlaces.map((place) => join(folder, place)) : [resolve(folder, path)]
  const absent = await bring(sought)
  if (absent.length > 0) return { value: undefined, problems: absent }
  const { value: file, problems } =
    path === undefined ? await findConfig(folder) : { value: path, problems: [] }
  if (file === undefined) return { value: undefined, problems }
  const absolute = resolve(folder, file)
  const text = await readText(absolute, { maxBytes })
  if (text.problems.length > 0) return { value: undefined, problems: text.problems }
  const families = await shippedWhitelists(shipped)
  const config = parseConfig(text.value, file, families)
  if (!config.value) return { value: undefined, problems: config.problems }
  const base = baseFolder(absolute)
  const plan = makePlan(config.value, file, base, families)
  const { policy, waivers: waiversFile } = config.value.settings
  const listed = typeof policy === 'object' ? (policy.severities ?? []) : []
  const severitiesFiles = [listed].flat().map((one) => resolve(base, one))
  const named = [...severitiesFiles, ...(waiversFile === undefined ? [] : [resolve(base, waiversFile)])]
  const unbrought = await bring(named)
  if (unbrought.length > 0) return { value: undefined, problems: unbrought }
  const nothing = { value: [], problems: [] }
  const severities = await readRules(severitiesFiles)
  const names = plan.variants.map(({ name }) => name)
  const waivers = waiversFile === undefined ? nothing : await readWaivers(resolve(base, waiversFile), names)
  const unread = [...severities.problems, ...waivers.problems]
  if (unread.length > 0) return { value: undefined, problems: unread }
  const rules = [...plan.policy.rules, ...severities.value]
  return {
    value: {
      ...plan,
      policy: { ...plan.policy, rules },
      waivers: waivers.value,
      lineOf: config.value.lineOf,
    },
    problems: [],
  }
}

function baseFolder(file: string): string {
  const folder = dirname(file)
  return basename(folder) === '.github' ? dirname(folder) : folder
}

async function findConfig(folder: string): Promise<Read<string | undefined>> {
  const found: string[] = []
  for (const place of configurationPlaces) {
    const path = join(folder, place)
    try {
      await lstat(path)
      found.push(path)
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) {
        return { value: undefined, problems: [fileProblem('unreadable', path, error)] }
      }
    }
  }
  const [first] = found
  if (first === undefined) return { value: undefined, problems: [noConfig(folder)] }
  return found.length === 1
    ? { value: first, problems: [] }
    : { value: undefined, problems: [several(found)] }
}

function noConfig(folder: string): Problem {
  return {
    kind: 'config',
    message: `There is no configuration in ${quote(folder)}: neither ${configurationPlaces.join(' nor ')}.`,
    advice:
      'Run `kabi-gate init` in the kernel tree to get a kabi.yml to start from, or name the file with --config.',
  }
}

function several(found: readonly string[]): Problem {
  return {
    kind: 'config',
    message: `There are several configurations: ${found.map(quote).join(' and ')}.`,
    advice: 'Keep one of them, or name the file with --config.',
  }
}
