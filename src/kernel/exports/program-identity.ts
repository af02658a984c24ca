import { createHash } from 'node:crypto'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/**
 * Makes a function that tells one state of a program from another, by the file that a command of that name starts. One that
 * the kernel's build makes is known by its content: made anew from the same sources, it is the same.
 * @param output the build folder, which a name with `/` is relative to
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
      if (file.startsWith(`${output}/`)) {
        return `${file} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`
      }
      const { mtimeNs, size } = statSync(file, { bigint: true })
      return `${file} ${mtimeNs} ${size}`
    } catch {
      continue
    }
  }
  return undefined
}
