import { dirname } from 'node:path/posix'
import { withoutComments } from '../../kernel/exports/export-scan.ts'
import { joinLines } from '../../kernel/exports/join-lines.ts'
import type { ExportNames } from './export-names.ts'

/** What a name that nothing exports is in a kernel's text. */
export interface NameMeaning {
  readonly kind: 'macro' | 'inline' | 'function' | 'static' | 'type' | 'mentioned'
  readonly file: string
  readonly line: number
  /** Exported symbols that a macro or an inline function is made of. */
  readonly over: readonly string[]
}

interface NameMeaningsReader {
  readonly read: (file: string, text: string) => void
  /** Undefined for a name that stands nowhere. */
  readonly meaningOf: (name: string) => NameMeaning | undefined
  /** True where something that the text does not show may export a name after all. */
  readonly mayBeExported: (name: string) => boolean
}

const mostOver = 3

/** The order in which meanings count; of the same kind, the first that was read. */
const order: readonly NameMeaning['kind'][] = ['macro', 'inline', 'function', 'static', 'type', 'mentioned']

/**
 * Finds out what some names are that no macro exports by their text. Whoever stands in a file with a macro that exports under
 * another name, in the definition of an exported word, or beside a section of exports may be exported all the same.
 * @param names few: every file is searched for each
 */
export function nameMeaningsReader(
  names: readonly string[],
  { written, macros }: ExportNames,
): NameMeaningsReader {
  const found = new Map<string, NameMeaning>()
  const doubtful = new Set<string>()
  const note = (name: string, meaning: NameMeaning): void => {
    const known = found.get(name)
    if (!known || order.indexOf(meaning.kind) < order.indexOf(known.kind)) found.set(name, meaning)
  }
  /** True where an exporting macro gets the name: one of a header, or of a file in the same folder. */
  const isGiven = (code: string, file: string, name: string): boolean =>
    [...macros].some(
      ([macro, files]) =>
        files.some((one) => one.endsWith('.h') || dirname(one) === dirname(file)) &&
        code.includes(macro) &&
        new RegExp(`\\b${macro}\\s*\\([^;()]*${wordPattern(name).source}`).test(code),
    )
  return {
    read: (file, text) => {
      const here = names.filter((name) => text.includes(name))
      if (here.length === 0) return
      const code = withoutComments(text)
      const byHand = /ksymtab|kstrtab|export_symbol/.test(code)
      for (const name of here) {
        if (!hasWord(code, name)) continue
        if (byHand || isGiven(code, file, name)) doubtful.add(name)
        for (const [, macro = '', body = ''] of code.matchAll(/^\s*#\s*define\s+(\w+)(.*)/gm))
          if (macro !== name && written.has(macro) && hasWord(body, name)) doubtful.add(name)
        note(name, meaningIn(file, text, name, written))
      }
    },
    meaningOf: (name) => found.get(name),
    mayBeExported: (name) => doubtful.has(name),
  }
}

function hasWord(text: string, word: string): boolean {
  return text.includes(word) && wordPattern(word).test(text)
}

function wordPattern(word: string): RegExp {
  return new RegExp(`(?<![\\w$])${word.replace(/\W/g, '\\$&')}(?![\\w$])`)
}

function meaningIn(
  file: string,
  text: string,
  name: string,
  written: ExportNames['written'],
): NameMeaning {
  const at = (index: number): number => text.slice(0, index).split('\n').length
  const word = wordPattern(name).source
  for (const { kind, pattern } of forms(word)) {
    // In a source, an inline function is one of its own.
    if (kind === 'inline' && !file.endsWith('.h')) continue
    const match = pattern.exec(text)
    if (!match) continue
    // The match may begin with line ends.
    const line = at(match.index + match[0].search(/\S/))
    const body = kind === 'macro' ? macroBody(text, match.index) : functionBody(text, match.index + match[0].length)
    const over = kind === 'macro' || kind === 'inline' ? calledIn(body, name, written) : []
    return { kind, file, line, over }
  }
  return { kind: 'mentioned', file, line: at(text.search(wordPattern(name))), over: [] }
}

/** How definitions begin in the kernel's style: at the start of a line. */
function forms(word: string): readonly { readonly kind: NameMeaning['kind']; readonly pattern: RegExp }[] {
  const head = String.raw`[\w \t*]{0,200}\n?[\w \t*]{0,200}`
  const rest = String.raw`\s*\([^;{}]{0,1000}\)\s*\{`
  return [
    { kind: 'macro', pattern: new RegExp(String.raw`^[ \t]*#[ \t]*define[ \t]+${word}.*`, 'm') },
    {
      kind: 'inline',
      pattern: new RegExp(String.raw`^(?=[^\n]*\b(?:__always_|__)?inline\b)\w${head}${word}${rest}`, 'm'),
    },
    { kind: 'static', pattern: new RegExp(String.raw`^static\b${head}${word}(?:${rest}|\s*[=;\[])`, 'm') },
    { kind: 'function', pattern: new RegExp(String.raw`^(?!static\b|extern\b|#)\w${head}${word}${rest}`, 'm') },
    { kind: 'type', pattern: new RegExp(String.raw`^(?:typedef\b.*${word}\s*;|(?:struct|union|enum)\s+${word}\s*\{)`, 'm') },
  ]
}

function macroBody(text: string, start: number): string {
  const [line = ''] = joinLines(text.slice(start, start + 4000)).split('\n')
  return line.replace(/^[ \t]*#[ \t]*define[ \t]+\w+/, '')
}

function functionBody(text: string, start: number): string {
  const end = text.indexOf('\n}', start)
  return text.slice(start, end < 0 ? start : Math.min(end, start + 4000))
}

function calledIn(body: string, name: string, written: ExportNames['written']): readonly string[] {
  const words = [...withoutComments(body).matchAll(/\b[A-Za-z_]\w*(?=\s*\()/g)].map(([one]) => one)
  return [...new Set(words)].filter((one) => one !== name && written.has(one)).slice(0, mostOver)
}
