/** A line of C as the preprocessor reads it: continued lines joined, comments replaced by a space. */
interface LogicalLine {
  readonly text: string
  /** Where it begins, counted from 1. */
  readonly number: number
}

const piece =
  /\\\r?\n|\/\*[^]*?(?:\*\/|$)|\/\/(?:[^\\\n]|\\\r?\n|\\)*|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|\r?\n|[^]/g

/** Cuts C into logical lines (translation phases 2 and 3). */
export function logicalLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = []
  let line = 1
  let number = 1
  let current = ''
  for (const [found] of text.matchAll(piece)) {
    const first = found[0]
    if (first === '\n' || found === '\r\n') {
      lines.push({ text: current, number })
      current = ''
      number = ++line
      continue
    }
    line += found.split('\n').length - 1
    if (found.startsWith('/*') || found.startsWith('//')) current += ' '
    else if (!/^\\\r?\n/.test(found)) current += found
  }
  if (current !== '') lines.push({ text: current, number })
  return lines
}
