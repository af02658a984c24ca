import { existsSync } from 'node:fs'
import { readTreeFile } from '../../io/read-tree-file.ts'
import { dirname, join, resolve } from 'node:path'
import type { ListedObject } from './dry-run-reader.ts'
import type { FactStore } from './file-facts.ts'
import type { KernelTree } from './kernel-tree.ts'
import type { PossibleExporter } from './possible-exporters.ts'

/**
 * Picks the objects whose sources, or other sources that these include, name a wanted symbol in a macro such as
 * EXPORT_SYMBOL, and those that exported one when it was last looked for.
 */
export function namingObjects(
  objects: readonly ListedObject[],
  wanted: ReadonlySet<string>,
  output: string,
  facts: FactStore,
  exportedBy: ReadonlyMap<string, string>,
): readonly ListedObject[] {
  const remembered = new Set([...wanted].map((symbol) => exportedBy.get(symbol)))
  const names = (path: string): boolean => facts.of(path)?.exported?.some((name) => wanted.has(name)) ?? false
  return objects.filter(({ object, source }) => {
    const path = resolve(output, source)
    const included = facts.of(path)?.sources ?? []
    return (
      remembered.has(object) || names(path) || included.some((other) => names(resolve(dirname(path), other)))
    )
  })
}

type Candidate = Pick<PossibleExporter, 'object' | 'files'>

/**
 * Picks by symbol the likely ones among objects that may export something: those whose text gives an exporting
 * macro the longest word that is part of the symbol, as macros put names together: `EXPORT_TRACEPOINT_SYMBOL(x)` exports
 * `__tracepoint_x`, `EXPORT_SYMBOL(param_ops_##type)` exports `param_ops_int`, and `define_netdev_printk_level(netdev_err`
 * whatever its definition says.
 */
export function likelyObjects(
  { objects, macros }: { readonly objects: readonly Candidate[]; readonly macros: readonly string[] },
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly ListedObject[]> {
  const calls = callsOf(macros)
  const wordsOf = new Map<string, readonly string[]>()
  const best = new Map([...wanted].map((symbol) => [symbol, { length: 0, objects: new Set<ListedObject>() }]))
  for (const { object, files } of objects) {
    for (const word of wordsIn(files, calls, wordsOf)) {
      for (const [symbol, found] of best) {
        if (word.length < found.length || !isPart(word, symbol)) continue
        if (word.length === found.length) found.objects.add(object)
        else best.set(symbol, { length: word.length, objects: new Set([object]) })
      }
    }
  }
  return new Map([...best].map(([symbol, found]) => [symbol, [...found.objects]]))
}

/**
 * The objects whose source is not there yet: it is made during the build, and may be anything. First come those of a folder
 * whose Makefile names a wanted symbol, as a rule that makes a source says what comes into it.
 */
export function unmadeObjects(
  objects: readonly Candidate[],
  wanted: ReadonlySet<string>,
  { source: tree, output }: Pick<KernelTree, 'source' | 'output'>,
): readonly ListedObject[] {
  const unmade = objects
    .map(({ object }) => object)
    .filter(({ source }) => !existsSync(resolve(output, source)))
  return inOrderOfMention(unmade, wanted, ({ object }) => join(tree, dirname(object), 'Makefile'))
}

/**
 * Puts those first of which a file holds the name of a wanted symbol, for whatever reason.
 * @param fileOf the file of an object
 */
export function inOrderOfMention(
  objects: readonly ListedObject[],
  wanted: ReadonlySet<string>,
  fileOf: (object: ListedObject) => string,
): readonly ListedObject[] {
  const mentions = (object: ListedObject): boolean =>
    (textOf(fileOf(object)).match(/[A-Za-z_]\w*/g) ?? []).some((word) => wanted.has(word))
  const mentioning = new Set(objects.filter(mentions))
  return [...mentioning, ...objects.filter((one) => !mentioning.has(one))]
}

/** The first words that exporting macros are given: `EXPORT_...(word`, and those of the macros named. */
function callsOf(macros: readonly string[]): RegExp {
  return new RegExp(String.raw`\b(?:\w*EXPORT_\w+|${macros.join('|')})[ \t]*\(\s*([A-Za-z_.$][\w.$]*)`, 'g')
}

function wordsIn(
  files: PossibleExporter['files'],
  calls: RegExp,
  known: Map<string, readonly string[]>,
): ReadonlySet<string> {
  const words = new Set<string>()
  for (const file of files) {
    let found = known.get(file)
    if (!found) {
      found = textOf(file)
        .split(/(?<!\\)\n/)
        .flatMap((line) => wordsOfLine(line, calls))
      known.set(file, found)
    }
    for (const word of found) words.add(word)
  }
  return words
}

/** Without those that are parameters of a macro defined there. */
function wordsOfLine(line: string, calls: RegExp): readonly string[] {
  const words = [...line.matchAll(calls)].map(([, word = '']) => word)
  if (words.length === 0) return words
  const parameters = /^\s*#\s*define\s+\w+\(([^)]*)\)/.exec(line)?.[1]?.split(/[\s,\\]+/) ?? []
  return words.filter((word) => !parameters.includes(word))
}

/** A word with `_` at an end joins there; any other is a part only between two of the symbol's `_`, or before a digit. */
function isPart(word: string, symbol: string): boolean {
  const at = symbol.indexOf(word)
  if (at < 0) return false
  const end = at + word.length
  const startsPart = at === 0 || symbol[at - 1] === '_' || word.startsWith('_')
  const endsPart = end === symbol.length || /[_\d]/.test(symbol[end] ?? '') || word.endsWith('_')
  return startsPart && endsPart
}

function textOf(path: string): string {
  try {
    return readTreeFile(path).toString('latin1')
  } catch {
    return ''
  }
}
