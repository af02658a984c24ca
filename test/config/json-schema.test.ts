import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { validConfigs } from './samples.ts'

const committed = readFileSync('kabi.schema.json', 'utf8')
const schema = z.fromJSONSchema(JSON.parse(committed) as z.core.JSONSchema.JSONSchema)

describe('kabi.schema.json', () => {
  it('is what scripts/schema.ts makes of the sources', () => {
    expect(committed).toBe(configJsonSchema())
  })

  it.each(Object.entries(validConfigs))('accepts %s', (_, text) => {
    // As the configuration is read: keys are texts, and hexadecimal numbers stay as they are written.
    const value: unknown = parse(text.replace('0x100000', '"0x100000"'), { stringKeys: true })
    expect(schema.safeParse(value).error).toBeUndefined()
  })

  it.each<[string, unknown]>([
    ['no version', { variants: { a: { arch: 'arm' } } }],
    ['another version', { version: 2 }],
    ['an unknown key', { version: 1, colour: 'red' }],
    ['an unknown key of a variant', { version: 1, variants: { a: { arch: 'arm', stratgy: 'full' } } }],
    ['a bad name', { version: 1, variants: { '../a': { arch: 'arm' } } }],
    ['a wrong word', { version: 1, variants: { a: { strategy: 'ful' } } }],
    ['an unknown kind', { version: 1, policy: { kinds: { chnaged: 'fail' } } }],
    ['a word that comparability does not know', { version: 1, policy: { comparability: 'ignore' } }],
    ['a word that pre-existing does not know', { version: 1, policy: { 'pre-existing': 'ignore' } }],
    ['a short reason', { version: 1, variants: { a: { promise: 'none', reason: 'because' } } }],
    ['true for y', { version: 1, defaults: { config: { set: { MODVERSIONS: true } } } }],
    ['no name of an option', { version: 1, defaults: { config: { set: { 'A=': 'y' } } } }],
  ])('refuses %s', (_, value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })

  it('describes every key', () => {
    const undescribed: string[] = []
    const look = (part: unknown, path: string): void => {
      if (typeof part !== 'object' || part === null) return
      for (const [key, inner] of Object.entries(part)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(inner as Record<string, object>)) {
            if (!('description' in property)) undescribed.push(`${path}.${name}`)
          }
        }
        look(inner, `${path}.${key}`)
      }
    }
    look(JSON.parse(committed), '')
    expect(undescribed).toEqual([])
  })
})
