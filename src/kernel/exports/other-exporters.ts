import { readTreeFile } from '../../io/read-tree-file.ts'
import { pasted, withoutComments } from './export-scan.ts'
import { joinLines } from './join-lines.ts'
import type { PossibleExporter, PossibleExporters } from './possible-exporters.ts'

/**
 * The objects that may export a wanted symbol. The others export just the names in their calls of EXPORT_SYMBOL and its
 * kin, none of them wanted and none of them a macro anywhere: that needs no preprocessor to know.
 * @throws the system's error for a file that was there and cannot be read any more
 */
export function otherExporters(
  { objects, scanned }: PossibleExporters,
  wanted: ReadonlySet<string>,
): readonly PossibleExporter[] {
  const known = new Map<string, readonly string[] | undefined>()
  const namesIn = (path: string): readonly string[] | undefined => {
    if (!known.has(path)) known.set(path, plainNames(readTreeFile(path).toString('latin1')))
    return known.get(path)
  }
  const plain = new Map<PossibleExporter, readonly string[]>()
  for (const one of objects) {
    const names = one.ordinary ? one.files.map(namesIn) : [undefined]
    if (names.every((some) => some !== undefined)) plain.set(one, names.flat())
  }
  const macros = macrosAmong(new Set([...plain.values()].flat()), scanned)
  return objects.filter((one) => {
    const names = plain.get(one)
    return !names || names.some((name) => wanted.has(name) || macros.has(name) || isGiven(one, name))
  })
}

/**
 * The names that a text gives EXPORT_SYMBOL and its kin.
 * @returns undefined when exports may come about in another way, be it a macro of the text's own
 */
export function plainNames(text: string): readonly string[] | undefined {
  const code = withoutComments(text)
  // The second lets an assembler's macro replace words that nothing marks.
  if (/(?:#|%:)[ \t]*define\b.*EXPORT|\.altmacro\b|ksymtab|kstrtab|export_symbol/.test(code)) return undefined
  const names: string[] = []
  const rest = code.replace(plainCall, (_, name: string) => {
    names.push(name)
    return ''
  })
  return rest.includes('EXPORT_') || pasted.test(rest) ? undefined : names
}

const plainCall = /\bEXPORT_SYMBOL(?:_GPL|_NS|_NS_GPL)?[ \t]*\(\s*([A-Za-z_]\w*)\s*(?=[,)])/g

/** Which of these names a file defines as macros. */
function macrosAmong(names: ReadonlySet<string>, files: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const file of files)
    for (const [, name = ''] of joinLines(readTreeFile(file).toString('latin1')).matchAll(definition))
      if (names.has(name)) found.add(name)
  return found
}

const gap = String.raw`(?:[ \t]|/\*[^]*?\*/)`
const definition = new RegExp(String.raw`(?:#|%:)${gap}*define${gap}+(\w+)`, 'g')

/** True for a macro of the command line. */
function isGiven({ object }: PossibleExporter, name: string): boolean {
  return object.compile.some((word) => word === `-D${name}` || word.startsWith(`-D${name}=`))
}
