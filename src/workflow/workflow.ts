import { isMap, type SettingPath } from '../config/config-fault.ts'

/** A workflow of GitHub Actions, as far as it matters to a gate. Paths lead to the place in the file. */
export interface Workflow {
  /** What starts it, with the settings of each: `pull_request` → `{ types: [...] }`. */
  readonly triggers: ReadonlyMap<string, Settings>
  readonly triggersPath: SettingPath
  readonly permissions: Permissions | undefined
  readonly env: Settings
  readonly jobs: readonly Job[]
}

export interface Job {
  readonly id: string
  readonly path: SettingPath
  /** What the check is called. */
  readonly name: string
  /** The workflow that the job calls. */
  readonly uses: string | undefined
  /** For the workflow that it calls. */
  readonly inputs: Settings
  readonly inheritsSecrets: boolean
  readonly needs: readonly string[]
  readonly condition: string | undefined
  readonly hasMatrix: boolean
  /** Those of the workflow where the job has none of its own. */
  readonly permissions: Permissions | undefined
  readonly env: Settings
  readonly ignoresFailure: boolean
  readonly steps: readonly Step[]
}

export interface Step {
  readonly path: SettingPath
  readonly uses: string | undefined
  readonly run: string
  readonly condition: string | undefined
  readonly inputs: Settings
  readonly env: Settings
  readonly ignoresFailure: boolean
}

/** Single values as texts; anything else, as it stands. */
export type Settings = Readonly<Record<string, unknown>>

/** What the token of a job may do. */
export interface Permissions {
  readonly path: SettingPath
  /** `*` stands for every scope that is not named. */
  readonly scopes: Readonly<Record<string, string>>
}

/** Reads the content of a workflow file; undefined for something that is no workflow. */
export function workflowOf(content: unknown): Workflow | undefined {
  if (!isMap(content) || !isMap(content['jobs'])) return undefined
  const permissions = permissionsOf(content, [])
  return {
    triggers: triggersOf(content['on']),
    triggersPath: ['on'],
    permissions,
    env: settings(content['env']),
    jobs: Object.entries(content['jobs']).map(([id, job]) => jobOf(id, settings(job), permissions)),
  }
}

function triggersOf(on: unknown): ReadonlyMap<string, Settings> {
  if (isMap(on)) return new Map(Object.entries(on).map(([name, value]) => [name, settings(value)]))
  return new Map(texts(on).map((name) => [name, {}]))
}

function jobOf(id: string, job: Settings, above: Permissions | undefined): Job {
  const path = ['jobs', id]
  return {
    id,
    path,
    name: text(job['name']) ?? id,
    uses: text(job['uses']),
    inputs: settings(job['with']),
    inheritsSecrets: job['secrets'] === 'inherit',
    needs: texts(job['needs']),
    condition: text(job['if']),
    hasMatrix: settings(job['strategy'])['matrix'] !== undefined,
    permissions: permissionsOf(job, path) ?? above,
    env: settings(job['env']),
    ignoresFailure: isOn(job['continue-on-error']),
    steps: list(job['steps']).map((step, index) => stepOf(settings(step), [...path, 'steps', index])),
  }
}

function stepOf(step: Settings, path: SettingPath): Step {
  return {
    path,
    uses: text(step['uses']),
    run: text(step['run']) ?? '',
    condition: text(step['if']),
    inputs: settings(step['with']),
    env: settings(step['env']),
    ignoresFailure: isOn(step['continue-on-error']),
  }
}

function permissionsOf(owner: Settings, above: SettingPath): Permissions | undefined {
  const value = owner['permissions']
  if (value === undefined) return undefined
  const path = [...above, 'permissions']
  if (value === 'write-all') return { path, scopes: { '*': 'write' } }
  if (value === 'read-all') return { path, scopes: { '*': 'read' } }
  const scopes = Object.entries(settings(value)).map(([scope, access]) => [scope, text(access) ?? 'none'])
  return { path, scopes: Object.fromEntries(scopes) as Record<string, string> }
}

/** An expression may turn out to be true. */
function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false
}

function settings(value: unknown): Settings {
  return isMap(value) ? value : {}
}

/** A single value as a text; undefined for anything else, and for none. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : undefined
}

/** A list of texts, for which a single one may stand. */
export function texts(value: unknown): readonly string[] {
  return list(Array.isArray(value) ? value : [value]).flatMap((one) => text(one) ?? [])
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
