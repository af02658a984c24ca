import type { Change, ChangeClass } from '../cause.ts'
import { align } from './align.ts'
import { cText } from './c-text.ts'
import { changeBetween, declarationDifference } from './compare-declarations.ts'
import type { Declaration } from './declaration.ts'
import type { BothTypes } from './known-types.ts'
import { nameIndex, parseParameter } from './parse-definition.ts'
import { closingBracket, phraseEnd, splitOutside } from './token-kinds.ts'

/**
 * How two declarations of an export, or two typedefs, differ, apart from what stands in a body. The arguments and the
 * result of a function, or of a pointer to one, are looked at one by one.
 * @param otherwise the class of something that has another type altogether
 */
export function classifyDeclarations(
  before: Declaration,
  after: Declaration,
  otherwise: 'variable-retyped' | 'typedef-retargeted',
  types: BothTypes,
): readonly Change[] {
  const old = functionParts(before)
  const current = functionParts(after)
  const sameKind = isFunction(old) === isFunction(current)
  const anotherType = sameKind || otherwise === 'typedef-retargeted' ? otherwise : 'other'
  if (!old || !current || !sameKind) {
    return whole(declarationDifference(before, after, anotherType, types), before, after)
  }
  const changes = classifyArguments(old.parameters, current.parameters, types)
  const difference = declarationDifference(old.rest, current.rest, 'return-type', types)
  if (difference !== 'return-type') return [...changes, ...whole(difference, before, after)]
  // Of pointers to functions the rest is more than the result.
  const isResult = old.around === current.around
  return [
    ...changes,
    isResult
      ? changeBetween('return-type', old.result, current.result)
      : changeBetween(otherwise, before.source, after.source),
  ]
}

function whole(
  difference: ChangeClass | undefined,
  before: Declaration,
  after: Declaration,
): readonly Change[] {
  return difference ? [changeBetween(difference, before.source, after.source)] : []
}

interface FunctionParts {
  readonly parameters: readonly (readonly string[])[]
  /** The declaration without its parameters. */
  readonly rest: Pick<Declaration, 'specifiers' | 'declarator'>
  /** What the function gives. */
  readonly result: readonly string[]
  /** The declarator, without its parameters, from the name, or the parentheses around it, on. */
  readonly around: string
}

/** The parts of a function, or of a pointer to a function. */
function functionParts({ specifiers, declarator }: Declaration): FunctionParts | undefined {
  const name = nameIndex(declarator)
  let open = name + 1
  while (declarator[open] === ')' || declarator[open] === '[') {
    open = declarator[open] === '[' ? (closingBracket(declarator, open) ?? open) + 1 : open + 1
  }
  const close = name >= 0 && declarator[open] === '(' ? closingBracket(declarator, open) : undefined
  if (close === undefined) return undefined
  const list = declarator.slice(open + 1, close)
  const parameters = list.join(' ') === 'void' ? [] : splitOutside(list, ',')
  if (!parameters) return undefined
  const rest = [...declarator.slice(0, open + 1), ...declarator.slice(close)]
  const start = declaratorStart(declarator)
  return {
    parameters: list.length === 0 ? [] : parameters,
    rest: { specifiers, declarator: rest },
    result: [...specifiers, ...declarator.slice(0, start)],
    around: [...declarator.slice(start, open + 1), ...declarator.slice(close)].join(' '),
  }
}

/** Whether it is a function, and not a pointer to one. */
function isFunction(parts: FunctionParts | undefined): boolean {
  return parts !== undefined && !parts.around.includes('*')
}

/** Where the name or the parentheses around it begin: behind the pointers and attributes of the result. */
function declaratorStart(declarator: readonly string[]): number {
  const name = nameIndex(declarator)
  for (let at = 0; at < name; at++) {
    const phrase = phraseEnd(declarator, at)
    if (phrase !== undefined) at = phrase - 1
    else if (declarator[at] === '(') return at
  }
  return name
}

function classifyArguments(
  before: readonly (readonly string[])[],
  after: readonly (readonly string[])[],
  types: BothTypes,
): readonly Change[] {
  const numbered = (tokens: readonly string[], index: number) => ({ tokens, number: index + 1 })
  const { pairs, removed, added } = align(before.map(numbered), after.map(numbered), [
    ({ tokens }) => tokens.join(' '),
    // What stands between two arguments that stayed was replaced one for one.
    () => '',
  ])
  const changes: Change[] = []
  for (const { before: old, after: current, level } of pairs) {
    if (level === 0) continue
    const difference = declarationDifference(
      parseParameter(old.tokens),
      parseParameter(current.tokens),
      'argument-retyped',
      types,
    )
    if (difference)
      changes.push(changeBetween(difference, old.tokens, current.tokens, `argument ${old.number}`))
  }
  for (const { tokens, number } of removed) {
    changes.push({ class: 'argument-removed', subject: `argument ${number}: ${cText(tokens)}` })
  }
  for (const { tokens, number } of added) {
    changes.push({ class: 'argument-added', subject: `argument ${number}: ${cText(tokens)}` })
  }
  return changes
}
