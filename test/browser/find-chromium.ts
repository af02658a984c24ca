import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * A Chromium to test with: the one that KABI_CHROMIUM names, which then has to be there, or one on the PATH; undefined
 * when there is none.
 */
export function findChromium(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const told = env['KABI_CHROMIUM']
  if (told) return told
  return (env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
