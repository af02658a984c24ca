import { definitionTokens } from '../definition-tokens.ts'
import { constantValue } from './constant-value.ts'
import type { KnownTypes } from './known-types.ts'

/** The value of an enumerator by its name, such as `RED`, as far as the definitions of a side tell. */
export function enumeratorValue(name: string, types: KnownTypes, depth = 0): number | undefined {
  const text = depth < deepest ? types.textOf(`E#${name}`) : undefined
  if (text === undefined) return undefined
  return constantValue(definitionTokens(text), (other) => enumeratorValue(other, types, depth + 1))
}

/** Enumerators may be defined by others; a chain this long is a circle. */
const deepest = 20
