import { quote } from '../problem/quote.ts'

/** The way from the top of the configuration to a setting: keys of maps, indices of lists. */
export type SettingPath = readonly (string | number)[]

/** What is wrong with a setting. */
export interface ConfigFault {
  readonly path: SettingPath
  /** What to underline: the key itself, or its value where that is a single word or number. */
  readonly at: 'key' | 'value'
  /** One sentence. */
  readonly message: string
  readonly advice?: string
}

/** A path as a person would write it: `variants.x86_64.config.targets[0]`. */
export function formatPath(path: SettingPath): string {
  return path.map((step, index) => formatStep(step, index === 0)).join('')
}

function formatStep(step: string | number, first: boolean): string {
  if (typeof step === 'number') return `[${step}]`
  const word = /^[\w.-]+$/.test(step) && step.length <= 80 ? step : quote(step)
  return first ? word : `.${word}`
}

/** A list of alternatives in words: `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`
}

/** What a value of the configuration is, in words. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return 'a map'
}

/** True for what a YAML map becomes. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
