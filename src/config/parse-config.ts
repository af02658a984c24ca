import type { Read } from '../problem/problem.ts'
import { nothingShipped, type ShippedWhitelists } from './shipped-whitelists.ts'
import type { Rule } from '../judge/policy.ts'
import type { SettingPath } from './config-fault.ts'
import { configSchema, type Settings } from './config-schema.ts'
import { crossFaults } from './cross-faults.ts'
import { withoutSynonyms } from './other-names.ts'
import { parseSettings, type SettingsForm } from './parse-settings.ts'
import { ruleSubjects } from './policy-schema.ts'

/** What `kabi.yml` says, every setting valid, paths as they are written. */
export interface Config {
  readonly settings: Settings
  /** The rules of the policy, with the lines they stand on. */
  readonly rules: readonly Rule[]
  /** The line on which a setting stands, or the nearest that it would be part of. */
  readonly lineOf: (path: SettingPath) => number
}

/**
 * Reads a configuration, format version 1 (kabi.schema.json). Problems, all of kind `config`, as in `parseSettings`.
 * @param file how messages and rules name the file
 * @param shipped the families of whitelists that `builtin:` can name
 */
export function parseConfig(
  text: string,
  file: string,
  shipped: ShippedWhitelists = nothingShipped,
): Read<Config | undefined> {
  const { value, problems } = parseSettings(text, file, formWith(shipped))
  if (!value) return { value, problems }
  const { settings, lineOf } = value
  return { value: { settings, rules: rulesOf(settings, file, lineOf), lineOf }, problems }
}

function formWith(shipped: ShippedWhitelists): SettingsForm<Settings> {
  return {
    kind: 'config',
    name: 'The configuration',
    whenEmpty: 'Run `kabi-gate init` in the kernel tree to get a file to start from.',
    schema: configSchema,
    // The names of variants are the distribution's own.
    keyName: (key, path) => (path.length === 1 && path[0] === 'variants' ? key : withoutSynonyms(key)),
    crossFaults: (content) => crossFaults(content, shipped),
  }
}

function rulesOf({ policy }: Settings, file: string, lineOf: (path: SettingPath) => number): readonly Rule[] {
  const rules = typeof policy === 'object' ? (policy.rules ?? []) : []
  return rules.flatMap((rule, index) =>
    ruleSubjects.flatMap((by) => {
      const { [by]: pattern, action, reason } = rule
      if (pattern === undefined) return []
      const line = lineOf(['policy', 'rules', index])
      return [{ match: { by, pattern }, action, ...(reason === undefined ? {} : { reason }), file, line }]
    }),
  )
}
