import { printable } from '../escape.ts'
import { written, type Pen, type Words } from '../model/span.ts'

/** Longest name that is shown in full. */
const longest = 300

/** Words for a terminal, or for any other reader of plain text, without colour. */
export const textPen: Pen = {
  ours: (text) => text,
  text: (text, max = longest) => printable(text, max),
  prose: (text) => printable(text),
  code: (text, max = longest) => printable(text, max),
  patch: (line) => printable(line, longest),
  arrow: '->',
  tone: (_, shown) => shown,
  cause: (_, shown) => shown,
  link: (address, shown) => `${shown === '' ? '' : `${shown} `}${printable(address, longest)}`,
}

export function plainText(words: Words): string {
  return written(words, textPen)
}
