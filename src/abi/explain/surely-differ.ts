import { definitionTokens } from '../definition-tokens.ts'
import { cSpelling } from './c-text.ts'

/** The texts that a name may stand for in the definitions at hand; none for a name without a definition. */
type DefinitionsOf = (name: string) => readonly string[]

/**
 * Whether two definitions of a name expand to different texts wherever they stand, whatever was expanded before them. They
 * do when the first tokens that differ cannot begin alike: everything in front of those expands in the same way. False
 * says nothing: a reference may stand for the very text that replaced it.
 */
export function surelyDiffer(before: string, after: string, definitionsOf: DefinitionsOf): boolean {
  const old = definitionTokens(before)
  const current = definitionTokens(after)
  let at = 0
  while (at < old.length && old[at] === current[at]) at++
  const [a, b] = [old[at], current[at]]
  if (a === undefined || b === undefined) return false
  if (!isReference(a) && !isReference(b)) return true
  const others = beginnings(current.slice(at), definitionsOf, deepest)
  return beginnings(old.slice(at), definitionsOf, deepest).every((one) =>
    others.every((other) => !one.text.startsWith(other.text) && !other.text.startsWith(one.text)),
  )
}

/** How far definitions are followed, and how many tokens and beginnings are looked at: enough for a chain of typedefs. */
const deepest = 3
const mostTokens = 6
const mostBeginnings = 16

interface Beginning {
  readonly text: string
  /** Whether all the tokens are in it, so that the text of what follows them goes on here. */
  readonly complete: boolean
}

/** All the texts with which the expansion of some tokens may begin. */
function beginnings(
  tokens: readonly string[],
  definitionsOf: DefinitionsOf,
  depth: number,
): readonly Beginning[] {
  let found: readonly Beginning[] = [{ text: '', complete: true }]
  for (const [at, token] of tokens.entries()) {
    const open = found.filter(({ complete }) => complete)
    if (open.length === 0) break
    const next = at < mostTokens ? beginningsOf(token, definitionsOf, depth) : []
    if (next.length === 0 || open.length * next.length > mostBeginnings)
      return found.map(({ text }) => ({ text, complete: false }))
    found = found.flatMap((one) =>
      one.complete ? next.map(({ text, complete }) => ({ text: `${one.text}${text}`, complete })) : [one],
    )
  }
  return found
}

function beginningsOf(token: string, definitionsOf: DefinitionsOf, depth: number): readonly Beginning[] {
  const repeated = { text: `${cSpelling(token)} `, complete: true }
  if (!isReference(token)) return [repeated]
  const definitions = definitionsOf(token)
  if (definitions.length === 0 || depth === 0) return []
  return [
    repeated,
    ...definitions.flatMap((text) => beginnings(definitionTokens(text), definitionsOf, depth - 1)),
  ]
}

function isReference(token: string): boolean {
  return /^[suetE]#/.test(token)
}
