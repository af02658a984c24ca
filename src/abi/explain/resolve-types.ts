import { bodyMark } from './c-text.ts'
import type { Declaration } from './declaration.ts'
import type { BothTypes, KnownTypes } from './known-types.ts'
import { nameIndex, parseDefinition } from './parse-definition.ts'
import { isCompoundKeyword, isQualifier } from './token-kinds.ts'

/** What a comparison of types looks at. */
type TypeOf<T = Declaration> = Pick<Declaration, 'specifiers' | 'declarator' | 'body'> & T

/** Longer chains of typedefs than any real one, or circles. */
const longestChain = 20

/**
 * The declaration with what its typedefs stand for: `u32 a` is `unsigned int a`. Where that cannot be written in the
 * same way, as with a qualifier of a pointer, or is not known, the typedef stays.
 */
export function withoutTypedefs<T>(declaration: TypeOf<T>, types: KnownTypes): TypeOf<T> {
  let found = declaration
  for (let count = 0; count < longestChain; count++) {
    const next = withoutTypedef(found, types)
    if (!next) return found
    found = next
  }
  return declaration
}

function withoutTypedef<T>(declaration: TypeOf<T>, types: KnownTypes): TypeOf<T> | undefined {
  const { specifiers, declarator, body } = declaration
  const at = specifiers.findIndex((token) => token.startsWith('t#'))
  const name = specifiers[at]
  const text = name === undefined || body ? undefined : types.textOf(name)
  if (name === undefined || text === undefined) return undefined
  const definition = parseDefinition(name, text)
  if (definition.kind !== 'typedef') return undefined
  const { specifiers: meaning, declarator: shape, body: inner } = definition.declaration
  if (shape.length > 1 && specifiers.some(isQualifier)) return undefined
  const place = nameIndex(shape)
  const behind = shape[place + 1]
  const needsParentheses = declarator[0] === '*' && (behind === '[' || behind === '(')
  const inside = needsParentheses ? ['(', ...declarator, ')'] : declarator
  return {
    ...declaration,
    specifiers: specifiers.toSpliced(at, 1, ...meaning),
    declarator: shape.toSpliced(place, 1, ...inside),
    ...(inner ? { body: inner } : {}),
  }
}

/** The declaration with the body of the struct, union or enum that it names, as if that stood there without a name. */
export function withBody<T>(declaration: TypeOf<T>, types: KnownTypes): TypeOf<T> | undefined {
  const { specifiers, body } = declaration
  if (body) return declaration
  const at = specifiers.findIndex((token) => /^[sue]#/.test(token))
  const name = specifiers[at]
  const text = name === undefined ? undefined : types.textOf(name)
  if (name === undefined || text === undefined) return undefined
  const definition = parseDefinition(name, text)
  if (definition.kind !== 'type' || !definition.declaration.body) return undefined
  const { specifiers: whole, body: found } = definition.declaration
  const tag = name.slice(2)
  const nameless = whole.filter((token, index) => !(token === tag && isCompoundKeyword(whole[index - 1])))
  return { ...declaration, specifiers: specifiers.toSpliced(at, 1, ...nameless), body: found }
}

/**
 * Two declarations written in the same way where one of them writes a type out without a name and the other names it, by a
 * tag or a typedef; else as they are.
 */
export function writtenAlike<T>(
  before: TypeOf<T>,
  after: TypeOf<T>,
  types: BothTypes,
): readonly [TypeOf<T>, TypeOf<T>] {
  if (!isNameless(before) && !isNameless(after)) return [before, after]
  const old = withBody(withoutTypedefs(before, types.before), types.before)
  const current = withBody(withoutTypedefs(after, types.after), types.after)
  return old?.body && old.body.kind === current?.body?.kind ? [old, current] : [before, after]
}

function isNameless({ specifiers }: Pick<Declaration, 'specifiers'>): boolean {
  return isCompoundKeyword(specifiers[specifiers.indexOf(bodyMark) - 1])
}
