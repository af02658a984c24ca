import { basename } from 'node:path'
import type { HiddenChange } from '../abi/cause.ts'
import { wordsOutsideStrings } from '../abi/c-literals.ts'
import { codeOfLines } from '../abi/code-of-lines.ts'
import type { Evidence } from '../abi/evidence.ts'
import { findHidden, mayBeCode } from '../abi/find-hidden.ts'
import type { Patch } from '../abi/patch.ts'
import { resolveDependencies } from '../evidence/resolve-dependencies.ts'
import { hiddenRegions, noRegions, type HiddenRegions } from './locate/hidden-regions.ts'
import { includePaths } from './locate/include-paths.ts'
import { openPatchedTree, type PatchedTree, type TreeView } from './locate/patched-tree.ts'
import { openSourceTexts, type SourceTexts } from './locate/source-texts.ts'

/**
 * Lists the lines of a patch that make genksyms see something else than the compiler: those that tell it by their own words
 * (`findHidden`), and with the tree at hand also those that stand behind a condition which was there before, end or begin
 * such a region otherwise, use a macro that is another one for genksyms, or are in a file that only the compiler reads. Of
 * neighbouring lines behind a condition the first is given.
 * @param source the patched kernel tree, an absolute path; absent: it is not at hand
 */
export async function hiddenLines(
  patch: Patch,
  evidences: readonly Evidence[],
  source: string | undefined,
): Promise<readonly HiddenChange[]> {
  if (source === undefined) return findHidden(patch)
  const sources = openSourceTexts(source)
  const read = await filesRead(evidences, source)
  const own = findHidden(patch, (file) => read.has(sources.pathOf(file)))
  const tree = openPatchedTree(source, patch)
  const known = knownOf(sources, read, tree)
  const files = [...new Set(patch.files.map(({ file }) => file))]
  return files.flatMap((file) => {
    const words = own.filter((line) => line.file === file)
    const isCode = mayBeCode(file) || read.has(sources.pathOf(file)) || known.compilerOnly.has(file)
    const all = isCode ? [...words, ...linesOfFile(file, words, tree, known)] : words
    return withEnds(all, regionsOf(tree.after, file, known.telling))
  })
}

function withEnds(lines: readonly HiddenChange[], { ends }: HiddenRegions): readonly HiddenChange[] {
  return lines.map((one) => {
    const endLine = one.kind === 'added' ? ends.get(one.line) : undefined
    return endLine === undefined ? one : { ...one, endLine }
  })
}

/** All that the objects of protected symbols are made of, as genksyms reads it. */
async function filesRead(evidences: readonly Evidence[], source: string): Promise<ReadonlySet<string>> {
  const read = new Set<string>()
  for (const evidence of evidences) {
    const all = new Set([...(evidence.build?.objects?.values() ?? [])].flatMap(({ exports }) => exports))
    const { build } = await resolveDependencies(evidence, all, source)
    for (const { dependencies } of build?.objects?.values() ?? [])
      for (const file of dependencies) if (file.startsWith(`${source}/`)) read.add(file)
  }
  return read
}

/** What a tree says about what genksyms sees. */
interface Known {
  /** Words that are not the same for genksyms and the compiler. */
  readonly telling: ReadonlySet<string>
  /** Patched files that are included behind such words alone. */
  readonly compilerOnly: ReadonlySet<string>
}

const guard = '__GENKSYMS__'
/** Broken lines in between count for nothing. */
const mention = new RegExp(Array.from(guard).join(String.raw`(?:\\\s*\n)?`))
/** There exports are made for genksyms in another way than for the compiler; what is exported is compared. */
const exportHeader = /\/export(?:-internal)?\.h$/

/** Macros that are made of macros in other files are followed through as many. */
const mostRounds = 20

