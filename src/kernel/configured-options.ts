import { join } from 'node:path'
import type { ConfigOptions } from '../abi/evidence.ts'
import type { VariantPlan } from '../config/plan.ts'
import type { CollectOptions } from './collect.ts'
import { parseConfig } from './config-text.ts'
import { configure } from './configure.ts'
import { inVariantFolder } from './in-variant-folder.ts'

/**
 * The configuration that the kernel makes of a variant's, in a folder of its own, so that no build is touched.
 * @returns undefined when it cannot be made, for a reason that the collection of the variant will tell
 * @throws the system's error when the work folder cannot be written.
 */
export async function configuredOptions(
  variant: VariantPlan,
  options: CollectOptions,
): Promise<ConfigOptions | undefined> {
  const { name, config } = variant
  if (!config) return undefined
  const folder = join(options.workDir, name, 'configuration')
  const worked = await inVariantFolder(variant, options, folder, async (kbuild) => {
    const folders = { config: join(folder, 'config'), build: join(folder, 'build'), configured: false }
    const { value: text } = await configure(kbuild, config, folders)
    return text === undefined ? undefined : parseConfig(text, folders.build).value
  })
  return 'problem' in worked ? undefined : worked.value
}
