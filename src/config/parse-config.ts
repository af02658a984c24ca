import type { Problem, Read } from '../abi/problem.ts'
import { problemList } from '../abi/problem-list.ts'
import { nothingShipped, type ShippedWhitelists } from '../io/shipped-whitelists.ts'
import type { Rule } from '../judge/policy.ts'
import { describeValue, isMap, type ConfigFault } from './config-fault.ts'
import { configSchema, type Settings } from './config-schema.ts'
import { crossFaults } from './cross-faults.ts'
import { ruleSubjects } from './policy-schema.ts'
import { readYaml } from './read-yaml.ts'
import { schemaFaults } from './schema-faults.ts'
import { configSource, placedProblem, type ConfigSource, type Range } from './source-excerpt.ts'
import type { YamlContent } from './yaml-content.ts'

/** What `kabi.yml` says, every setting valid, paths as they are written. */
export interface Config {
  readonly settings: Settings
  /** The rules of the policy, with the lines they stand on. */
  readonly rules: readonly Rule[]
}

/** 256 Ki UTF-16 units: a hundred times a large configuration. */
const longest = 256 * 1024

/**
 * Reads a configuration, format version 1 (kabi.schema.json).
 *
 * Problems, all of kind `config`, each with line, column and the text underlined, sorted by place; the value is absent
 * when there is one.
 * @param file how messages and rules name the file
 * @param shipped the families of whitelists that `builtin:` can name
 */
export function parseConfig(
  text: string,
  file: string,
  shipped: ShippedWhitelists = nothingShipped,
): Read<Config | undefined> {
  const source = configSource(text, file)
  if (text.length > longest)
    return refused(source, `The file is longer than ${longest} characters.`, rightFile)
  const { value: content, problems } = readYaml(source)
  if (!content) return { value: undefined, problems: sorted(problems) }
  const { value } = content
  const unfit = unfitContent(value)
  if (unfit) return { value: undefined, problems: [placed(unfit, content, source)] }
  const parsed = configSchema().safeParse(value)
  const faults = [
    ...(parsed.error ? schemaFaults(parsed.error.issues, value) : []),
    ...crossFaults(value, shipped),
  ]
  const all = sorted([...problems, ...faults.map((fault) => placed(fault, content, source))])
  if (!parsed.success || all.length > 0) return { value: undefined, problems: all }
  const rules = rulesOf(parsed.data, file, (index) => lineOf(['policy', 'rules', index], content, source))
  return { value: { settings: parsed.data, rules }, problems: [] }
}

const rightFile = 'Check that this is the right file.'

function refused(source: ConfigSource, message: string, advice: string): Read<undefined> {
  return { value: undefined, problems: [placedProblem(source, { start: 0, end: 0 }, message, advice)] }
}

/** What makes it pointless to look at the settings one by one. */
function unfitContent(value: unknown): ConfigFault | undefined {
  const about = { path: [], at: 'key' } as const
  if (value === null) {
    const advice = 'Run `kabi-gate init` in the kernel tree to get a file to start from.'
    return { ...about, message: 'The file is empty.', advice }
  }
  if (!isMap(value)) {
    const message = `The configuration: expected a map of settings, found ${describeValue(value)}.`
    return { ...about, message, advice: 'Start with the line version: 1.' }
  }
  const { version } = value
  if (typeof version !== 'number' || version === 1) return undefined
  const message = `version: expected the number 1, found the number ${version}.`
  return {
    path: ['version'],
    at: 'value',
    message,
    advice: 'This kabi-gate reads version 1 of the format only.',
  }
}

function placed(
  { path, at, message, advice }: ConfigFault,
  content: YamlContent,
  source: ConfigSource,
): Problem {
  const span = content.spanOf(path)
  const { key, value = nowhere, scalar = false } = span ?? {}
  const range = at === 'value' && scalar && value.end > value.start ? value : (key ?? value)
  return placedProblem(source, range, message, advice)
}

const nowhere: Range = { start: 0, end: 0 }

function lineOf(path: ConfigFault['path'], content: YamlContent, source: ConfigSource): number {
  return source.lineCounter.linePos(content.spanOf(path)?.value.start ?? 0).line
}

function rulesOf({ policy }: Settings, file: string, lineOf: (index: number) => number): readonly Rule[] {
  const rules = typeof policy === 'object' ? (policy.rules ?? []) : []
  return rules.flatMap((rule, index) =>
    ruleSubjects.flatMap((by) => {
      const { [by]: pattern, action, reason } = rule
      if (pattern === undefined) return []
      const match = { by, pattern }
      return [{ match, action, ...(reason === undefined ? {} : { reason }), file, line: lineOf(index) }]
    }),
  )
}

function sorted(problems: readonly Problem[]): readonly Problem[] {
  const list = problemList()
  const inOrder = [...problems].sort(
    ({ place: a }, { place: b }) => (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0),
  )
  for (const problem of inOrder) list.error(() => problem)
  return list.all()
}
