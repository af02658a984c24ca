import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigOptions } from '../abi/evidence.ts'
import type { VariantPlan } from '../config/plan.ts'
import { makeFolder } from '../io/make-folder.ts'
import { openBuildLog } from './build-log.ts'
import { checkTools } from './check-tools.ts'
import { checkTree } from './check-tree.ts'
import { checkWorkDir } from './check-work-dir.ts'
import type { CollectOptions } from './collect.ts'
import { parseConfig } from './config-text.ts'
import { configure } from './configure.ts'
import { takeLock } from './lock.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'

/**
 * The configuration that the kernel makes of a variant's, in a folder of its own, so that no build is touched.
 * @returns undefined when it cannot be made, for a reason that the collection of the variant will tell
 * @throws the system's error when the work folder cannot be written.
 */
export async function configuredOptions(
  variant: VariantPlan,
  { source: tree, workDir, signal }: CollectOptions,
): Promise<ConfigOptions | undefined> {
  const { name, arch, config, toolchain } = variant
  const source = tree === undefined ? undefined : await realpath(tree).catch(() => undefined)
  if (!config || source === undefined) return undefined
  const folder = join(workDir, name, 'configuration')
  const env = scrubbedEnvironment(process.env)
  const unfit =
    (await checkTree(source, arch)) ??
    (await checkWorkDir(folder, source)) ??
    (await checkTools(toolchain, env['PATH'] ?? ''))
  if (unfit) return undefined
  await makeFolder(folder)
  const lock = await takeLock(join(folder, 'lock'))
  if ('kind' in lock) return undefined
  const log = openBuildLog(join(folder, 'build.log'))
  try {
    const folders = { config: join(folder, 'config'), build: join(folder, 'build'), unchanged: false }
    const { value: text } = await configure({ variant, source, env, log, signal }, config, folders)
    return text === undefined ? undefined : parseConfig(text, folders.build).value
  } finally {
    log.close()
    await lock.release()
  }
}
