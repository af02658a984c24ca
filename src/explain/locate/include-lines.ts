import type { DefinitionChange, PatchLine } from '../../abi/cause.ts'
import { codeOfLines } from '../../abi/code-of-lines.ts'
import { declarationsOf } from './declarations.ts'
import type { FoundDefinition } from './find-definitions.ts'
import { includedBy, includePaths } from './include-paths.ts'
import { definedBy } from './live-tokens.ts'
import type { PatchContext } from './patch-context.ts'

/**
 * The include directives that a patch adds or removes in files that an object was made of, and that lead to the definition
 * of a type: those of source files before those of headers, straight ones before those that lead there by other headers.
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
  const defining = found && sources.pathOf(found.place.file)
  const isDefinedIn = remembered((path) =>
    defining === undefined ? definesType(sources.text(path) ?? '', name) : path === defining,
  )
  // What was added leads there by files that were read; what was removed by others, which the object has no more.
  const isPossible = (path: string): boolean => kind === 'removed' || involved.has(path)
  const next = (path: string): readonly string[] => paths.includesOf(path).filter(isPossible)
  const stepsFrom = remembered((target) =>
    isPossible(target) ? distance(target, isDefinedIn, next) : undefined,
  )
  const ranked: { readonly line: PatchLine; readonly rank: number }[] = []
  for (const { file, edits } of patch.files) {
    const path = sources.pathOf(file)
    if (!involved.has(path)) continue
    for (const edit of edits) {
      for (const [index, code] of codeOfLines(edit[kind]).entries()) {
        const included = includedBy(code)
        const target = included && paths.resolve(included, path)
        const steps = target === undefined ? undefined : stepsFrom(target)
        if (steps === undefined) continue
        const line = kind === 'added' ? edit.line + index : edit.line
        const rank = (/\.[cS]$/.test(file) ? 0 : behindSources) + steps
        ranked.push({ line: { file, line, kind, text: edit[kind][index] ?? '' }, rank })
      }
    }
  }
  return ranked.sort((a, b) => a.rank - b.rank).map(({ line }) => line)
}

/** More than there are steps between any two headers. */
const behindSources = 1_000_000

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
    const reached = level.flatMap(includesOf).filter((path) => !seen.has(path))
    for (const path of reached) seen.add(path)
    level = [...new Set(reached)]
  }
  return undefined
}

function definesType(text: string, name: string): boolean {
  return (
    text.includes(name.slice(2)) && declarationsOf(text, new Set([name]), definedBy(undefined)).length > 0
  )
}

function remembered<Value>(compute: (path: string) => Value): (path: string) => Value {
  const known = new Map<string, { readonly value: Value }>()
  return (path) => {
    const before = known.get(path) ?? { value: compute(path) }
    known.set(path, before)
    return before.value
  }
}
