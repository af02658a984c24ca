import type { DefinitionChange, PatchLine, SourcePlace } from '../../abi/cause.ts'
import { logicalLines } from './logical-lines.ts'
import { openPatchedTree, type PatchedTree, type TreeView } from './patched-tree.ts'
import type { PatchContext } from './patch-context.ts'
import { differingWords, scoreOf } from './patch-words.ts'

/** A macro as a file defines it. */
interface Definition {
  readonly file: string
  readonly body: string
  readonly line: number
  readonly endLine: number
}

/** Macros by name; a name may be defined in several branches and files. */
type Definitions = ReadonlyMap<string, readonly Definition[]>

/**
 * The lines of a patch that changed a macro which the source of a definition uses, directly or by way of other macros, and
 * whose words are those in which the definition differs: the `#define` behind the bound of an array, the width of a bit-field,
 * the value of an enumerator, the fields that a macro declares.
 * @param scope where the definition stands
 */
export function linesOfMacros(
  change: DefinitionChange,
  scope: SourcePlace,
  { patch, sources, files }: PatchContext,
): readonly PatchLine[] {
  const involved = new Set(files)
  const touched = patch.files.map(({ file }) => file).filter((file) => involved.has(sources.pathOf(file)))
  if (touched.length === 0) return []
  const tree = openPatchedTree(sources.source, patch)
  const [before, after] = [tree.before, tree.after].map((view) => definitionsIn(view, touched))
  if (!before || !after) return []
  const changed = new Set(
    [...before.keys(), ...after.keys()].filter((name) => !sameBodies(before.get(name), after.get(name))),
  )
  if (changed.size === 0) return []
  const text = sources.text(sources.pathOf(scope.file)) ?? ''
  const source = text
    .split('\n')
    .slice(scope.line - 1, scope.endLine)
    .join('\n')
  const bodies = macroBodies(files.map((file) => sources.text(file) ?? ''))
  const used = reachable(source, (name) => [
    ...(bodies.get(name) ?? []),
    ...(before.get(name) ?? []).map(({ body }) => body),
  ])
  const differing = differingWords(change)
  const scored = [...changed]
    .filter((name) => used.has(name))
    .flatMap((name) => {
      const sides = { added: after.get(name) ?? [], removed: before.get(name) ?? [] }
      const score = Math.max(
        ...(['added', 'removed'] as const).flatMap((kind) =>
          sides[kind].map(({ body }) => scoreOf(body, differing[kind])),
        ),
      )
      if (score <= 0) return []
      return linesAbout(tree, sides).map((line) => ({ line, score, steps: used.get(name) ?? 0 }))
    })
  return scored.sort((a, b) => a.steps - b.steps || b.score - a.score).map(({ line }) => line)
}

function definitionsIn(view: TreeView, files: readonly string[]): Definitions {
  const found = new Map<string, Definition[]>()
  for (const file of files) {
    const text = view.text(file)
    if (!text?.includes('define')) continue
    const lines = logicalLines(text)
    for (const [at, { text: line, number }] of lines.entries()) {
      const [, name = '', body = ''] = definition.exec(line) ?? []
      if (name === '') continue
      const endLine = (lines[at + 1]?.number ?? number + 1) - 1
      const one = { file, body: body.trim().replace(/\s+/g, ' '), line: number, endLine }
      found.set(name, [...(found.get(name) ?? []), one])
    }
  }
  return found
}

const definition = /^\s*#\s*define\s+(\w+)(.*)$/

function sameBodies(one: readonly Definition[] = [], other: readonly Definition[] = []): boolean {
  return one.map(({ body }) => body).join('\n') === other.map(({ body }) => body).join('\n')
}

/** The texts behind macros of all files that an object was made of. */
function macroBodies(texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const bodies = new Map<string, string[]>()
  for (const text of texts) {
    for (const [, name = '', body = ''] of text.matchAll(
      /^[ \t]*#[ \t]*define[ \t]+(\w+)((?:[^\\\n]|\\\r?\n|\\.)*)/gm,
    )) {
      const some = bodies.get(name)
      if (some) some.push(body)
      else bodies.set(name, [body])
    }
  }
  return bodies
}

/** The words of a text and of the macros that it uses, with how many macros lead to each. */
function reachable(
  source: string,
  bodiesOf: (name: string) => readonly string[],
): ReadonlyMap<string, number> {
  const steps = new Map<string, number>()
  let level = new Set(source.match(/[A-Za-z_]\w*/g))
  for (let step = 0; level.size > 0; step++) {
    for (const name of level) steps.set(name, step)
    const words = [...level].flatMap((name) =>
      bodiesOf(name).flatMap((body) => body.match(/[A-Za-z_]\w*/g) ?? []),
    )
    level = new Set(words.filter((word) => !steps.has(word)))
  }
  return steps
}

/** The lines of the patch within the definitions of a macro, before and after it. */
function linesAbout(
  tree: PatchedTree,
  { added, removed }: Readonly<Record<PatchLine['kind'], readonly Definition[]>>,
): readonly PatchLine[] {
  const files = new Set([...added, ...removed].map(({ file }) => file))
  return [...files].flatMap((file) => {
    const isInside = (definitions: readonly Definition[], line: number): boolean =>
      definitions.some((one) => one.file === file && line >= one.line && line <= one.endLine)
    /** How many lines the edits so far have put in more than they took out. */
    let grown = 0
    return tree.editsOf(file).flatMap(({ edit }): readonly PatchLine[] => {
      const { line } = edit
      const old = line - grown
      grown += edit.added.length - edit.removed.length
      return [
        ...edit.added.flatMap((text, at): readonly PatchLine[] =>
          isInside(added, line + at) ? [{ file, line: line + at, kind: 'added', text }] : [],
        ),
        ...edit.removed.flatMap((text, at): readonly PatchLine[] =>
          isInside(removed, old + at) ? [{ file, line, kind: 'removed', text }] : [],
        ),
      ]
    })
  })
}
