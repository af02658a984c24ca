/** A string, a character or the beginning of a comment in C. */
interface Found {
  readonly kind: 'literal' | 'comment'
  readonly start: number
  readonly end: number
}

/**
 * Lists the strings and characters of a line of C, up to where a comment starts. A quote that nothing ends stands for itself.
 * Takes time in proportion to the line: once a quote was not ended, no later one of its kind is.
 */
export function* literalsAndComment(line: string): Generator<Found> {
  const open = new Set<string>()
  for (let at = 0; at < line.length; at++) {
    const first = line[at] ?? ''
    if (first === '/' && (line[at + 1] === '/' || line[at + 1] === '*')) {
      yield { kind: 'comment', start: at, end: at + 2 }
      return
    }
    if ((first !== '"' && first !== "'") || open.has(first)) continue
    const end = literalEnd(line, at)
    if (end < 0) open.add(first)
    else {
      yield { kind: 'literal', start: at, end }
      at = end - 1
    }
  }
}

function literalEnd(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '\\') at++
    else if (line[at] === line[start]) return at + 1
  }
  return -1
}

/** The words of a line of code, without those in strings. */
export function wordsOutsideStrings(code: string): readonly string[] {
  let outside = ''
  let at = 0
  for (const { kind, start, end } of literalsAndComment(code)) {
    if (kind === 'comment' || code[start] !== '"') continue
    outside += `${code.slice(at, start)} `
    at = end
  }
  return (outside + code.slice(at)).match(/[A-Za-z_]\w*/g) ?? []
}
