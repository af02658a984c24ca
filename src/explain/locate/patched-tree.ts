import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { diffLists } from '../../abi/explain/diff-lists.ts'
import type { Patch, PatchEdit } from '../../abi/patch.ts'
import { groupBy } from '../../abi/group-by.ts'

/** A state of the kernel tree. Files are named by their path from its top. */
export interface TreeView {
  /** @returns undefined for what is not there or is no file that a person wrote */
  readonly text: (file: string) => string | undefined
}

/** An edit of a patch, with the file that it is in. */
export interface TreeEdit {
  readonly file: string
  readonly edit: PatchEdit
}

/** A tree with a patch in it, each edit of which can be taken out again. */
export interface PatchedTree {
  readonly after: TreeView
  readonly before: TreeView
  /** The files that the patch changed, without those that it does not fit. */
  readonly files: readonly string[]
  readonly editsOf: (file: string) => readonly TreeEdit[]
  /** The patched tree without some of the edits, or parts of edits, which are in their order. */
  readonly without: (undone: readonly TreeEdit[]) => TreeView
}

interface ChangedFile {
  readonly before: string | undefined
  readonly after: string | undefined
  readonly edits: readonly TreeEdit[]
}

/**
 * Opens a patched kernel tree. A patch that does not fit a file, because the tree is another one, is as if it did not change
 * that file: nothing is concluded from it.
 * @param source the patched tree, an absolute path; it has to stay as it is
 */
export function openPatchedTree(source: string, patch: Patch): PatchedTree {
  const texts = new Map<string, string | undefined>()
  const after = (file: string): string | undefined => {
    if (!texts.has(file)) texts.set(file, readTreeFile(source, file))
    return texts.get(file)
  }
  const alone = new Map<TreeEdit, TreeView>()
  const entries = groupBy(patch.files, ({ file }) => file)
  const changed = new Map<string, ChangedFile | undefined>()
  const changeOf = (file: string): ChangedFile | undefined => {
    const some = entries.get(file)
    if (!some) return undefined
    if (!changed.has(file))
      changed.set(
        file,
        changedFile(
          file,
          some.map(({ edits }) => edits),
          after(file),
        ),
      )
    return changed.get(file)
  }
  const before = (file: string): string | undefined => {
    const change = changeOf(file)
    return change ? change.before : after(file)
  }
  const patched: TreeView = { text: after }
  return {
    after: patched,
    before: { text: before },
    files: [...entries.keys()],
    editsOf: (file) => changeOf(file)?.edits ?? [],
    without: (undone) => {
      const [only] = undone
      if (!only) return patched
      const known = undone.length === 1 ? alone.get(only) : undefined
      if (known) return known
      const byFile = groupBy(undone, ({ file }) => file)
      const made = new Map<string, string | undefined>()
      const view: TreeView = {
        text: (file) => {
          const some = byFile.get(file)
          if (!some) return after(file)
          if (!made.has(file)) made.set(file, withoutEdits(after(file), some))
          return made.get(file)
        },
      }
      if (undone.length === 1) alone.set(only, view)
      return view
    },
  }
}

function changedFile(
  file: string,
  entries: readonly (readonly PatchEdit[])[],
  after: string | undefined,
): ChangedFile | undefined {
  let before = after
  for (const edits of [...entries].reverse()) {
    const older = undo(before, edits)
    if (older === undefined) return undefined
    before = older
  }
  const [only] = entries
  const edits = only && entries.length === 1 ? only : editsBetween(linesOf(before), linesOf(after))
  return {
    before: before === '' ? undefined : before,
    after,
    edits: edits.map((edit) => ({ file, edit })),
  }
}

/** Takes edits back, given in their order; undefined when their lines are not there. */
function undo(text: string | undefined, edits: readonly PatchEdit[]): string | undefined {
  const lines = [...linesOf(text)]
  // From the last to the first, so that the numbers in front stay right.
  for (const { line, removed, added } of [...edits].reverse().sort((a, b) => b.line - a.line)) {
    const there = lines.slice(line - 1, line - 1 + added.length)
    if (line - 1 > lines.length || there.length < added.length) return undefined
    if (added.some((one, at) => one !== withoutReturn(there[at] ?? ''))) return undefined
    lines.splice(line - 1, added.length, ...removed)
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** The text without some edits; undefined for one that is not there without them. */
function withoutEdits(text: string | undefined, edits: readonly TreeEdit[]): string | undefined {
  const older = undo(
    text,
    edits.map(({ edit }) => edit),
  )
  return older === '' ? undefined : older
}

function linesOf(text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return []
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function editsBetween(before: readonly string[], after: readonly string[]): readonly PatchEdit[] {
  const edits: { line: number; removed: readonly string[]; added: readonly string[] }[] = []
  let line = 1
  let open: (typeof edits)[number] | undefined
  for (const { kind, items } of diffLists(before, after)) {
    if (kind === 'same') open = undefined
    else {
      if (!open) edits.push((open = { line, removed: [], added: [] }))
      open[kind] = [...open[kind], ...items]
    }
    if (kind !== 'removed') line += items.length
  }
  return edits
}

/**
 * The edits of single lines that an edit consists of: replacements where it takes out as many lines as it puts in, else the
 * lines that are taken out, then those that are put in.
 */
export function singleLines(whole: TreeEdit): readonly TreeEdit[] {
  const {
    file,
    edit: { line, removed, added },
  } = whole
  if (removed.length <= 1 && added.length <= 1) return [whole]
  const single = (at: number, gone: readonly string[], come: readonly string[]): TreeEdit => ({
    file,
    edit: { line: at, removed: gone, added: come },
  })
  if (removed.length === added.length) {
    return removed.map((text, at) => single(line + at, [text], added.slice(at, at + 1)))
  }
  return [
    ...removed.map((text) => single(line, [text], [])),
    ...added.map((text, at) => single(line + at, [], [text])),
  ]
}

/** A longer file was not written by a person. */
const longest = 4 * 1024 * 1024

/** Reads a file of a kernel tree, unless it is a device, a pipe or the like, or a link leads out of the tree. */
function readTreeFile(source: string, file: string): string | undefined {
  let opened: number | undefined
  try {
    const path = realpathSync(join(source, file))
    if (!path.startsWith(`${realpathSync(source)}/`)) return undefined
    opened = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stat = fstatSync(opened)
    if (!stat.isFile() || stat.size > longest) return undefined
    return new TextDecoder().decode(readFileSync(opened))
  } catch {
    return undefined
  } finally {
    if (opened !== undefined) closeSync(opened)
  }
}
