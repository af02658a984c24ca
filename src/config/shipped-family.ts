import { join } from 'node:path'
import { quote } from '../problem/quote.ts'
import type { ShippedWhitelists } from './shipped-whitelists.ts'
import { isMap, type ConfigFault } from './config-fault.ts'
import { nearest } from './nearest.ts'
import { configPresets } from './presets.ts'

const prefix = 'builtin:'

/** The family that a value of `whitelists:` names, as in `builtin:debian-12`; undefined for a path. */
function familyNamed(whitelists: unknown): string | undefined {
  return typeof whitelists === 'string' && whitelists.startsWith(prefix)
    ? whitelists.slice(prefix.length)
    : undefined
}

/** The folder of the family that a value of `whitelists:` names; undefined for a path. */
export function familyFolder(whitelists: string, { folder }: ShippedWhitelists): string | undefined {
  const family = familyNamed(whitelists)
  return family === undefined ? undefined : join(folder, family)
}

/** A family that does not come with kabi-gate, or variants that it has no whitelist for. Takes any content, valid or not. */
export function familyFaults(
  content: Readonly<Record<string, unknown>>,
  { families }: ShippedWhitelists,
): readonly ConfigFault[] {
  const family = familyNamed(content['whitelists'])
  if (family === undefined) return []
  const known = families.get(family)
  if (!known) return [unknownFamily(family, [...families.keys()])]
  const written = isMap(content['variants']) ? content['variants'] : {}
  const preset =
    Object.entries(configPresets).find(([name]) => name === content['preset'])?.[1].variants ?? {}
  const names = new Set([...Object.keys(preset), ...Object.keys(written)])
  return [...names].flatMap((name) => {
    if (known.includes(name) || needsNone(written[name])) return []
    return [
      unknownVariant(name, Object.hasOwn(written, name) ? ['variants', name] : ['whitelists'], family, known),
    ]
  })
}

/** It names a whitelist itself, or promises nothing. */
function needsNone(variant: unknown): boolean {
  return isMap(variant) && ('whitelist' in variant || 'promise' in variant)
}

function unknownFamily(family: string, known: readonly string[]): ConfigFault {
  const meant = nearest(family, known)
  const advice =
    known.length === 0
      ? 'This kabi-gate comes without whitelists; name a folder of your own.'
      : `Those that come with it: ${known.map((name) => prefix + name).join(', ')}.`
  return {
    path: ['whitelists'],
    at: 'value',
    message: `whitelists: no family ${quote(prefix + family)} comes with kabi-gate${meant === undefined ? '.' : `; did you mean ${prefix}${meant}?`}`,
    advice,
  }
}

function unknownVariant(
  name: string,
  path: ConfigFault['path'],
  family: string,
  known: readonly string[],
): ConfigFault {
  const meant = nearest(name, known)
  return {
    path,
    at: 'key',
    message: `${prefix}${family} has no whitelist for a variant ${quote(name)}${meant === undefined ? '.' : `; did you mean ${meant}?`}`,
    advice: `Its variants are: ${known.join(', ')}. Give another one a whitelist of its own.`,
  }
}
