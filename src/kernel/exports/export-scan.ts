import { normalize } from 'node:path/posix'
import { joinLines } from './join-lines.ts'

/** What the text of a file says about exports, as far as it can be told without preprocessing. */
export interface ScannedText {
  /** It may export something, by itself or in the file that includes it. */
  readonly uses: boolean
  /** Macros without `EXPORT_` in their name that it defines with it; whoever uses one exports. */
  readonly macros: readonly string[]
  /** What stands in its include directives, without `./` and `../`. */
  readonly includes: readonly string[]
  /** It gives EXPORT_SYMBOL, or one of the macros that this consists of, a meaning. */
  readonly redefines: boolean
  /** Words of macros that may stand for the name of an included file, as TRACE_INCLUDE_FILE does. */
  readonly hints: readonly string[]
}

/**
 * Looks through the text of a C or assembler file. In a header, `EXPORT_` in a definition or a comment is no use yet; in
 * any other file it counts as one wherever it stands, so that a file may use its own macros.
 */
export function scanText(content: Buffer, isHeader: boolean): ScannedText {
  const text = joinLines(content.toString('latin1'))
  const code = pasted.test(text) ? withoutComments(text) : ''
  const pasting = pasted.test(code)
  const exporting = pasting || text.includes('EXPORT_') || (!isHeader && byHand.test(text))
  const including = text.includes('include') || text.includes('INCLUDE') || text.includes('_FILE')
  if (!exporting && !including) return nothing
  const { includes, hints } = including ? includedNames(text) : nothing
  if (!exporting) return { ...nothing, includes, hints }
  const lines = withoutComments(text).split('\n')
  return {
    // The macros of any other file are used in it, if anywhere.
    uses:
      !isHeader ||
      pasting ||
      lines.some((line) => !/^\s*(?:#|%:)/.test(line) && /\w*EXPORT(?:_\w*|\s*##\s*\w+)\s*\(/.test(line)),
    macros: lines.flatMap((line) => {
      const [, name = '', body = ''] = /^\s*(?:#|%:)\s*define\s+(\w+)(.*)/.exec(line) ?? []
      return name !== '' && !name.includes('EXPORT_') && /EXPORT(?:_|\s*##)/.test(body) ? [name] : []
    }),
    redefines: lines.some((line) =>
      /^\s*(?:#|%:)\s*(?:define|undef)\s+_*EXPORT_SYMBOL(?:_GPL|_NS|_NS_GPL)?\b/.test(line),
    ),
    includes,
    hints,
  }
}

/** True when a file uses one of the macros; the header that defines one does not use it by that. */
export function usesMacro(content: Buffer, macros: readonly string[]): boolean {
  const named = macros.filter((name) => content.includes(name))
  if (named.length === 0) return false
  const text = withoutComments(content.toString('latin1'))
  return named.some((name) =>
    new RegExp(String.raw`(?<!#[ \t]*(?:define|undef|ifdef|ifndef)[ \t]+)\b${name}\b`).test(text),
  )
}

/** Pieces of which the name of an exporting macro can be pasted together. */
export const pasted = /\bEXPORT\s*[,)#]|\b(?:(?:XPORT|PORT|ORT|RT|T)?_SYMBOL\w*|X?PORT_|ORT_?|RT_)\b/

/** Sections and names of the tables that a source can enter an export in by itself. */
const byHand = /ksymtab|kstrtab|export_symbol/

const nothing: ScannedText = { uses: false, macros: [], redefines: false, includes: [], hints: [] }

/** `#include "dir/name.h"`, and `#define TRACE_INCLUDE_FILE name` for a file that is included by way of a macro. */
const directive =
  /(?:#|%:)(?:[ \t]|\/\*[^]*?\*\/)*(?:include(?:[ \t]|\/\*[^]*?\*\/)*["<]([^">\n]+)[">]|define[ \t]+\w*(?:INCLUDE|FILE|BEGIN|END)\w*[ \t]+(\S.*))/gm

function includedNames(text: string): Pick<ScannedText, 'includes' | 'hints'> {
  const includes: string[] = []
  const hints: string[] = []
  for (const [, path, definition] of text.matchAll(directive)) {
    if (path !== undefined) includes.push(normalize(path).replace(/^(?:\.\.\/)+/, ''))
    if (definition !== undefined) hints.push(...(definition.match(/[\w-]+/g) ?? []))
  }
  return { includes, hints }
}

/** Joins continued lines and takes comments away; strings are matched only to be kept. */
export function withoutComments(text: string): string {
  return joinLines(text).replace(stringOrComment, (found) => (found.startsWith('/') ? ' ' : found))
}

const stringOrComment = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[^]*?\*\/|\/\/.*/g
