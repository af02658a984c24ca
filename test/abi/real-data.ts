import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, test } from 'vitest'

/** Whitelists of real distributions, next to the repository and not part of it. */
export const dataFolder = fileURLToPath(new URL('../../../shared/data', import.meta.url))

/** A path inside the folder of real data. */
export function dataPath(...parts: string[]): string {
  return join(dataFolder, ...parts)
}

/** A group of tests on real data; one skipped test says so where the data is absent. */
export function describeRealData(name: string, body: () => void): void {
  if (existsSync(dataFolder)) describe(name, body)
  else describe(name, () => test.skip(`needs real whitelists in ${dataFolder}`))
}
