import { resolve } from 'node:path'
import { mayExist } from '../baseline/whitelist-files.ts'
import { configurationPlaces } from '../config/load-plan.ts'

/** True where a configuration is named, or may be in the folder. */
export async function isConfigured(config: string | undefined, folder: string): Promise<boolean> {
  if (config !== undefined) return true
  return (await Promise.all(configurationPlaces.map((place) => mayExist(resolve(folder, place))))).some(
    Boolean,
  )
}
