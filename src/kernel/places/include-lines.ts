import type { DefinitionChange, PatchLine } from '../../abi/cause.ts'
import { codeOfLines } from '../../abi/code-of-lines.ts'
import { declarationsOf } from './declarations.ts'
import type { FoundDefinition } from './find-definitions.ts'
import { includedBy, includePaths } from './include-paths.ts'
import { definedBy } from './live-tokens.ts'
import { pathOf, type PatchContext } from './patch-lines.ts'

/**
 * The include directives that a patch adds or removes in files that an object was made of, and that lead to the definition
 * of a type: straight ones before those that lead there by other headers, those of source files before those of headers.
 * After them, in the same order, its forward declarations on the other side of the change.
 * @param found where the definition stands; when it is not known, the headers themselves tell
 */
export function linesOfIncludes(
  { name }: DefinitionChange,
  kind: PatchLine['kind'],
  found: FoundDefinition | undefined,
  { patch, sources, files }: PatchContext,
): readonly PatchLine[] {
  const involved = new Set(files)
  const paths = includePaths(sources, files)
  const defining =
    found && found.place.file.startsWith('/') ? found.place.file : found && pathOf(sources, found.place.file)
  const defines = new Map<string, boolean>()
  const isDefinedIn = (path: string): boolean => {
    if (defining !== undefined) return path === defining
    const known = defines.get(path) ?? definesType(sources.text(path) ?? '', name)
    defines.set(path, known)
    return known
  }
  const ranked: { readonly line: PatchLine; readonly rank: number }[] = []
  for (const { file, edits } of patch.files) {
    const path = pathOf(sources, file)
    if (!involved.has(path)) continue
    for (const edit of edits) {
      const texts = edit[kind]
      for (const [index, code] of codeOfLines(texts).entries()) {
        const included = includedBy(code)
        const target = included && paths.resolve(included, path)
        const steps = target === undefined ? undefined : distance(target, isDefinedIn, paths.includesOf)
        if (steps === undefined) continue
        const line = kind === 'added' ? edit.line + index : edit.line
        const rank = (/\.[cS]$/.test(file) ? 0 : 1000) + steps
        ranked.push({ line: { file, line, kind, text: texts[index] ?? '' }, rank })
      }
    }
  }
  return ranked.sort((a, b) => a.rank - b.rank).map(({ line }) => line)
}

/** Fewest steps from a file to one that defines the type, by include directives; undefined when none leads there. */
function distance(
  start: string,
  isDefinedIn: (path: string) => boolean,
  includesOf: (path: string) => readonly string[],
): number | undefined {
  const seen = new Set([start])
  let level = [start]
  for (let steps = 0; level.length > 0; steps++) {
    if (level.some(isDefinedIn)) return steps
    level = level.flatMap((path) =>
      includesOf(path).filter((next) => {
        if (seen.has(next)) return false
        seen.add(next)
        return true
      }),
    )
  }
  return undefined
}

function definesType(text: string, name: string): boolean {
  return (
    text.includes(name.slice(2)) && declarationsOf(text, new Set([name]), definedBy(undefined)).length > 0
  )
}
