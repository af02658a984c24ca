import type { Blame, BlamedOption } from '../../abi/blame.ts'
import type { PatchLine } from '../../abi/cause.ts'
import type { Difference } from '../../abi/compare.ts'
import { culprits } from './culprits.ts'
import { declarationsOf } from './declarations.ts'
import type { ExportState, ExportStates } from './export-states.ts'
import { fewest } from './fewest.ts'
import { isMakefile } from './kbuild.ts'
import type { OptionValue } from './makefile.ts'
import type { OptionBlames } from './option-blames.ts'
import type { PatchedTree, TreeEdit, TreeView } from './patched-tree.ts'
import { writtenExports } from './written-exports.ts'

/** A difference of an export that a line of a source, a Makefile or the configuration makes. */
export type ExportDifference = Difference & {
  readonly kind: 'removed' | 'export-type' | 'namespace' | 'moved'
}

/** One variant, as far as its exports may be told from its tree. */
export interface BlameContext {
  readonly tree: PatchedTree
  readonly states: ExportStates
  readonly option: OptionValue
  /** Where the configuration is known. */
  readonly options: OptionBlames | undefined
  readonly srcarch: string
  /** Headers that the patch touches and that may change what an export means. */
  readonly headers: readonly string[]
  /** The object that exports a symbol, in the release and now, where they are known. */
  readonly objectsOf: (symbol: string) => readonly string[]
}

/** Finds what made a difference; undefined where nothing is sure. */
export function blameOf(difference: ExportDifference, context: BlameContext): Blame | undefined {
  const { symbol } = difference
  const { tree, states, option, options } = context
  const objects = context.objectsOf(symbol)
  const files = sourcesOf(difference, objects, context)
  const stateOf = (view: TreeView, value: OptionValue): readonly ExportState[] =>
    states.of(view, value, symbol, files, objects)
  const holds = (view: TreeView, value = option): boolean => isAsReleased(difference, stateOf(view, value))
  const edits = [...files, ...context.headers, ...makefilesOf(objects, files, context)].flatMap(tree.editsOf)
  const patch = newLinesFirst(culprits(tree, edits, holds), difference)
  const place = placeOf(difference, stateOf(tree.after, option), files, context)
  const known = place ? { place } : {}
  if (patch.length > 0) return { patch, ...known }
  const changed = options && blamedOptions((value) => holds(tree.after, value), option, options)
  if (changed) return { ...changed, ...known }
  return place ? { patch: [], place } : undefined
}

/** True where one of the exports is what the release had, as far as the difference goes. */
function isAsReleased({ kind, baseline }: ExportDifference, exports: readonly ExportState[]): boolean {
  switch (kind) {
    case 'removed':
      return exports.length > 0
    case 'export-type':
      return exports.some(({ gpl }) => !gpl)
    case 'namespace':
      return exports.some(({ namespace }) => namespace === (baseline.namespace ?? ''))
    case 'moved':
      return exports.some(({ module }) => module !== undefined && sameModule(module, baseline.module))
  }
}

function sameModule(one: string, other: string | undefined): boolean {
  return one.replaceAll('-', '_') === other?.replaceAll('-', '_')
}

/** The sources that may have the export, in the release or now. */
function sourcesOf(
  { symbol, current }: ExportDifference,
  objects: readonly string[],
  { tree, srcarch }: BlameContext,
): readonly string[] {
  const known = objects.flatMap((object) => ['.c', '.S'].map((end) => object.replace(/\.o$/, end)))
  const touched = tree.files.filter((file) => isSource(file, srcarch) && mentions(tree, file, symbol))
  const now = current && current.line > 0 && isSource(current.file, srcarch) ? [current.file] : []
  const files = [...new Set([...touched, ...now, ...known])]
  return files.filter((file) => tree.before.text(file) !== undefined || tree.after.text(file) !== undefined)
}

/** False for what other architectures have. */
function isSource(file: string, srcarch: string): boolean {
  const [, arch] = /^arch\/([^/]+)\//.exec(file) ?? []
  return /\.(?:[chS]|inc|def|tbl)$/.test(file) && (arch === undefined || arch === srcarch)
}

