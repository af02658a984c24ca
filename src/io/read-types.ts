import type { ObjectRecord } from '../abi/evidence.ts'
import type { Read } from '../abi/problem.ts'
import { readBytes } from './read-bytes.ts'

/** Reads the type definitions of an object. For the problems see `readBytes`. */
export function readTypes(types: NonNullable<ObjectRecord['types']>): Promise<Read<Uint8Array>> {
  return typeof types === 'string' ? readBytes(types) : Promise.resolve({ value: types, problems: [] })
}
