import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Basis, BuildTypes, ConfigOptions, ObjectRecord } from '../abi/evidence.ts'
import type { Symvers } from '../abi/export.ts'
import type { Layouts } from '../abi/layouts/layout.ts'
import type { Problem } from '../problem/problem.ts'
import type { KernelConfig } from '../config/plan.ts'
import type { CollectOptions } from './collect.ts'
import { compilerVersion } from './compiler-version.ts'
import { configDigest, parseConfig } from './config-text.ts'
import { configure, type ConfigFolders } from './configure.ts'
import { exists } from './exists.ts'
import { basisOf, type Looked } from './basis.ts'
import { filesRead } from './files-read.ts'
import type { Kbuild } from './make.ts'
import { configurationDigest, preparationKey } from './preparation-key.ts'
import { settledSteps } from './settled-steps.ts'
import { toolchainVariables } from './toolchain-commands.ts'
import {
  firstDifference,
  hidingFiles,
  readSnapshot,
  saveSnapshot,
  takeSnapshot,
  whyNotReusable,
  type BuildSettings,
  type BuiltFrom,
  type TreeSnapshot,
} from './tree-snapshot.ts'

/** A variant's own folder, configured. */
export interface BuildFolder {
  /** Holds the `.config` and whatever make writes. */
  readonly output: string
  /** For what a strategy itself keeps from run to run; removed together with `output`. */
  readonly kept: string
  /** For results that tell by content whether they still hold; nothing makes them invalid, so they are never removed. */
  readonly results: string
  /** The final configuration. */
  readonly options: ConfigOptions
  /** The files of the kernel tree, as they were when the run began. */
  readonly files: TreeSnapshot
  /** What the last run, which succeeded, let make prepare is still good. */
  readonly prepared: boolean
}

/** What a strategy read from a configured kernel. */
export interface Extracted {
  readonly symvers: Symvers
  readonly objects?: ReadonlyMap<string, ObjectRecord>
  /** The types that the build itself made. */
  readonly types?: BuildTypes
  readonly layouts?: Layouts
  /** Absent where nobody noted what was looked at. */
  readonly looked?: Looked
  readonly notes: readonly Problem[]
}

/** Why nothing was read; at least one is an error. */
export interface Failed {
  readonly problems: readonly Problem[]
}

interface FolderResult extends Extracted {
  readonly compiler: string
  readonly configDigest: string
  readonly options: ConfigOptions
  readonly basis?: Basis
}

/**
 * Configures a variant in its own folder and lets a strategy read the exports there. What an earlier run left is brought
 * up to date where make can do that, else removed. A tree that somebody changes meanwhile has no one set of checksums:
 * a problem.
 */
export async function inBuildFolder(
  kbuild: Kbuild,
  config: KernelConfig,
  folder: string,
  onProgress: CollectOptions['onProgress'],
  extract: (build: BuildFolder) => Promise<Extracted | Failed>,
): Promise<FolderResult | Failed> {
  const { variant, source, log } = kbuild
  const { arch, toolchain, makeArgs } = variant
  onProgress({ variant: variant.name, phase: 'configure', done: 0 })
  const kept = join(folder, 'tree-snapshot.json')
  const folders = { config: join(folder, 'config'), build: join(folder, 'build'), kept: join(folder, 'kept') }
  const compiler = await compilerVersion(toolchain, kbuild)
  if (typeof compiler !== 'string') return { problems: [compiler] }
  const settings = {
    source,
    arch,
    toolchain: toolchainVariables(toolchain).join(' '),
    'make arguments': makeArgs.join(' '),
    compiler,
  }
  const prepared = await preparationKey(kbuild, config)
  const before = await takeSnapshot(source)
  const built = await readSnapshot(kept)
  const unusable = await whyRemove(built, Object.values(folders), settings, before)
  // Without it, the next run will know that this one did not come to an end.
  await rm(kept, { force: true })
  if (unusable !== undefined) {
    log.write(`The earlier build is removed: ${unusable}.`)
    for (const path of Object.values(folders)) await rm(path, { recursive: true, force: true })
  }
  const isSettled = unusable === undefined && prepared !== undefined && built?.prepared === prepared
  const settled = isSettled
    ? settledSteps(built.files, before, folders)
    : { configured: false, prepared: false }
  const inFolders = { ...folders, configured: settled.configured }
  const result = await configureAndExtract(kbuild, config, inFolders, (options) =>
    extract({
      output: folders.build,
      kept: folders.kept,
      results: join(folder, 'results'),
      options,
      files: before,
      prepared: settled.prepared,
    }),
  )
  const succeeded = 'problems' in result || prepared === undefined ? {} : { prepared }
  await saveSnapshot(kept, { settings, finished: Date.now(), files: before, ...succeeded })
  if ('problems' in result) return result
  const changed = firstDifference(before, await takeSnapshot(source))
  const basis =
    prepared === undefined
      ? undefined
      : basisOf(source, folders, result, { setup: prepared, configuration: configurationDigest(config) })
  if (changed === undefined) return { ...result, compiler, ...(basis ? { basis } : {}) }
  return { problems: [changedMeanwhile(join(source, changed))] }
}

async function configureAndExtract(
  kbuild: Kbuild,
  config: KernelConfig,
  folders: ConfigFolders,
  extract: (options: ConfigOptions) => Promise<Extracted | Failed>,
): Promise<Omit<FolderResult, 'compiler'> | Failed> {
  const { value: text, problems: notes } = await configure(kbuild, config, folders)
  if (text === undefined) return { problems: notes }
  const { value: options } = parseConfig(text, join(folders.build, '.config'))
  const extracted = await extract(options)
  if ('problems' in extracted) return { problems: [...notes, ...extracted.problems] }
  return { ...extracted, configDigest: configDigest(text), options, notes: [...notes, ...extracted.notes] }
}

async function whyRemove(
  built: BuiltFrom | undefined,
  folders: readonly string[],
  settings: BuildSettings,
  files: TreeSnapshot,
): Promise<string | undefined> {
  if (!(await Promise.all(folders.map(exists))).some(Boolean)) return undefined
  if (!built) return 'the run that made it did not come to an end'
  const [hiding] = hidingFiles(built, files, () => filesRead(folders))
  if (hiding !== undefined) return `${hiding} is new and may hide another file of that name`
  return whyNotReusable(built, settings, files)
}

function changedMeanwhile(file: string): Problem {
  return {
    kind: 'build-failed',
    message: 'the kernel tree was changed while it was being built',
    place: { file },
    advice: 'Run it again, and leave the tree alone until it ends.',
    speaksOf: 'setup',
  }
}
