import { printable } from './escape.ts'
import type { DiffLine } from './stand-in.ts'
import type { Layout } from './text-layout.ts'
import { counted } from './words.ts'

/** A diff of a definition for a terminal; what is too long is cut and counted. */
export function diffLines(diff: readonly DiffLine[], max: number, { paint }: Layout): string[] {
  const shown = diff.length > max + 1 ? diff.slice(0, max) : diff
  const left = diff.slice(shown.length).filter(({ kind }) => kind === 'added' || kind === 'removed').length
  const cut = diff.length - shown.length
  return [
    ...shown.map((line) => {
      if (line.kind === 'gap') return paint.dim(`      … ${counted(line.count, 'equal line')}`)
      const text = printable(line.text.replaceAll('\t', '    '), 300)
      switch (line.kind) {
        case 'same':
          return `      ${text}`.trimEnd()
        case 'added':
          return paint.green(`    + ${text}`)
        case 'removed':
          return paint.red(`    - ${text}`)
      }
    }),
    ...(cut > 0
      ? [
          paint.dim(
            `      … ${counted(cut, 'more line')}, ${left} of them changed; --format details shows all`,
          ),
        ]
      : []),
  ]
}