/** Macros put names together from parts, so that a part is enough; a symbol's whole name is the usual case. */
function mentions(tree: PatchedTree, file: string, symbol: string): boolean {
  return [tree.before, tree.after].some((view) => view.text(file)?.includes(symbol))
}

/** The Makefiles that may decide about some objects: those of their folders and above, of the top, and what they include. */
function makefilesOf(
  objects: readonly string[],
  files: readonly string[],
  { tree, srcarch }: BlameContext,
): readonly string[] {
  const about = [...objects, ...files]
  return tree.files.filter((file) => {
    if (!isMakefile(file)) return false
    const folder = file.slice(0, file.lastIndexOf('/') + 1)
    const usual = /(?:^|\/)(?:Kbuild|Makefile)$/.test(file)
    return !usual || folder === `arch/${srcarch}/` || about.some((one) => one.startsWith(folder))
  })
}

/** The line that exports the symbol now tells most where the export is another. */
function newLinesFirst(lines: readonly PatchLine[], { current }: ExportDifference): readonly PatchLine[] {
  const isNow = ({ kind, file, line }: PatchLine): boolean =>
    kind === 'added' && file === current?.file && line === current.line
  return [...lines.filter(isNow), ...lines.filter((line) => !isNow(line))]
}

/** The options without which something is no longer so, and the lines that changed them: all of them, or none. */
function blamedOptions(
  holds: (value: OptionValue) => boolean,
  option: OptionValue,
  options: OptionBlames,
): Pick<Blame, 'patch' | 'options'> | undefined {
  const tried = new Map<string, BlamedOption>()
  const asked = new Set<string>()
  const restored = (names: ReadonlySet<string>): OptionValue => {
    return (name) => {
      asked.add(name)
      const value = names.has(name) ? tried.get(name)?.before : option(name)
      return value === 'n' ? undefined : value
    }
  }
  // What is behind one option is asked about only where that is set.
  for (let known = -1; known < tried.size;) {
    known = tried.size
    if (holds(restored(new Set(tried.keys())))) break
    for (const name of asked) {
      const change = tried.has(name) ? undefined : options.changeOf(name)
      if (change) tried.set(name, change)
    }
  }
  const suffices = (names: readonly string[]): boolean => holds(restored(new Set(names)))
  const names = [...tried.keys()]
  if (suffices([]) || !suffices(names)) return undefined
  const needed = fewest(names, suffices).flatMap((name) => tried.get(name) ?? [])
  const lines = new Map(needed.flatMap(({ patch }) => patch).map((line) => [JSON.stringify(line), line]))
  return {
    patch: [...lines.values()],
    options: needed.map(({ name, before, after }) => ({ name, before, after })),
  }
}

/** Where the tree says it: the export as it is now; of one that is gone, the export that is not built, or the definition. */
function placeOf(
  { kind, symbol, current }: ExportDifference,
  exports: readonly ExportState[],
  files: readonly string[],
  { tree }: BlameContext,
): Blame['place'] {
  if (kind !== 'removed') {
    const sure = exports.some(({ file, line }) => file === current.file && line === current.line)
    return sure ? { file: current.file, line: current.line, endLine: current.line } : undefined
  }
  const unknown = (): undefined => undefined
  const reading = { isDefined: unknown, included: unknown, namespace: '' }
  const written = files.flatMap((file) =>
    writtenExports(tree.after.text(file) ?? '', reading)
      .filter((one) => one.symbol === symbol)
      .map(({ line }) => ({ file, line, endLine: line })),
  )
  const defined = files.flatMap((file) =>
    declarationsOf(tree.after.text(file) ?? '', new Set([symbol]), unknown).map(({ line, endLine }) => ({
      file,
      line,
      endLine,
    })),
  )
  const [first, second] = written.length > 0 ? written : defined
  return second ? undefined : first
}

/** All edits of a patch in files that Kconfig reads. */
export function configurationEdits(tree: PatchedTree, files: ReadonlySet<string>): readonly TreeEdit[] {
  return tree.files
    .filter((file) => /(?:^|\/)Kconfig[^/]*$/.test(file) || files.has(file))
    .flatMap(tree.editsOf)
}