function knownOf(sources: SourceTexts, read: ReadonlySet<string>, { files }: PatchedTree): Known {
  const patched = files.map((file) => sources.pathOf(file))
  const paths = [...new Set([...read, ...patched])].filter((path) => !exportHeader.test(path))
  const telling = new Set([guard])
  const withText = (path: string) => ({ path, text: sources.text(path) ?? '' })
  const asking = paths.map(withText).filter(({ text }) => mention.test(text))
  const others = patched.map(withText).filter(({ text }) => !mention.test(text))
  let texts = asking
  for (let round = 0, size = 0; round < mostRounds && size < telling.size; round++) {
    size = telling.size
    texts = [...asking, ...others.filter(({ text }) => mentions(text, telling))]
    for (const { text } of texts) for (const name of hiddenRegions(text, telling).macros) telling.add(name)
  }
  const find = includePaths(sources, [...read])
  const hidden = texts.flatMap(({ path, text }) =>
    hiddenRegions(text, telling).includes.hidden.flatMap((one) => find.resolve(one, path) ?? []),
  )
  const dark = new Set(hidden.filter((path) => patched.includes(path)))
  for (const path of dark.size > 0 ? paths : []) {
    const text = sources.text(path) ?? ''
    for (const one of [...dark].some((file) => text.includes(basename(file)))
      ? hiddenRegions(text, telling).includes.plain
      : [])
      dark.delete(find.resolve(one, path) ?? '')
  }
  return { telling, compilerOnly: new Set([...dark].map((path) => sources.shown(path))) }
}

function mentions(text: string, telling: ReadonlySet<string>): boolean {
  return mention.test(text) || [...telling].some((word) => text.includes(word))
}

function regionsOf({ text: read }: TreeView, file: string, telling: ReadonlySet<string>): HiddenRegions {
  const text = read(file) ?? ''
  return mentions(text, telling) ? hiddenRegions(text, telling) : noRegions
}

/** The lines of a file that hide something not by words that any patch tells it by. */
function linesOfFile(
  file: string,
  words: readonly HiddenChange[],
  tree: PatchedTree,
  { telling, compilerOnly }: Known,
): readonly HiddenChange[] {
  const regions = {
    added: regionsOf(tree.after, file, telling),
    removed: regionsOf(tree.before, file, telling),
  }
  const edits = editsWithNumbers(tree, file)
  const changed = {
    added: new Set(edits.flatMap(({ edit, line }) => edit.added.map((_, at) => line.added + at))),
    removed: new Set(edits.flatMap(({ edit, line }) => edit.removed.map((_, at) => line.removed + at))),
  }
  const isWhole = compilerOnly.has(file)
  return edits.flatMap(({ edit, line }) => {
    const there = new Set(words.map((one) => one.line))
    const of = (kind: HiddenChange['kind']) =>
      linesOfEdit(edit[kind], {
        regions: regions[kind],
        first: line[kind],
        changed: changed[kind],
        telling,
        isWhole,
      })
    const added = of('added').filter(({ at }) => !there.has(edit.line + at))
    const isTold = edit.added.some((_, at) => there.has(edit.line + at))
    const removed = added.length === 0 && !isTold ? of('removed') : []
    const change =
      (kind: HiddenChange['kind']) =>
      ({ at, how }: Hiding) =>
        ({
          file,
          line: edit.line + (kind === 'added' ? at : 0),
          kind,
          text: edit[kind][at] ?? '',
          how,
        }) as const
    return [...removed.map(change('removed')), ...added.map(change('added'))]
  })
}

/** The edits of a file, with where their lines begin in the file after and before the patch. */
function editsWithNumbers(tree: PatchedTree, file: string) {
  let grown = 0
  return tree.editsOf(file).map(({ edit }) => {
    const line = { added: edit.line, removed: edit.line - grown }
    grown += edit.added.length - edit.removed.length
    return { edit, line }
  })
}

/** A line that hides something, by its place among those of an edit. */
interface Hiding {
  readonly at: number
  readonly how: HiddenChange['how']
}

/** One side of an edit. */
interface Side {
  readonly regions: HiddenRegions
  /** The number of its first line. */
  readonly first: number
  /** All lines of the file that the patch changed on this side. */
  readonly changed: ReadonlySet<number>
  readonly telling: ReadonlySet<string>
  readonly isWhole: boolean
}

function linesOfEdit(
  lines: readonly string[],
  { regions, first, changed, telling, isWhole }: Side,
): readonly Hiding[] {
  const found: Hiding[] = []
  let isInside = false
  for (const [at, code] of codeOfLines(lines).entries()) {
    if (code.trim() === '') continue
    const number = first + at
    const condition = regions.conditions.get(number)
    const isTelling = wordsOutsideStrings(code).some((word) => telling.has(word))
    if (isTelling) found.push({ at, how: condition === number ? 'genksyms-guard' : 'kabi-macro' })
    // Behind a condition of the patch itself, that one is told.
    const hides = isWhole || (condition !== undefined && !changed.has(condition))
    if (hides && !isTelling && !isInside) found.push({ at, how: 'genksyms-guard' })
    isInside ||= hides
  }
  return found
}
