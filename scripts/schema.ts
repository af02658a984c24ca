import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { configJsonSchema } from '../src/config/json-schema.ts'

/** Writes kabi.schema.json. Usage: node --import tsx scripts/schema.ts */

writeFileSync(resolve(import.meta.dirname, '../kabi.schema.json'), configJsonSchema())
