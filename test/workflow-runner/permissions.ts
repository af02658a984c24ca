import { isMapping, isString } from '@actions/workflow-parser'
import { literal } from './expressions.ts'
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token'

const levels = ['none', 'read', 'write'] as const

type Level = (typeof levels)[number]

/** What a token may do, by scope; a scope that is not named may do nothing. */
export type Permissions = ReadonlyMap<string, Level>

const scopes = [
  ...['actions', 'attestations', 'checks', 'contents', 'deployments', 'discussions', 'id-token', 'issues'],
  ...['packages', 'pages', 'pull-requests', 'security-events', 'statuses'],
]

/** What a token may do where no file says so, in a repository with restricted defaults. */
export const defaultPermissions: Permissions = new Map([
  ['contents', 'read'],
  ['packages', 'read'],
])

export function readPermissions(token: TemplateToken | undefined): Permissions | undefined {
  if (!token) return undefined
  if (isString(token)) {
    const all = token.value === 'write-all' ? 'write' : 'read'
    return new Map(scopes.map((scope) => [scope, all]))
  }
  if (!isMapping(token)) return new Map()
  return new Map(Array.from(token, ({ key, value }) => [key.toString(), asLevel(literal(value) ?? '')]))
}

function asLevel(word: string): Level {
  const level = levels.find((one) => one === word)
  if (!level) throw new Error(`no level of a permission: ${word}`)
  return level
}

export function allows(permissions: Permissions, scope: string, level: Level): boolean {
  return levels.indexOf(permissions.get(scope) ?? 'none') >= levels.indexOf(level)
}

/** What is asked for beyond a limit, as GitHub refuses it in a reusable workflow. */
export function beyond(asked: Permissions, limit: Permissions): string[] {
  return [...asked].flatMap(([scope, level]) =>
    allows(limit, scope, level)
      ? []
      : [`requesting '${scope}: ${level}', but is only allowed '${scope}: ${limit.get(scope) ?? 'none'}'`],
  )
}

/** What GitHub leaves of a token for a pull request from a fork. */
export function onlyReading(permissions: Permissions): Permissions {
  return new Map([...permissions].map(([scope, level]) => [scope, level === 'write' ? 'read' : level]))
}
