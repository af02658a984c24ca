import type { ReservedFields, SourcePlace } from '../../abi/cause.ts'
import { kabiMacroKind } from '../../abi/kabi-macros.ts'
import { cTokens } from './c-tokens.ts'
import { groupBy } from '../../abi/group-by.ts'
import type { SourceTexts } from './source-texts.ts'

/**
 * Counts the fields that a structure still keeps for later: macros such as `RH_KABI_RESERVE(1)`, and SUSE's member
 * `suse_kabi_padding`. One that is used already, as in `RH_KABI_USE(1, …)` or as an argument of another macro, does not
 * count. Of several macros the one with most left is given.
 * @param place the definition
 */
export function reservedNear(place: SourcePlace, sources: SourceTexts): ReservedFields | undefined {
  const text = sources.text(sources.pathOf(place.file))
  if (text === undefined) return undefined
  const tokens = cTokens(text).filter(({ line }) => line >= place.line && line <= place.endLine)
  const reserved: {
    readonly macro: string
    readonly left: number
    readonly line: number
    readonly argument?: string | undefined
  }[] = []
  let depth = 0
  for (const [at, { text: word, line }] of tokens.entries()) {
    depth += Number(word === '(') - Number(word === ')')
    if (depth > 0) continue
    const next = tokens[at + 1]?.text
    if (next === '(' && kabiMacroKind(word) === 'reserve') {
      const [argument = '', end] = [tokens[at + 2]?.text, tokens[at + 3]?.text]
      const isNumber = /^\d+$/.test(argument) && end === ')'
      reserved.push({ macro: word, left: 1, line, ...(isNumber ? { argument } : {}) })
    }
    if (!word.startsWith(padding)) continue
    const length = next === '[' ? Number(tokens[at + 2]?.text) : 1
    if (Number.isInteger(length)) reserved.push({ macro: padding, left: length, line })
  }
  const counted = [...groupBy(reserved, ({ macro }) => macro)].map(([macro, fields]): ReservedFields => {
    const lines = fields.map(({ line }) => line)
    const lineRange = { line: Math.min(...lines), endLine: Math.max(...lines) }
    const first = fields.find(({ argument }) => argument !== undefined)
    return {
      macro,
      left: fields.reduce((sum, { left }) => sum + left, 0),
      place: { file: place.file, ...lineRange },
      ...(first?.argument === undefined ? {} : { first: { line: first.line, argument: first.argument } }),
    }
  })
  return counted.sort((a, b) => b.left - a.left)[0]
}

const padding = 'suse_kabi_padding'
