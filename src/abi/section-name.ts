/** The name inside `[...]`; `undefined` when the line, without white space around it, is not exactly that. */
export function sectionName(content: string): string | undefined {
  return /^\[([^[\]\p{C}]+)\]$/u.exec(content)?.[1]
}
