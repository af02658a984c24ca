import * as z from 'zod'
import { configSchema } from './config-schema.ts'

/** The JSON Schema (draft 7, which editors know best) of `kabi.yml`, as text that ends with a newline. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema(), { target: 'draft-07', io: 'input' })
  return JSON.stringify(schema, undefined, 2) + '\n'
}
