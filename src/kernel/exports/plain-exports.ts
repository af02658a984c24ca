import { readTreeFile } from '../../io/read-tree-file.ts'
import { join, resolve } from 'node:path'
import type { ExportedName } from './exported-names.ts'
import { withoutComments } from './export-scan.ts'
import { joinLines } from './join-lines.ts'

/**
 * Tells whether the exports of an object can be known without preprocessing all of its text a second time: from a short
 * text that includes nothing but the kernel's own header for exports, and repeats their lines.
 */
export interface PlainExports {
  /**
   * The short text for exports that are written out, each alone on its line.
   * @returns undefined where one is made in another way, or where the text read for genksyms may not be what the compiler gets
   */
  readonly shortText: (names: readonly ExportedName[], read: readonly string[]) => string | undefined
  /**
   * True where the short text means what the whole text means: no other file gives a meaning to a word that the macros
   * consist of or that their definition asks for.
   * @param words those of the lines themselves
   */
  readonly meansTheSame: (
    shortRead: readonly string[],
    read: readonly string[],
    words: readonly string[],
  ) => boolean
}

/** Opens the texts of a tree; each is read once, so that a tree must not change meanwhile. */
export function plainExports(source: string, output: string): PlainExports {
  const texts = new Map<string, SourceText>()
  const textOf = (path: string): SourceText => {
    const known = texts.get(path) ?? sourceText(path)
    texts.set(path, known)
    return known
  }
  const own = new Set(
    ['include/linux/export.h', 'include/asm-generic/export.h'].map((path) => join(source, path)),
  )
  const meanings = new Map<string, ReadonlySet<string>>()
  const meaningOf = (paths: readonly string[]): ReadonlySet<string> => {
    const key = paths.join('\0')
    const known = meanings.get(key) ?? wordsOfMacros(paths, own, textOf)
    meanings.set(key, known)
    return known
  }
  return {
    shortText: (names, read) => {
      if (new Set(names.map(({ symbol }) => symbol)).size < names.length) return undefined
      const readable = new Set(read)
      const lines = names.map(({ symbol, file, line }) => {
        const path = resolve(output, file)
        // A `#line` names what it likes, also what is no file.
        const text = readable.has(path) ? textOf(path).lines() : []
        const [, call, name] = plainLine.exec(text[line - 1] ?? '') ?? []
        return name === symbol ? call : undefined
      })
      const others = read.filter((path) => !own.has(path)).map(textOf)
      if (!lines.every((line) => line !== undefined) || others.some(({ odd }) => odd)) return undefined
      const pieces = new Set(others.flatMap((one) => one.pieces))
      if (hidden.some((word) => canBePasted(word, pieces))) return undefined
      return ['#include <linux/export.h>', ...lines.map((line) => `${line};`), ''].join('\n')
    },
    meansTheSame: (shortRead, read, words) => {
      const all = new Set(read)
      const short = new Set(shortRead)
      if (!shortRead.every((path) => all.has(path))) return false
      const meaning = meaningOf(shortRead)
      return read.every((path) => {
        if (short.has(path)) return true
        const { defined } = textOf(path)
        return ![...defined].some((name) => meaning.has(name)) && !words.some((name) => defined.has(name))
      })
    },
  }
}

/** A call that is alone on its line, as a physical line. */
const plainLine =
  /^[ \t]*(EXPORT_SYMBOL(?:_GPL|_NS|_NS_GPL)?[ \t]*\([ \t]*([A-Za-z_]\w*)[ \t]*(?:,[ \t]*"?[A-Za-z_]\w*"?[ \t]*)?\))[ \t]*;?[ \t]*\r?$/

/** What the text read for genksyms must not depend on: the compiler has another value of it, or none. */
const hidden = ['__GENKSYMS__', '__COUNTER__']

interface SourceText {
  /** Its lines could lead astray, or it could depend on `hidden` or change a macro out of sight. */
  readonly odd: boolean
  /** Words of which `hidden` could be pasted together. */
  readonly pieces: readonly string[]
  /** Names that its directives define or undefine. */
  readonly defined: ReadonlySet<string>
  readonly lines: () => readonly string[]
  /** As after translation phase 2: broken lines joined. */
  readonly joined: () => string
}

function sourceText(path: string): SourceText {
  const read = (): string => readTreeFile(path).toString('latin1')
  const joined = (): string => joinLines(read())
  const text = joined()
  const pieces = new Set(
    (text.match(pieceOfHidden) ?? []).filter((word) => hidden.some((all) => all.includes(word))),
  )
  return {
    odd: isOdd(text),
    pieces: [...pieces].map(copied),
    defined: new Set([...text.matchAll(definition)].map(([, name = '']) => copied(name))),
    lines: () => read().split('\n'),
    joined,
  }
}

