import { createHash } from 'node:crypto'
import type { ConfigOptions } from '../abi/evidence.ts'
import type { Problem, Read } from '../problem/problem.ts'

const assignment = /^(CONFIG_\w+)=(.*)$/
const notSet = /^# (CONFIG_\w+) is not set$/

/**
 * Reads lines of a kernel configuration; of several lines about one option the last counts. A line that is neither an
 * assignment nor a comment is a problem: the kernel's own tools would skip it with a warning.
 */
export function parseConfig(text: string, file: string): Read<ConfigOptions> {
  const options = new Map<string, string>()
  const problems: Problem[] = []
  text.split('\n').forEach((source, index) => {
    const line = source.trimEnd()
    const [, name, value = ''] = assignment.exec(line) ?? []
    const unset = notSet.exec(line)?.[1]
    if (name !== undefined) options.set(name, value)
    else if (unset !== undefined) options.set(unset, 'n')
    else if (line !== '' && !line.startsWith('#')) problems.push(notUnderstood(line, file, index + 1))
  })
  return { value: options, problems }
}

function notUnderstood(line: string, file: string, number: number): Problem {
  return {
    kind: 'malformed-line',
    message: `expected CONFIG_NAME=value, "# CONFIG_NAME is not set" or a comment, found ${JSON.stringify(line.slice(0, 80))}`,
    place: { file, line: number },
    advice: 'Correct the line; the kernel would skip it.',
  }
}

const most = 10

/** Compares what was asked for with what the kernel made of it; one note names up to ten options it did not keep. */
export function droppedOptions(asked: ConfigOptions, got: ConfigOptions): Problem | undefined {
  const dropped = [...asked].filter(([name, value]) => (got.get(name) ?? 'n') !== value)
  if (dropped.length === 0) return undefined
  const excerpt = dropped.slice(0, most).map(([name, value]) => {
    const actual = got.get(name)
    return `${name}=${value} was asked for; it is ${actual === undefined || actual === 'n' ? 'not set' : actual}`
  })
  const rest = dropped.length - excerpt.length
  return {
    kind: 'option-dropped',
    message: `${dropped.length} of the options asked for ${dropped.length === 1 ? 'is' : 'are'} not in the configuration`,
    excerpt: rest > 0 ? [...excerpt, `and ${rest} more`] : excerpt,
  }
}

/** SHA-256 of a `.config`, hexadecimal, without the comment on top that carries its date and the kernel's version. */
export function configDigest(text: string): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => !line.startsWith('#') || notSet.test(line))
  return createHash('sha256').update(lines.slice(start).join('\n')).digest('hex')
}
