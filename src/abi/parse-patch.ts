import type { Patch, PatchedFile, PatchEdit } from './patch.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { unquotePath } from './unquote-path.ts'

/**
 * Reads a unified diff: what `git diff` and `git format-patch` write, one commit or several, or `diff -u`, with any number
 * of lines of context. Text around the diff is passed over. Of several changes of one file each gives an entry; their line
 * numbers are those after each.
 *
 * Problems, all `malformed-line` and with an empty patch: a hunk that ends too early or holds other lines, a file name that
 * is not quoted properly, a hunk of a merge commit.
 * @param file names the patch in problems
 */
export function parsePatch(text: string, file: string): Read<Patch> {
  const lines = text.split('\n')
  const files: PatchedFile[] = []
  let section: Section = { ...nothing }
  const close = (): void => {
    if (section.file !== undefined && section.edits.length > 0 && !section.special) {
      files.push({ file: section.file, edits: section.edits })
    }
  }
  for (let at = 0; at < lines.length;) {
    const line = withoutReturn(lines[at] ?? '')
    const hunk = section.file === undefined ? null : hunkHeader.exec(line)
    if (hunk) {
      const end = readHunk(lines, at + 1, numbersOf(hunk), section.edits)
      if (typeof end !== 'number') return refused(end.why, file, end.at + 1)
      at = end
      continue
    }
    if (line.startsWith('@@@ '))
      return refused('it is of a merge commit, which this reader does not know', file, at + 1)
    if (line.startsWith('diff ')) {
      close()
      section = { ...nothing, edits: [] }
    } else if (line.startsWith('--- ') && lines[at + 1]?.startsWith('+++ ')) {
      const paths = pathsOf(line, withoutReturn(lines[at + 1] ?? ''))
      if (paths === undefined) return refused('its file name is not quoted properly', file, at + 1)
      if (section.file !== undefined) {
        close()
        section = { ...nothing }
      }
      section = { ...section, file: paths, edits: [] }
      at++
    } else if (specialMode.test(line)) section = { ...section, special: true }
    at++
  }
  close()
  return { value: { files }, problems: [] }
}

interface Section {
  /** Known from its `---` and `+++` on. */
  readonly file: string | undefined
  readonly edits: PatchEdit[]
  /** A symbolic link or a submodule: what its lines say is not in the file. */
  readonly special: boolean
}

const nothing: Section = { file: undefined, edits: [], special: false }

const hunkHeader = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/
const specialMode =
  /^(?:new file mode|deleted file mode|new mode|index [0-9a-f]+\.\.[0-9a-f]+) (?:120000|160000)$/

interface HunkNumbers {
  readonly oldCount: number
  readonly newStart: number
  readonly newCount: number
}

function numbersOf([, , oldCount = '1', newStart = '0', newCount = '1']: RegExpExecArray): HunkNumbers {
  return { oldCount: Number(oldCount), newStart: Number(newStart), newCount: Number(newCount) }
}

/** Adds the edits of a hunk. @returns the number of the line after it */
function readHunk(
  lines: readonly string[],
  start: number,
  { oldCount, newStart, newCount }: HunkNumbers,
  edits: PatchEdit[],
): number | { readonly why: string; readonly at: number } {
  let [oldLeft, newLeft] = [oldCount, newCount]
  // A hunk that adds nothing names the line after which it stands.
  let line = newCount === 0 ? newStart + 1 : newStart
  let edit: { line: number; removed: string[]; added: string[] } | undefined
  let at = start
  for (; oldLeft > 0 || newLeft > 0; at++) {
    const whole = lines[at]
    if (whole === undefined) return { why: 'it ends within a hunk', at: at - 1 }
    const text = withoutReturn(whole.slice(1))
    switch (whole[0]) {
      case '-':
      case '+': {
        edit ??= { line, removed: [], added: [] }
        if (edit.removed.length + edit.added.length === 0) edits.push(edit)
        if (whole.startsWith('-')) {
          edit.removed.push(text)
          oldLeft--
        } else {
          edit.added.push(text)
          newLeft--
          line++
        }
        break
      }
      case ' ':
      case '\r':
      case undefined:
        edit = undefined
        oldLeft--
        newLeft--
        line++
        break
      case '\\':
        break
      default:
        return { why: 'a hunk does not have as many lines as its header says', at }
    }
    if (oldLeft < 0 || newLeft < 0)
      return { why: 'a hunk does not have as many lines as its header says', at }
  }
  return lines[at]?.startsWith('\\') ? at + 1 : at
}

/** The path of the file that two lines `--- a/path` and `+++ b/path` are about. */
function pathsOf(before: string, after: string): string | undefined {
  const [older, newer] = [before, after].map(nameOf)
  if (older === undefined || newer === undefined) return undefined
  const gone = newer === absent
  const path = gone ? older : newer
  const other = gone || older === absent ? undefined : older
  // As git writes them: a/ and b/, or a letter that tells where the text comes from.
  if (/^[abciow]\//.test(path) && (other === undefined || /^[abciow]\//.test(other))) return path.slice(2)
  if (other === undefined || other === path) return path
  // As diff writes two folders side by side.
  const rest = path.slice(path.indexOf('/') + 1)
  return rest === other.slice(other.indexOf('/') + 1) ? rest : path
}

const absent = '/dev/null'

function nameOf(line: string): string | undefined {
  const name = line.slice(4)
  return unquotePath(name.startsWith('"') ? name.trimEnd() : (name.split('\t')[0] ?? ''))
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function refused(why: string, file: string, line: number): Read<Patch> {
  const problem: Problem = {
    kind: 'malformed-line',
    message: `${quote(file)} is not understood as a patch: ${why}.`,
    place: { file, line },
    advice: 'Give the patch as `git diff` or `git format-patch` writes it, complete and unedited.',
  }
  return { value: { files: [] }, problems: [problem] }
}
