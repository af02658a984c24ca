/** A macro as a text defines it: of the preprocessor, or of the assembler. */
export interface Macro {
  readonly name: string
  /** Absent for a macro without parentheses. */
  readonly parameters?: readonly string[]
  readonly body: string
}

const definition = /^[ \t]*(?:#|%:)[ \t]*define[ \t]+([A-Za-z_$][\w$]*)(\([^()]*\))?(.*)/

/**
 * Reads the definition of a macro.
 * @param line with continued lines joined, without comments
 * @returns undefined for another line
 */
export function macroOfLine(line: string): Macro | undefined {
  const [, name, list, body = ''] = definition.exec(line) ?? []
  if (name === undefined) return undefined
  if (list === undefined) return { name, body: body.trim() }
  const parameters = list
    .slice(1, -1)
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  return { name, parameters, body: body.trim() }
}

/** Pieces of a text in which macros are replaced; an assembler's macro marks its parameters, `\reg` and `\()`. */
export function tokensOf(text: string): readonly string[] {
  return text.match(token) ?? []
}

const token =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|##|\\\(\)|\\?[A-Za-z_$][\w$]*|\d[\w.$]*|[ \t\r\f\v]+|[^]/g

export function isWord(piece: string | undefined): piece is string {
  return piece !== undefined && /^[A-Za-z_$]/.test(piece)
}

/**
 * Reads what is given to a macro in parentheses.
 * @param pieces those of a text; the first is the name
 * @returns the arguments, and how many pieces they are; undefined where no parentheses follow, or they do not end
 */
export function argumentsAt(
  pieces: readonly string[],
  start: number,
): { readonly given: readonly string[]; readonly end: number } | undefined {
  let at = start + 1
  while (/^\s+$/.test(pieces[at] ?? '')) at++
  if (pieces[at] !== '(') return undefined
  const given: string[] = []
  let current = ''
  let depth = 0
  for (; at < pieces.length; at++) {
    const piece = pieces[at] ?? ''
    if (piece === '(' && depth++ === 0) continue
    if (piece === ')' && --depth === 0) return { given: [...given, current.trim()], end: at + 1 }
    if (piece === ',' && depth === 1) {
      given.push(current.trim())
      current = ''
    } else current += piece
  }
  return undefined
}