/** A part of a text keeps all of it in memory (V8), a copy does not. */
function copied(part: string): string {
  return Buffer.from(part, 'latin1').toString('latin1')
}

const gap = String.raw`(?:[ \t\f\v\r\0]|/\*[^]*?\*/)`
const start = String.raw`(?:#|%:)${gap}*`
const pieceOfHidden = /\b[_GENKSYMCOUTR]+\b/g
/** Wherever it stands, be it in a comment or a string. */
const definition = new RegExp(String.raw`${start}(?:define|undef)${gap}+([A-Za-z_$][\w$]*)`, 'g')
const lineDirective = new RegExp(String.raw`(?:^|\*/)[ \t\f\v\r\0]*${start}(?:line\b|\d)`, 'm')
const hiddenChange =
  /G\W*E\W*N\W*K\W*S\W*Y\W*M\W*S|C\W+O\W*U\W*N\W*T\W*E\W*R__|(?:push|pop)_macro|__UNIQUE_ID_\w*\d/
/** The counter in a condition, or in what a macro may make of it there. */
const counted = new RegExp(String.raw`${start}(?:el)?if\b.*\b(?:__COUNTER__|__PASTE|__UNIQUE_ID|__ID)\b`)
/** The kernel's own uses, which make names for labels and variables. */
const namesByCounter =
  /\w*__COUNTER__\w+|\w+__COUNTER__|\b(?:__instrumentation_(?:begin|end)|__annotate_unreachable)\(__COUNTER__\)|\b(?:__ASSERT_EXCLUSIVE_SCOPED|_compiletime_assert)\([^()]*__COUNTER__\)|__PASTE\(__PASTE\(__UNIQUE_ID_, ?\w+\), ?__COUNTER__|__PASTE\(__, ?\s*__PASTE\(__COUNTER__|__PASTE\(__PASTE\(\w+, ?__COUNTER__\)|\* The __COUNTER__ based/g

function isOdd(text: string): boolean {
  if (hiddenChange.test(text) || lineDirective.test(text) || counted.test(text)) return true
  return text.includes('__COUNTER__') && text.replace(namesByCounter, '').includes('__COUNTER__')
}

/** Any text has single letters; a word is pasted together from few pieces, or from many that stand side by side. */
const mostPieces = 5

/** True when a word could be pasted together from others. */
function canBePasted(word: string, pieces: ReadonlySet<string>): boolean {
  let reached = new Set([0])
  for (let used = 0; used < mostPieces; used++) {
    const next = new Set<number>()
    for (const at of reached)
      for (const piece of pieces)
        if (piece !== word && word.startsWith(piece, at)) next.add(at + piece.length)
    if (next.has(word.length)) return true
    reached = next
  }
  return false
}

/**
 * The words that decide what the macros of export headers mean: all words of these headers, those of the macros among them
 * in the other files that were read, and those that these files ask for.
 */
function wordsOfMacros(
  paths: readonly string[],
  own: ReadonlySet<string>,
  textOf: (path: string) => SourceText,
): ReadonlySet<string> {
  const words = new Set<string>()
  /** The words that a macro's bodies use, without their parameters. */
  const bodies = new Map<string, readonly string[]>()
  for (const path of paths) {
    const text = withoutComments(textOf(path).joined())
    if (own.has(path)) for (const [word] of text.matchAll(identifier)) words.add(word)
    for (const [, name = '', parameters = '', body = ''] of text.matchAll(macro)) {
      const own = new Set(parameters.match(identifier))
      const used = (body.match(identifier) ?? []).filter((word) => !own.has(word))
      bodies.set(name, [...(bodies.get(name) ?? []), ...used])
    }
  }
  const asked = new Set<string>()
  /** Of these it only counts whether they are defined. */
  const tested = new Set<string>()
  const askFor = (word: string): void => {
    for (const path of paths) {
      if (asked.has(path) || !textOf(path).defined.has(word)) continue
      asked.add(path)
      for (const [, kind = '', test = ''] of withoutComments(textOf(path).joined()).matchAll(condition))
        for (const [other] of test.matchAll(identifier)) (kind === '' ? words : tested).add(other)
    }
  }
  // Sets that grow while they are walked: what was added is walked too.
  for (let size = -1; size < words.size + tested.size;) {
    size = words.size + tested.size
    for (const word of words) {
      for (const other of bodies.get(word) ?? []) words.add(other)
      askFor(word)
    }
    for (const word of tested) askFor(word)
  }
  for (const word of tested) words.add(word)
  return words
}

const identifier = /[A-Za-z_$][\w$]*/g
const macro = new RegExp(String.raw`${start}define${gap}+([A-Za-z_$][\w$]*)(\([^)]*\))?(.*)`, 'g')
const condition = new RegExp(String.raw`${start}(?:el)?if(n?def)?\b(.*)`, 'g')
