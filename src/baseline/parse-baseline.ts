import type { Baseline, ListRecords } from '../abi/baseline.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { baselineSchema, type BaselineSettings } from './baseline-schema.ts'
import { parseSettings, type SettingsForm } from '../config/parse-settings.ts'

const form: SettingsForm<BaselineSettings> = {
  kind: 'baseline',
  name: 'The baseline',
  whenEmpty: 'Restore the file as it was committed.',
  newest: 4,
  longest: 4 * 1024 * 1024,
  renew: 'let `kabi-gate whitelist update` write it anew',
  schema: baselineSchema,
}

/**
 * Reads a `baseline.yml`, format version 1 to 4 (docs/formats.md), as `formatBaseline` writes it. Problems, all of kind
 * `baseline`, as in `parseSettings`.
 * @param file how messages name the file
 */
export function parseBaseline(text: string, file: string): Read<Baseline | undefined> {
  const { value, problems } = parseSettings(text, file, form)
  if (problems.length === 0 && !text.endsWith('\n')) return { value: undefined, problems: [cut(text, file)] }
  return { value: value && baselineOf(value.settings), problems }
}

function cut(text: string, file: string): Problem {
  return {
    kind: 'baseline',
    message: 'the last line does not end with a newline, so the file may have been cut',
    place: { file, line: text.split('\n').length },
  }
}

function baselineOf(settings: BaselineSettings): Baseline {
  const { variant, arch, kernel, commit, compiler, genksyms, options } = settings
  const { 'tree-digest': digest, 'config-digest': configDigest, 'unseen-bodies': unseenBodies } = settings
  return {
    variant,
    arch,
    kernel,
    source: commit === undefined ? (digest === undefined ? undefined : { digest }) : { commit },
    compiler,
    genksyms,
    configDigest,
    options: options && new Map(Object.entries(options)),
    unseenBodies,
    ...(settings.history ? { history: settings.history } : {}),
    ...recordsOf(settings),
  }
}

function recordsOf(settings: BaselineSettings): { readonly records?: ListRecords } {
  const { version, rows, 'list-digest': list, 'types-digest': types, 'layouts-digest': layouts } = settings
  if (version === 1 || rows === undefined || list === undefined) return {}
  const untyped = settings['rows-without-types'] ?? []
  return { records: { rows, list, types, untyped, ...(layouts === undefined ? {} : { layouts }) } }
}
