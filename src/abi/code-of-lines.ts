import { literalsAndComment } from './c-literals.ts'

/**
 * Takes the comments out of neighbouring lines of C. What stands before them is not known: they begin within a comment when
 * a comment ends in them before one begins, or when the first looks like the middle of one (` * text`).
 */
export function codeOfLines(lines: readonly string[]): readonly string[] {
  let inComment = beginsInComment(lines)
  return lines.map((line) => {
    let code = ''
    let rest = line
    for (;;) {
      if (inComment) {
        const end = rest.indexOf('*/')
        if (end < 0) return code
        rest = rest.slice(end + 2)
        inComment = false
      }
      const start = commentStart(rest)
      if (start < 0) return code + rest
      code += rest.slice(0, start)
      if (rest.startsWith('//', start)) return code
      code += ' '
      rest = rest.slice(start + 2)
      inComment = true
    }
  })
}

/** Where a comment starts, over strings and characters that look like one; -1 when none does. */
function commentStart(text: string): number {
  for (const { kind, start } of literalsAndComment(text)) if (kind === 'comment') return start
  return -1
}

function beginsInComment(lines: readonly string[]): boolean {
  if (/^\s*\*(?:[\s/]|$)/.test(lines[0] ?? '')) return true
  for (const line of lines) {
    const [found] = /\/\*|\*\//.exec(line) ?? []
    if (found !== undefined) return found === '*/'
  }
  return false
}
