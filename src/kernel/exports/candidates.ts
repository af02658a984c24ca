import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ListedObject } from './dry-run-reader.ts'
import type { FactStore } from './file-facts.ts'
import type { PossibleExporter } from './possible-exporters.ts'

/**
 * Picks the objects whose sources name a wanted symbol in a macro such as EXPORT_SYMBOL, and those that exported one when
 * it was last looked for.
 */
export function namingObjects(
  objects: readonly ListedObject[],
  wanted: ReadonlySet<string>,
  output: string,
  facts: FactStore,
  exportedBy: ReadonlyMap<string, string>,
): readonly ListedObject[] {
  const remembered = new Set([...wanted].map((symbol) => exportedBy.get(symbol)))
  return objects.filter(
    ({ object, source }) =>
      remembered.has(object) || facts.of(resolve(output, source))?.exported?.some((name) => wanted.has(name)),
  )
}

/**
 * Picks the likely ones among objects that may export something: those whose text has a wanted symbol as a word
 * (`DEFINE_STUFF(symbol)`), and for each symbol those with the longest exported name that it begins or ends with, as
 * macros put names together (`EXPORT_TRACEPOINT_SYMBOL(x)` exports `__tracepoint_x`).
 */
export function likelyObjects(
  possible: readonly PossibleExporter[],
  wanted: ReadonlySet<string>,
  facts: FactStore,
): readonly ListedObject[] {
  const likely = new Set<ListedObject>()
  const akin = new Map([...wanted].map((symbol) => [symbol, { length: 0, objects: new Set<ListedObject>() }]))
  for (const { object, files } of possible) {
    for (const file of files) {
      if (hasWord(file, wanted)) likely.add(object)
      for (const name of facts.of(file)?.exported ?? []) {
        for (const [symbol, best] of akin) {
          if (name.length < best.length || (!symbol.startsWith(name) && !symbol.endsWith(name))) continue
          if (name.length > best.length) akin.set(symbol, { length: name.length, objects: new Set([object]) })
          else best.objects.add(object)
        }
      }
    }
  }
  for (const { objects } of akin.values()) for (const object of objects) likely.add(object)
  return [...likely]
}

function hasWord(path: string, words: ReadonlySet<string>): boolean {
  try {
    const text = readFileSync(path, 'latin1')
    return text.match(/[A-Za-z_]\w*/g)?.some((word) => words.has(word)) ?? false
  } catch {
    return false
  }
}
