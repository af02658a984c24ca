import type { z } from 'zod'
import { alternatives, describeValue, formatPath, isMap, type ConfigFault } from './config-fault.ts'
import { nearest } from './nearest.ts'
import type { Complaint } from './schema-parts.ts'

type Issue = z.core.$ZodIssue
type Path = ConfigFault['path']

/** A value that was validated, and what starts a sentence about it: `The configuration`. */
interface Whole {
  readonly name: string
  readonly content: unknown
}

/** Puts what the schema found wrong in words. */
export function schemaFaults(issues: readonly Issue[], whole: Whole): readonly ConfigFault[] {
  return issues.flatMap((issue) => faultsOf(issue, [], whole))
}

function faultsOf(issue: Issue, above: Path, whole: Whole): readonly ConfigFault[] {
  const path = [...above, ...issue.path.map(step)]
  const value = lookUp(whole.content, path)
  if (value === absent) return [missing(path, issue, whole)]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], key, issue.message.split(' ')))
    case 'invalid_union': {
      const meant = branchMeant(issue.errors)
      return meant
        ? meant.flatMap((inner) => faultsOf(inner, path, whole))
        : [unexpected(path, value, issue, whole)]
    }
    case 'custom': {
      // Not from `complain`: its message says what is expected, as that of any other does.
      if (!issue.params) return [unexpected(path, value, issue, whole)]
      const { advice, at } = issue.params as Complaint
      return [{ path, at, message: `${formatPath(path)} ${issue.message}.`, advice }]
    }
    default:
      return [unexpected(path, value, issue, whole)]
  }
}

/**
 * Of the alternatives, the one whose form the value has; of several that could be meant, the one with fewest faults, as it has the keys
 * of that. `undefined` when none or several could be meant.
 */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const meant = branches.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'custom' || code === 'unrecognized_keys'),
  )
  const [first, second] = meant.toSorted((a, b) => a.length - b.length)
  return first && first.length < (second?.length ?? Infinity) ? first : undefined
}

const absent = Symbol('absent')

function lookUp(content: unknown, path: Path): unknown {
  let value = content
  for (const part of path) {
    if (Array.isArray(value) && typeof part === 'number') value = value[part]
    else if (isMap(value) && Object.hasOwn(value, part)) value = value[part]
    else return absent
  }
  return value
}

function step(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part)
}

function missing(path: Path, issue: Issue, { name }: Whole): ConfigFault {
  const above = path.slice(0, -1)
  const key = String(path.at(-1))
  const where = above.length === 0 ? name : formatPath(above)
  return {
    path: above,
    at: 'key',
    message: `${where} has no ${key}.`,
    advice: `Add the key ${key} with ${expectedBy(issue)}.`,
  }
}

function unknownKey(path: Path, key: string, known: readonly string[]): ConfigFault {
  const message = `${formatPath(path)} is not a known key`
  const meant = nearest(key, known)
  if (meant !== undefined) {
    return {
      path,
      at: 'key',
      message: `${message}; did you mean ${meant}?`,
      advice: 'Correct or remove the key.',
    }
  }
  const advice =
    key === '<<'
      ? 'YAML 1.2 has no merge keys; put what variants have in common below defaults.'
      : `Known keys here: ${known.join(', ')}.`
  return { path, at: 'key', message: `${message}.`, advice }
}

function unexpected(path: Path, value: unknown, issue: Issue, { name }: Whole): ConfigFault {
  const where = path.length === 0 ? name : formatPath(path)
  const sentence = `${where}: expected ${expectedBy(issue)}, found ${describeValue(value)}`
  const meant = typeof value === 'string' ? nearest(value, valuesOf(issue)) : undefined
  return {
    path,
    at: 'value',
    message: meant === undefined ? `${sentence}.` : `${sentence}; did you mean ${meant}?`,
  }
}

/** What should stand there; see schema-parts.ts. */
function expectedBy(issue: Issue): string {
  return issue.code === 'invalid_value' && issue.values.every((value) => typeof value === 'string')
    ? alternatives(issue.values)
    : issue.message
}

/** The words that are allowed, also those of an alternative. */
function valuesOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.filter((value) => typeof value === 'string')
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap(valuesOf) : []
}
