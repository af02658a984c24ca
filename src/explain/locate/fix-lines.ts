import type { Cause, Fix, FixEdit } from '../../abi/cause.ts'
import { reservedAndUsed, reservedBytes } from '../../abi/kabi-macros.ts'
import type { LayoutClass } from '../../abi/layouts/layout-change.ts'
import type { SourceTexts } from './source-texts.ts'

/** New members for which nothing else moved. */
const fitting: ReadonlySet<LayoutClass> = new Set(['in-hole', 'in-padding', 'in-union'])

/** Lines of one diff that are so near to each other stand in one hunk of it. */
const contextLines = 3

/**
 * The lines to write instead of a new field that is all of a change and stands alone on a line of the patch: around it what hides it
 * from the checksum, where it moves nothing, or a reserved field that uses it. Undefined where anything is not exactly so.
 * @param cause with its lines of the patch, what is reserved, and its layout
 */
export function fixOf(cause: Cause, sources: SourceTexts): Fix | undefined {
  const [change, ...otherChanges] = cause.changes
  const [line, ...otherLines] = cause.patch ?? []
  const declaration = change?.class.startsWith('field-added') ? change.subject : undefined
  if (!line || declaration === undefined || otherChanges.length > 0 || otherLines.length > 0) return undefined
  const lines = sources.text(sources.pathOf(line.file))?.split('\n') ?? []
  if (line.kind !== 'added' || lines[line.line - 1] !== line.text || !isField(line.text, declaration))
    return undefined
  const { file, text } = line
  const own: FixEdit = { line: line.line, removed: [text], added: [] }
  const differences = cause.layout?.differences ?? []
  if (differences.length > 0 && differences.every((one) => fitting.has(one.class)))
    return { how: 'hide', file, edits: [{ ...own, added: ['#ifndef __GENKSYMS__', text, '#endif'] }] }
  const used = usingEdit(cause, declaration, lines)
  if (!used || cause.reserved?.place.file !== file) return undefined
  return { how: 'use', file, edits: joined([own, used], lines) }
}

/** The reserved field, which has to stand alone on its line, with the new one in it. */
function usingEdit(
  { layout, reserved }: Cause,
  declaration: string,
  lines: readonly string[],
): FixEdit | undefined {
  const first = reserved?.first
  if (!layout?.room || layout.room.bytes > reservedBytes || !first) return undefined
  const text = lines[first.line - 1] ?? ''
  const [, before, argument, after] = /^(\s*)\w+\s*\(\s*(\w+)\s*\)(\s*;?\s*)$/.exec(text) ?? []
  if (before === undefined || after === undefined || argument !== first.argument) return undefined
  if (!text.trim().startsWith(reserved.macro)) return undefined
  const { used } = reservedAndUsed(reserved.macro, argument, declaration)
  return { line: first.line, removed: [text], added: [`${before}${used}${after}`] }
}

/** Two edits in the order of the file; as one, with the lines between them, where a single hunk of the patch has both. */
function joined(edits: readonly [FixEdit, FixEdit], lines: readonly string[]): readonly FixEdit[] {
  const [first, last] = edits[0].line < edits[1].line ? edits : [edits[1], edits[0]]
  if (last.line - first.line > contextLines) return [first, last]
  const between = lines.slice(first.line, last.line - 1)
  return [
    {
      line: first.line,
      removed: [...first.removed, ...between, ...last.removed],
      added: [...first.added, ...between, ...last.added],
    },
  ]
}

/** True for a line that is the declaration, perhaps with a comment behind it, and no more; only what every terminal shows alike. */
function isField(text: string, declaration: string): boolean {
  const [, written] = /^\s*([^;/]+);\s*(?:\/\*[^*]*\*\/)?\s*$/.exec(text) ?? []
  return written !== undefined && /^[\t\x20-\x7e]+$/.test(text) && spaced(written) === spaced(declaration)
}

function spaced(declaration: string): string {
  return declaration
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\w ]) ?/g, '$1')
    .trim()
}
