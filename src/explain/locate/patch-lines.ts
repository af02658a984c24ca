import type { DefinitionChange, PatchLine, SourcePlace } from '../../abi/cause.ts'
import { isOpaque } from '../../abi/ksymtypes.ts'
import { codeOfLines } from '../../abi/code-of-lines.ts'
import type { Patch, PatchEdit } from '../../abi/patch.ts'
import type { FoundDefinition } from './find-definitions.ts'
import { linesOfIncludes } from './include-lines.ts'
import { includedBy, includePaths } from './include-paths.ts'
import { linesOfMacros } from './macro-lines.ts'
import type { PatchContext } from './patch-context.ts'
import { differingWords, scoreOf } from './patch-words.ts'

/**
 * The lines of a patch that changed a definition: those inside of it, or in a file that is included there, the most telling
 * first, which are those with words that only one side of the change has. A type that became known or unknown changed by an include directive: then those
 * lines that add or take away a way to the file that defines it, those of source files first.
 * @param found where the definition stands in the patched tree, when that is known
 * @returns nothing where the patch has nothing that surely belongs to it
 */
export function patchLinesOf(
  change: DefinitionChange,
  found: FoundDefinition | undefined,
  context: PatchContext,
): readonly PatchLine[] {
  const opaque = [isOpaque(change.before), isOpaque(change.after)]
  if (opaque[0] !== opaque[1]) {
    const lines = linesOfIncludes(change, opaque[0] ? 'added' : 'removed', found, context)
    if (lines.length > 0) return lines
  }
  if (!found) return []
  const inside = linesInside(change, [found.scope, ...includedIn(found.scope, context)], context.patch)
  const macros = linesOfMacros(change, found.scope, context)
  const telling = inside.filter(({ score }) => score > 0)
  const others = inside.filter(({ score }) => score <= 0)
  return [...telling.map(({ line }) => line), ...macros, ...others.map(({ line }) => line)]
}

interface Scored {
  readonly line: PatchLine
  readonly score: number
}

/** The whole of the files that are included within a definition. */
function includedIn(scope: SourcePlace, { sources, files }: PatchContext): readonly SourcePlace[] {
  const paths = includePaths(sources, files)
  const found = new Set<string>()
  const follow = (path: string, first: number, last: number): void => {
    const lines = (sources.text(path) ?? '').split('\n').slice(first, last)
    for (const line of lines) {
      const included = line.includes('include') ? includedBy(line) : undefined
      const target = included && paths.resolve(included, path)
      if (target === undefined || found.has(target)) continue
      found.add(target)
      follow(target, 0, Infinity)
    }
  }
  follow(sources.pathOf(scope.file), scope.line - 1, scope.endLine)
  return [...found].map((path) => ({ file: sources.shown(path), line: 0, endLine: Infinity }))
}

function linesInside(
  change: DefinitionChange,
  scopes: readonly SourcePlace[],
  patch: Patch,
): readonly Scored[] {
  const differing = differingWords(change)
  const scored = scopes.flatMap((scope) =>
    patch.files
      .filter(({ file }) => file === scope.file)
      .flatMap(({ edits }) => edits.flatMap((edit) => linesOfEdit(scope, edit))),
  )
  // Of lines that tell as much, one that stands in the tree is better to go to than one that is gone.
  const isGone = ({ line: { kind } }: Scored): number => (kind === 'removed' ? 1 : 0)
  return scored.sort((a, b) => b.score - a.score || isGone(a) - isGone(b))

  function linesOfEdit(scope: SourcePlace, edit: PatchEdit): readonly Scored[] {
    const { file } = scope
    const last = edit.line + edit.added.length - 1
    const added = edit.line <= scope.endLine && last >= scope.line
    // Lines that stood before the first line of the definition are not part of it, unless that line was replaced.
    const removed = added || (edit.line > scope.line && edit.line <= scope.endLine)
    const lines = (
      kind: PatchLine['kind'],
      texts: readonly string[],
      inside: (line: number, score: number) => boolean,
    ) =>
      codeOfLines(texts).flatMap((code, index): readonly Scored[] => {
        const text = texts[index] ?? ''
        const line = kind === 'added' ? edit.line + index : edit.line
        const score = scoreOf(code, differing[kind])
        if (code.trim() === '' || !inside(line, score)) return []
        return [{ line: { file, line, kind, text }, score }]
      })
    const whole = edit.line > scope.line && last <= scope.endLine
    return [
      ...(removed ? lines('removed', edit.removed, (_, score) => whole || score > 0) : []),
      ...(added ? lines('added', edit.added, (line) => line >= scope.line && line <= scope.endLine) : []),
    ]
  }
}
