import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files through which a step speaks to the runner. */
export const commandFiles = [
  'GITHUB_OUTPUT',
  'GITHUB_ENV',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
] as const

export type CommandFiles = Readonly<Record<(typeof commandFiles)[number], string>>

/** Makes empty ones for a step. */
export function makeCommandFiles(folder: string, step: number): CommandFiles {
  return Object.fromEntries(
    commandFiles.map((name) => {
      const path = join(folder, `${name.toLowerCase()}-${step}`)
      writeFileSync(path, '')
      return [name, path]
    }),
  ) as CommandFiles
}

/**
 * Reads NAME=VALUE lines, and values of several lines between a mark that NAME<<MARK names.
 * @throws for a line that is neither, and for a mark without an end
 */
export function readPairs(path: string): Map<string, string> {
  const pairs = new Map<string, string>()
  const lines = readFileSync(path, 'utf8').split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const [, name = '', separator, rest = ''] = /^([^=<]+)(=|<<)(.*)$/.exec(line) ?? []
    if (separator === undefined) throw new Error(`invalid format '${line}'`)
    if (separator === '=') {
      pairs.set(name, rest)
      continue
    }
    const end = lines.indexOf(rest, at + 1)
    if (end === -1) throw new Error(`invalid value: the matching delimiter '${rest}' was not found`)
    pairs.set(name, lines.slice(at + 1, end).join('\n'))
    at = end
  }
  return pairs
}

/** The most bytes of a summary that GitHub shows; one that is longer is dropped. */
export const mostSummary = 1 << 20
