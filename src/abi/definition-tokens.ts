/** A token of a definition; quoted names of types, and the literals of C, may contain spaces. */
const token = /[suetE]#'[^']*'[^ ]*|L?"(?:\\.|[^"\\])*"|L?'(?:\\.|[^'\\])*'|[^ ]+/g

/** The tokens of a definition as genksyms writes it, one space between. */
export function definitionTokens(text: string): readonly string[] {
  return text.match(token) ?? []
}
