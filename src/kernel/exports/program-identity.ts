import { realpathSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/**
 * Makes a function that tells one state of a program from another, by the file that a command of that name starts.
 * @param output the folder that a name with `/` is relative to
 */
export function programIdentities(
  output: string,
  env: Readonly<Record<string, string>>,
): (program: string) => string | undefined {
  const known = new Map<string, string | undefined>()
  return (program) => {
    if (!known.has(program)) known.set(program, identityOf(program, output, env['PATH'] ?? ''))
    return known.get(program)
  }
}

function identityOf(program: string, output: string, path: string): string | undefined {
  const places = program.includes('/')
    ? [resolve(output, program)]
    : path.split(delimiter).map((folder) => join(folder, program))
  for (const place of places) {
    try {
      const file = realpathSync(place)
      const { mtimeNs, size } = statSync(file, { bigint: true })
      return `${file} ${mtimeNs} ${size}`
    } catch {
      continue
    }
  }
  return undefined
}
