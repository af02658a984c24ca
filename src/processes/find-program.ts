import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/**
 * The file that a command of that name starts, as a path; undefined when there is none that may be executed.
 * @param path folders as in PATH
 */
export async function findProgram(program: string, path: string): Promise<string | undefined> {
  const places = program.includes('/')
    ? [program]
    : path.split(delimiter).flatMap((folder) => (folder === '' ? [] : [join(folder, program)]))
  for (const place of places) if (await isProgram(place)) return place
  return undefined
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
