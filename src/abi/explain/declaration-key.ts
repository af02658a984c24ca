import { constantValue } from './constant-value.ts'
import type { Declaration } from './declaration.ts'
import { enumeratorValue } from './enumerator-value.ts'
import { nothingKnown, type KnownTypes } from './known-types.ts'
import { nameIndex } from './parse-definition.ts'
import { closingBracket, isAttribute, isQualifier, phraseEnd } from './token-kinds.ts'

/** Parts of a declaration in which two may differ without being of another type altogether. */
export type Aspect = 'name' | 'attribute' | 'qualifier' | 'array-bound' | 'bit-field-width'

/**
 * A text that is equal for two declarations of the same type, however it is spelled: `long unsigned int const` is
 * `const unsigned long`. It says nothing about what stands in a body.
 * @param without what to leave out of the comparison
 * @param types gives the values of enumerators
 */
export function declarationKey(
  { specifiers, declarator, bits }: Pick<Declaration, 'specifiers' | 'declarator' | 'bits'>,
  without: ReadonlySet<Aspect> = new Set(),
  types: KnownTypes = nothingKnown.before,
): string {
  const words = significant(specifiers, without, types)
  const attributesAndQualifiers = words.filter((word) => isAttribute(word.split(' ')[0]) || isQualifier(word))
  const typeWords = words.filter((word) => !attributesAndQualifiers.includes(word))
  const name = nameIndex(declarator)
  const named = without.has('name') ? declarator.filter((_, at) => at !== name) : declarator
  return [
    ...[...new Set(attributesAndQualifiers)].sort(),
    ...canonicalType(typeWords),
    '|',
    ...significant(named, without, types),
    ...(bits ? [':', without.has('bit-field-width') ? '' : canonicalExpression(bits, types)] : []),
  ].join(' ')
}

/** The tokens that count, in one spelling; attributes, `typeof` and array bounds in one piece. */
function significant(
  tokens: readonly string[],
  without: ReadonlySet<Aspect>,
  types: KnownTypes,
): readonly string[] {
  const found: string[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? ''
    const phrase = phraseEnd(tokens, at)
    const close = token === '[' ? closingBracket(tokens, at) : undefined
    if (phrase !== undefined) {
      if (!isAttribute(token) || !without.has('attribute')) {
        found.push(tokens.slice(at, phrase).map(canonicalWord).join(' '))
      }
      at = phrase - 1
    } else if (close !== undefined) {
      // An array without a bound has no items, as one of none.
      const bound = close === at + 1 ? ['0'] : tokens.slice(at + 1, close)
      found.push(without.has('array-bound') ? '[]' : `[${canonicalExpression(bound, types)}]`)
      at = close
    } else if (token === '__extension__' || (isQualifier(token) && without.has('qualifier'))) continue
    else found.push(canonicalWord(token))
  }
  return found
}

/** `__const__` is `const`, `__aligned__` is `aligned`. */
function canonicalWord(token: string): string {
  return token.replace(/^__(const|volatile|signed)$/, '$1').replace(/^__(\w+?)__$/, '$1')
}

/** Of a size that depends on the machine, the values for both kinds of machines. */
function canonicalExpression(tokens: readonly string[], types: KnownTypes): string {
  const known = (name: string) => enumeratorValue(name, types)
  const values = [4, 8].map((long) => constantValue(tokens, known, long))
  return values.includes(undefined) ? tokens.join(' ') : values.join(' or ')
}

const integerWords = new Set(['short', 'int', 'long', 'signed', 'unsigned'])

function canonicalType(words: readonly string[]): readonly string[] {
  if (!words.every((word) => integerWords.has(word))) return [...words].sort()
  const sized = words.filter((word) => word === 'short' || word === 'long')
  return [
    words.includes('unsigned') ? 'unsigned' : 'signed',
    ...sized.sort(),
    ...(sized.length === 0 ? ['int'] : []),
  ]
}
