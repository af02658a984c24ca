import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import { isBasicExpression, isMapping, isScalar, isSequence } from '@actions/workflow-parser'
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token'

/** What JSON can say. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** What the condition of a job or a step can ask. */
export interface Status {
  readonly success: boolean
  readonly failure: boolean
  readonly cancelled: boolean
}

/** What an expression can see: the contexts by their names, and how things stand. */
export interface Scope {
  readonly contexts: Readonly<Record<string, Value>>
  readonly status?: Status
}

/**
 * Evaluates a part of a workflow with GitHub's own library.
 * @throws for an expression that cannot be evaluated, or that names a context which is not to be had here
 */
export function evaluate(token: TemplateToken | undefined, scope: Scope): Value {
  if (token === undefined) return null
  if (isBasicExpression(token)) return evaluateExpression(token.expression, scope)
  if (isSequence(token)) return Array.from(token, (item) => evaluate(item, scope))
  if (isMapping(token)) {
    return Object.fromEntries(
      Array.from(token, ({ key, value }) => [text(evaluate(key, scope)), evaluate(value, scope)]),
    )
  }
  if (isScalar(token) && token.isLiteral) return token.toJSON() as Value
  throw new Error(`the runner cannot evaluate ${token.typeName()}`)
}

/** The same of the text between `${{` and `}}`. */
export function evaluateExpression(expression: string, { contexts, status }: Scope): Value {
  const functions = status ? statusFunctions(status) : []
  const { tokens } = new Lexer(expression).lex()
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse()
  const byName = new Map(functions.map((one) => [one.name, one]))
  const named = Object.entries(contexts).filter(([name]) => expression.toLowerCase().includes(name))
  const seen = toData(Object.fromEntries(named)) as data.Dictionary
  const result = new Evaluator(tree, seen, byName).evaluate()
  return JSON.parse(JSON.stringify(result, data.replacer)) as Value
}

/** Whether a condition holds, as GitHub reads values as truth. */
export function holds(token: TemplateToken, scope: Scope): boolean {
  const value = evaluate(token, scope)
  return !(value === null || value === '' || value === false || value === 0)
}

/** A value as the text that an input or an output becomes. */
export function text(value: Value): string {
  if (typeof value === 'object' && value !== null) throw new Error('a text was expected, found an object')
  return value === null ? '' : String(value)
}

/** A text as it stands in the file; undefined where there is none. */
export function literal(token: TemplateToken | undefined): string | undefined {
  return token && isScalar(token) ? token.toString() : undefined
}

/** The texts of a mapping. */
export function texts(token: TemplateToken | undefined, scope: Scope): Record<string, string> {
  const value = evaluate(token, scope) ?? {}
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, text(one as Value)]))
}

function statusFunctions({ success, failure, cancelled }: Status): FunctionDefinition[] {
  return Object.entries({ always: true, success, failure, cancelled }).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }))
}

function toData(value: object): data.ExpressionData {
  return JSON.parse(JSON.stringify(value), data.reviver) as data.ExpressionData
}
