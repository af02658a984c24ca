import type { DiffLine } from '../abi/explain/definition-diff.ts'
import { cutDiff } from './cut-diff.ts'
import { printable } from './escape.ts'
import type { Layout } from './text-layout.ts'
import { counted } from './words.ts'

/** A diff of a definition for a terminal; what is too long is cut and counted. */
export function diffLines(diff: readonly DiffLine[], max: number, { paint }: Layout): string[] {
  const { shown, note } = cutDiff(diff, max)
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
    ...(note === undefined ? [] : [paint.dim(`      … ${note}; --format details shows all`)]),
  ]
}
