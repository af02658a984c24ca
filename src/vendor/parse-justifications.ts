import { isSymbolName } from '../abi/export.ts'
import { foreignContent } from '../abi/foreign-content.ts'
import type { Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { textLines } from '../abi/text-lines.ts'

/** Why a driver needs a symbol, in the words of its vendor. */
export interface Justification {
  /** The file of the module it was given for; undefined: for any. */
  readonly module: string | undefined
  readonly symbol: string
  /** Not empty; lines joined by spaces. */
  readonly text: string
}

/** What RHEL's ksc writes where nothing was filled in, or where another module's section says it. */
const unfilled = /^(?:ENTER JUSTIFICATION TEXT HERE|JUSTIFICATION STATED UNDER `.*' SECTION)$/

/**
 * Reads justifications from the result of RHEL's ksc, or from a file of nothing but such pairs: the symbol in round
 * brackets on a line of its own, the text below it, a line of `#` before the next. A line `{e1000e.ko@…}` begins the
 * section of a module. What was not filled in is left out. Source of the format: ksc 1.8 and later.
 *
 * Problems: `unreadable` for what is no text; `malformed-line` for a file without any pair, filled in or not.
 * @param file the name to use in messages
 */
export function parseJustifications(text: string, file: string): Read<readonly Justification[]> {
  const foreign = foreignContent(text, file)
  if (foreign) return { value: [], problems: [foreign] }
  const found: { module: string | undefined; symbol: string; words: string[] }[] = []
  let module: string | undefined
  let open = false
  for (const source of textLines(text)) {
    const line = source.trim()
    const section = /^\{([^@}]+)(?:@.*)?\}$/.exec(line)?.[1]
    const pair = /^#*\s*\(([^()\s]+)\)$/.exec(line)?.[1]
    if (section !== undefined) {
      module = section
      open = false
    } else if (pair !== undefined && isSymbolName(pair)) {
      found.push({ module, symbol: pair, words: [] })
      open = true
    } else if (/^#+$/.test(line) || /^\[.*\]$/.test(line)) open = false
    else if (open && line !== '') found.at(-1)?.words.push(line)
  }
  if (found.length === 0) {
    const message = `${quote(file)} holds no justification: a symbol in round brackets, and below it why it is needed.`
    return { value: [], problems: [{ kind: 'malformed-line', message, place: { file } }] }
  }
  const value = found
    .map(({ words, ...rest }) => ({ ...rest, text: words.join(' ') }))
    .filter(({ text: filled }) => filled !== '' && !unfilled.test(filled))
  return { value, problems: [] }
}

/**
 * The justification for a symbol of a module: its own, else that of another module.
 * @param module the name of the module's file, perhaps with folders before it
 */
export function justificationFor(
  justifications: readonly Justification[],
  module: string,
  symbol: string,
): string | undefined {
  const name = module.slice(module.lastIndexOf('/') + 1)
  const those = justifications.filter((one) => one.symbol === symbol)
  return (those.find((one) => one.module === name) ?? those[0])?.text
}
