/** A token of a definition; the literals of C may contain spaces. */
const token = /L?"(?:\\.|[^"\\])*"|L?'(?:\\.|[^'\\])*'|[^ ]+/g

/** The tokens of a definition as genksyms writes it, one space between. */
export function definitionTokens(text: string): readonly string[] {
  return text.match(token) ?? []
}
