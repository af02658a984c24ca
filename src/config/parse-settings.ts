import type * as z from 'zod'
import type { Problem, ProblemKind, Read } from '../problem/problem.ts'
import { problemList } from '../problem/problem-list.ts'
import { describeValue, isMap, type ConfigFault, type SettingPath } from './config-fault.ts'
import { readYaml } from './read-yaml.ts'
import { schemaFaults } from './schema-faults.ts'
import { configSource, placedProblem, type ConfigSource, type Range } from './source-excerpt.ts'
import type { KeyName, YamlContent } from './yaml-content.ts'

/** A kind of file that kabi-gate reads: what may stand in it, and how messages speak of it. */
export interface SettingsForm<T> {
  /** What a fault in it is. */
  readonly kind: ProblemKind
  /** Starts a sentence: `The configuration`. */
  readonly name: string
  /** What to do about a file in which nothing stands. */
  readonly whenEmpty: string
  /** The newest version of its format, 1 unless told; the schema says what each may hold, and older ones stay readable. */
  readonly newest?: 1 | 2 | 3 | 4
  /** How many UTF-16 units the file may have; 256 Ki unless told, a hundred times a large configuration. */
  readonly longest?: number
  /** What makes the file anew for this kabi-gate, in the imperative; absent for what people write. */
  readonly renew?: string
  readonly schema: () => z.ZodType<T>
  readonly keyName?: KeyName
  /** What is wrong between settings, of any content, valid or not. */
  readonly crossFaults?: (content: unknown) => readonly ConfigFault[]
}

/** What a file says, every setting valid. */
interface Parsed<T> {
  readonly settings: T
  /** The line on which a setting's value starts, from 1; of one that is not there, that of what it would be part of. */
  readonly lineOf: (path: SettingPath) => number
}

/** Making a schema takes longer than reading a file by it. */
const made = new WeakMap<SettingsForm<unknown>['schema'], z.ZodType>()

function schemaOf<T>({ schema }: SettingsForm<T>): z.ZodType<T> {
  const known = (made.get(schema) as z.ZodType<T> | undefined) ?? schema()
  made.set(schema, known)
  return known
}

/**
 * Reads a file of settings: YAML 1.2, of a format version that the form knows.
 *
 * Problems, all of the form's kind, each with line, column and the text underlined, sorted by place; the value is absent
 * when there is one.
 * @param file how messages name the file
 */
export function parseSettings<T>(
  text: string,
  file: string,
  form: SettingsForm<T>,
): Read<Parsed<T> | undefined> {
  const source = configSource(text, file, form.kind)
  const { longest = 256 * 1024 } = form
  if (text.length > longest) {
    const message = `The file is longer than ${longest} characters.`
    const problem = placedProblem(source, nowhere, message, 'Check that this is the right file.')
    return { value: undefined, problems: [problem] }
  }
  const { value: content, problems } = readYaml(source, form.keyName)
  if (!content) return { value: undefined, problems: sorted(problems) }
  const { value } = content
  const unfit = unfitContent(value, form)
  if (unfit) return { value: undefined, problems: [placed(unfit, content, source)] }
  const parsed = schemaOf(form).safeParse(value)
  const whole = { name: form.name, content: value }
  const faults = [
    ...(parsed.error ? schemaFaults(parsed.error.issues, whole) : []),
    ...(form.crossFaults?.(value) ?? []),
  ]
  const all = sorted([...problems, ...faults.map((fault) => placed(fault, content, source))])
  if (!parsed.success || all.length > 0) return { value: undefined, problems: all }
  const lineOf = (path: SettingPath): number => {
    const span = content.spanOf(path)
    if (!span && path.length > 0) return lineOf(path.slice(0, -1))
    return Math.max(1, source.lineCounter.linePos(span?.value.start ?? 0).line)
  }
  return { value: { settings: parsed.data, lineOf }, problems: [] }
}

/** What makes it pointless to look at the settings one by one. */
function unfitContent(
  value: unknown,
  {
    name,
    whenEmpty,
    newest = 1,
    renew,
  }: Pick<SettingsForm<unknown>, 'name' | 'whenEmpty' | 'newest' | 'renew'>,
): ConfigFault | undefined {
  const about = { path: [], at: 'key' } as const
  if (value === null) return { ...about, message: 'The file is empty.', advice: whenEmpty }
  if (!isMap(value)) {
    const message = `${name}: expected a map of settings, found ${describeValue(value)}.`
    return { ...about, message, advice: 'Start with the line version: 1.' }
  }
  const { version } = value
  if (typeof version !== 'number' || (Number.isInteger(version) && version > 0 && version <= newest))
    return undefined
  if (version > newest) {
    return {
      path: ['version'],
      at: 'value',
      message: `This file is of version ${version}; this kabi-gate reads up to version ${newest}.`,
      advice: `Use the kabi-gate that it was written for${renew === undefined ? '' : `, or ${renew}`}.`,
    }
  }
  const known = newest === 1 ? '1' : `1 or ${newest}`
  const message = `version: expected the number ${known}, found the number ${version}.`
  return {
    path: ['version'],
    at: 'value',
    message,
    advice: `This kabi-gate reads version ${known} of the format only.`,
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

function sorted(problems: readonly Problem[]): readonly Problem[] {
  const list = problemList()
  const inOrder = [...problems].sort(
    ({ place: a }, { place: b }) => (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0),
  )
  for (const problem of inOrder) list.error(() => problem)
  return list.all()
}
