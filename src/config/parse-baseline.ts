import type { Baseline } from '../abi/baseline.ts'
import type { Read } from '../abi/problem.ts'
import { baselineSchema, type BaselineSettings } from './baseline-schema.ts'
import { parseSettings, type SettingsForm } from './parse-settings.ts'

const form: SettingsForm<BaselineSettings> = {
  kind: 'baseline',
  name: 'The baseline',
  whenEmpty: 'Restore the file, or remove it: a whitelist can do without.',
  schema: baselineSchema,
}

/**
 * Reads a `baseline.yml`, format version 1 (docs/formats.md), as `formatBaseline` writes it. Problems, all of kind
 * `baseline`, as in `parseSettings`.
 * @param file how messages name the file
 */
export function parseBaseline(text: string, file: string): Read<Baseline | undefined> {
  const { value, problems } = parseSettings(text, file, form)
  return { value: value && baselineOf(value.settings), problems }
}

function baselineOf(settings: BaselineSettings): Baseline {
  const { variant, arch, kernel, commit, compiler, genksyms, options } = settings
  const { 'tree-digest': digest, 'config-digest': configDigest } = settings
  return {
    variant,
    arch,
    kernel,
    source: commit === undefined ? (digest === undefined ? undefined : { digest }) : { commit },
    compiler,
    genksyms,
    configDigest,
    options: options && new Map(Object.entries(options)),
  }
}
