import type { Baseline, GrantedRequest, ListRecords } from './baseline.ts'

const comment = [
  '# How the whitelist beside this file came about. `kabi-gate whitelist` writes this file together with the whitelist;',
  '# `kabi-gate check` refuses to compare with a kernel that was built in another way (docs/formats.md).',
]

/**
 * Writes a `baseline.yml`: YAML, keys in a fixed order, options sorted by the order of UTF-16 code units, LF at the end
 * of each line. What is unknown is left out. The records stand at the end, so that a file that was cut has none: they are what makes
 * it format version 2, layouts version 3, and a history version 4. `readBaseline` reads the same again.
 */
export function formatBaseline(baseline: Baseline): string {
  const { variant, arch, kernel, source, compiler, genksyms, configDigest, options, unseenBodies } = baseline
  const entries: readonly (readonly [string, string | undefined])[] = [
    ['variant', scalar(variant)],
    ['arch', arch && scalar(arch)],
    ['kernel', kernel && JSON.stringify(kernel)],
    ['commit', source && 'commit' in source ? JSON.stringify(source.commit) : undefined],
    ['tree-digest', source && 'digest' in source ? JSON.stringify(source.digest) : undefined],
    ['compiler', compiler && JSON.stringify(compiler)],
    ['genksyms', genksyms && JSON.stringify(genksyms)],
    ['config-digest', configDigest && JSON.stringify(configDigest)],
  ]
  const { records, history } = baseline
  const lines = [...comment, `version: ${versionOf(baseline)}`]
  for (const [key, value] of entries) if (value !== undefined) lines.push(`${key}: ${value}`)
  if (unseenBodies) lines.push(`unseen-bodies: ${JSON.stringify(unseenBodies)}`)
  if (options?.size === 0) lines.push('options: {}')
  else if (options) lines.push('options:', ...optionLines(options))
  if (records && history) lines.push('history:', ...history.flatMap(requestLines))
  if (records) lines.push(...recordLines(records))
  return lines.map((line) => line + '\n').join('')
}

/** Only what has records has a history: the file is written together with the list. */
function versionOf({ records, history }: Baseline): number {
  if (!records) return 1
  if (history) return 4
  return records.layouts === undefined ? 2 : 3
}

function requestLines({ date, issue, reviewer, symbols }: GrantedRequest): string[] {
  return [
    `  - date: ${JSON.stringify(date)}`,
    ...(issue === undefined ? [] : [`    issue: ${JSON.stringify(issue)}`]),
    `    reviewer: ${JSON.stringify(reviewer)}`,
    `    symbols: ${JSON.stringify(symbols)}`,
  ]
}

function recordLines({ rows, list, types, untyped, layouts }: ListRecords): string[] {
  return [
    ...(untyped.length > 0
      ? ['rows-without-types:', ...untyped.map((symbol) => `  - ${scalar(symbol)}`)]
      : []),
    ...(types === undefined ? [] : [`types-digest: ${JSON.stringify(types)}`]),
    ...(layouts === undefined ? [] : [`layouts-digest: ${JSON.stringify(layouts)}`]),
    `rows: ${rows}`,
    `list-digest: ${JSON.stringify(list)}`,
  ]
}

function optionLines(options: NonNullable<Baseline['options']>): string[] {
  const names = [...options.keys()].sort()
  return names.map((name) => `  ${name}: ${scalar(options.get(name) ?? '')}`)
}

/** A text in YAML: as it is where it can only be read as a text, else as in JSON. */
function scalar(text: string): string {
  return /^[A-Za-z_]\w*$/.test(text) && !/^(null|true|false)$/i.test(text) ? text : JSON.stringify(text)
}
