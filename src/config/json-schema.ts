import * as z from 'zod'
import { isMap } from './config-fault.ts'
import { configSchema } from './config-schema.ts'
import { synonymOf } from './other-names.ts'

/** Adds each key again under its other name. */
function withSynonyms(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withSynonyms)
  if (!isMap(schema)) return schema
  const { properties } = schema
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [
      name,
      name === 'properties' && isMap(properties) ? twinned(properties) : withSynonyms(value),
    ]),
  )
}

function twinned(properties: Readonly<Record<string, unknown>>): unknown {
  const entries = Object.entries(properties).flatMap(([name, value]) => {
    const twin = synonymOf(name)
    const own = withSynonyms(value)
    return [[name, own] as const, ...(twin === undefined ? [] : [[twin, own] as const])]
  })
  return Object.fromEntries(entries)
}

/** The JSON Schema (draft 7, which editors know best) of `kabi.yml`, as text that ends with a newline. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema(), { target: 'draft-07', io: 'input' })
  return JSON.stringify(withSynonyms(schema), undefined, 2) + '\n'
}
