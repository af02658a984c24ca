import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Symvers } from '../abi/export.ts'
import { isError, type Problem } from '../abi/problem.ts'
import type { KernelConfig } from '../config/plan.ts'
import { readSymvers } from '../io/read-whitelist.ts'
import { build } from './build.ts'
import type { CollectOptions } from './collect.ts'
import { compilerVersion } from './compiler-version.ts'
import { configDigest } from './config-text.ts'
import { configure } from './configure.ts'
import { exists } from './exists.ts'
import type { Kbuild } from './make.ts'
import { toolchainVariables } from './toolchain-commands.ts'
import {
  firstDifference,
  readSnapshot,
  saveSnapshot,
  takeSnapshot,
  whyNotReusable,
  type BuildSettings,
  type TreeSnapshot,
} from './tree-snapshot.ts'

/** What a build brought to light. */
interface Built {
  readonly symvers: Symvers
  readonly configDigest: string
  readonly notes: readonly Problem[]
}

/** Why a build brought nothing to light; at least one is an error. */
interface Unbuilt {
  readonly problems: readonly Problem[]
}

type Options = Pick<CollectOptions, 'jobs' | 'onProgress'>

/**
 * Builds a variant in its own folder and reads the result. What an earlier run left there is brought up to date where
 * make can do that, else removed. A tree that somebody changes meanwhile has no one set of checksums: a problem.
 */
export async function buildVariant(
  kbuild: Kbuild,
  config: KernelConfig,
  folder: string,
  options: Options,
): Promise<(Built & { readonly compiler: string }) | Unbuilt> {
  const { variant, source, log } = kbuild
  const { arch, toolchain, makeArgs } = variant
  options.onProgress({ variant: variant.name, phase: 'configure', done: 0 })
  const kept = join(folder, 'tree-snapshot.json')
  const folders = { config: join(folder, 'config'), build: join(folder, 'build') }
  const compiler = await compilerVersion(toolchain, kbuild)
  if (typeof compiler !== 'string') return { problems: [compiler] }
  const settings = {
    source,
    arch,
    toolchain: toolchainVariables(toolchain).join(' '),
    'make arguments': makeArgs.join(' '),
    compiler,
  }
  const before = await takeSnapshot(source)
  const unusable = await whyRemove(kept, Object.values(folders), settings, before)
  // Without it, the next run will know that this one did not come to an end.
  await rm(kept, { force: true })
  if (unusable !== undefined) {
    log.write(`The earlier build is removed: ${unusable}.`)
    for (const path of Object.values(folders)) await rm(path, { recursive: true, force: true })
  }
  const built = await configureAndBuild(kbuild, config, folders, options)
  await saveSnapshot(kept, { settings, finished: Date.now(), files: before })
  if ('problems' in built) return built
  const changed = firstDifference(before, await takeSnapshot(source))
  if (changed === undefined) return { ...built, compiler }
  return { problems: [changedMeanwhile(join(source, changed))] }
}

async function whyRemove(
  kept: string,
  folders: readonly string[],
  settings: BuildSettings,
  files: TreeSnapshot,
): Promise<string | undefined> {
  if (!(await Promise.all(folders.map(exists))).some(Boolean)) return undefined
  const built = await readSnapshot(kept)
  return built ? whyNotReusable(built, settings, files) : 'the run that made it did not come to an end'
}

async function configureAndBuild(
  kbuild: Kbuild,
  config: KernelConfig,
  folders: { readonly config: string; readonly build: string },
  { jobs, onProgress }: Options,
): Promise<Built | Unbuilt> {
  const { variant } = kbuild
  const { value: text, problems: notes } = await configure(kbuild, config, folders)
  if (text === undefined) return { problems: notes }
  const problem = await build(kbuild, { output: folders.build, jobs, onProgress })
  if (problem) return { problems: [...notes, problem] }
  const path = join(folders.build, 'Module.symvers')
  if (!(await exists(path))) return { problems: [...notes, withoutSymvers(path)] }
  onProgress({ variant: variant.name, phase: 'read', done: 0 })
  const { value: symvers, problems } = await readSymvers(path)
  if (problems.some(isError)) return { problems: [...notes, ...problems] }
  return { symvers, configDigest: configDigest(text), notes: [...notes, ...problems] }
}

function withoutSymvers(file: string): Problem {
  return {
    kind: 'no-symvers',
    message: 'make ended well, but made no Module.symvers',
    place: { file },
    advice:
      'Check that the variant’s configuration has CONFIG_MODULES=y and that its make arguments do not skip work.',
  }
}

function changedMeanwhile(file: string): Problem {
  return {
    kind: 'build-failed',
    message: 'the kernel tree was changed while it was being built',
    place: { file },
    advice: 'Run it again, and leave the tree alone until it ends.',
  }
}
