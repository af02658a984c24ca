import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The whitelists that come with kabi-gate: a folder for each family, in it one for each variant. */
export interface ShippedWhitelists {
  /** The folder of all families, an absolute path. */
  readonly folder: string
  /** The names of each family's variants, sorted. */
  readonly families: ReadonlyMap<string, readonly string[]>
}

/** No family at all. */
export const nothingShipped: ShippedWhitelists = { folder: '', families: new Map() }

/** The folder `whitelists` of the kabi-gate that runs, beside its `dist` or, run from its sources, beside `src`. */
export function shippedFolder(): string {
  return join(packagePath(), 'whitelists')
}

/** The folder of the kabi-gate that runs, with its package.json. */
export function packagePath(): string {
  return packageFolder(dirname(fileURLToPath(import.meta.url)))
}

/** The folder with package.json: bundles and sources stand at different depths below it. */
function packageFolder(folder: string): string {
  const above = dirname(folder)
  return existsSync(join(folder, 'package.json')) || above === folder ? folder : packageFolder(above)
}

/** Lists the families in a folder; one that cannot be read has none. */
export async function shippedWhitelists(folder: string): Promise<ShippedWhitelists> {
  const families = new Map<string, readonly string[]>()
  for (const family of await foldersIn(folder)) families.set(family, await foldersIn(join(folder, family)))
  return { folder, families }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
}
