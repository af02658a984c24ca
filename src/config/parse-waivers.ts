import { definitionName } from '../abi/explain/definition-title.ts'
import { parseCrc } from '../abi/export.ts'
import type { Read } from '../problem/problem.ts'
import type { Waiver } from '../judge/waiver.ts'
import { formatPath, isMap, type ConfigFault } from './config-fault.ts'
import { nearest } from './nearest.ts'
import { parseSettings, type SettingsForm } from './parse-settings.ts'
import { waiversSchema, type WaiversSettings } from './waivers-schema.ts'

/**
 * Reads a file of waivers, format version 1 (docs/waivers.md). Problems, all of kind `waivers`, as in `parseSettings`;
 * a variant that the configuration does not have, and a waiver given twice, are faults too.
 * @param file how messages and waivers name the file
 * @param variants the variants of the configuration
 */
export function parseWaivers(
  text: string,
  file: string,
  variants: readonly string[],
): Read<readonly Waiver[]> {
  const form: SettingsForm<WaiversSettings> = {
    kind: 'waivers',
    name: 'The file of waivers',
    whenEmpty: 'Write version: 1 and waivers: [], or take waivers: out of the configuration.',
    schema: waiversSchema,
    crossFaults: (content) => waiverFaults(content, variants),
  }
  const { value, problems } = parseSettings(text, file, form)
  if (!value) return { value: [], problems }
  const { settings, lineOf } = value
  return {
    value: settings.waivers.map((one, index) => waiverOf(one, file, lineOf(['waivers', index]))),
    problems,
  }
}

function waiverOf(settings: WaiversSettings['waivers'][number], file: string, line: number): Waiver {
  const { variants, reason, owner, ticket, expires } = settings
  const terms = {
    ...{ variants, owner, expires, file, line },
    reason: reason.trim(),
    ...(ticket === undefined ? {} : { ticket }),
  }
  if ('layout' in settings) {
    const { layout, from, to } = settings
    return { kind: 'layout', name: definitionName(layout), from, to, ...terms }
  }
  const { symbol, kind, from, to } = settings
  return {
    symbol,
    kind: kind ?? (to === 'removed' ? 'removed' : 'changed'),
    from: crcOf(from),
    to: to === 'removed' ? to : crcOf(to),
    ...terms,
  }
}

function crcOf(text: string): number {
  const crc = parseCrc(text)
  if (crc === undefined) throw new Error(`${text} is no checksum, which the schema refuses`)
  return crc
}

function waiverFaults(content: unknown, variants: readonly string[]): readonly ConfigFault[] {
  if (!isMap(content) || !Array.isArray(content['waivers'])) return []
  const seen = new Map<string, number>()
  return content['waivers'].flatMap((waiver: unknown, index): ConfigFault[] => {
    if (!isMap(waiver)) return []
    const { variants: named } = waiver
    const unknown = (Array.isArray(named) ? (named as unknown[]) : []).flatMap((name, at) =>
      typeof name !== 'string' || variants.includes(name) ? [] : [noVariant(index, at, name, variants)],
    )
    const key = JSON.stringify([
      waiver['symbol'],
      waiver['layout'],
      waiver['kind'],
      waiver['from'],
      waiver['to'],
      named,
    ])
    const first = seen.get(key)
    if (first === undefined) seen.set(key, index)
    return first === undefined ? unknown : [...unknown, twice(index, first)]
  })
}

function noVariant(index: number, at: number, name: string, variants: readonly string[]): ConfigFault {
  const path = ['waivers', index, 'variants', at]
  const meant = nearest(name, variants)
  return {
    path,
    at: 'value',
    message: `${formatPath(path)} is no variant of the configuration${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    advice: `The variants are ${variants.join(', ')}.`,
  }
}

function twice(index: number, first: number): ConfigFault {
  return {
    path: ['waivers', index],
    at: 'value',
    message: `${formatPath(['waivers', index])} says what ${formatPath(['waivers', first])} says already.`,
    advice: 'Keep one of the two.',
  }
}
