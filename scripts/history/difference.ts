import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

/** Lines of a file that are others in the newer tree, without context. */
export interface Hunk {
  /** How many lines stand in front of it in the older file. */
  readonly after: number
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/** A text file that is not the same in two trees. */
export interface FileDifference {
  readonly file: string
  readonly status: 'modified' | 'new' | 'gone'
  /** In order. */
  readonly hunks: readonly Hunk[]
}

/** Each byte is a character, so that no text of a kernel is lost. */
export const bytes = 'latin1'

/** Reads the difference between two trees from git. Files that are binary or that end without a newline are left out. */
export function differenceOf(older: string, newer: string): readonly FileDifference[] {
  const [from, to] = [resolve(older), resolve(newer)]
  const options = ['--no-index', '-U0', '--no-renames', '--no-color', '--no-ext-diff', '--text']
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/']
  const { status, stdout } = spawnSync(
    'git',
    ['-c', 'core.quotePath=false', 'diff', ...options, ...prefixes, from, to],
    { encoding: bytes, maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  // 1 says that there is a difference.
  if (status !== 1) throw new Error(`git diff ended with ${status}: no difference between ${from} and ${to}?`)
  return stdout
    .split(/^diff --git /m)
    .slice(1)
    .flatMap((part) => fileDifference(part, [`a${from}/`, `b${to}/`]) ?? [])
}

function fileDifference(part: string, [from, to]: readonly [string, string]): FileDifference | undefined {
  const lines = part.split('\n').slice(0, -1)
  const start = lines.findIndex((line) => line.startsWith('--- '))
  const [before, after] = [lines[start]?.slice(4) ?? '', lines[start + 1]?.slice(4) ?? '']
  if (start < 0 || lines.some((line) => line.startsWith('\\ ')) || part.includes('\0')) return undefined
  // Links are not text.
  if (/^(new|deleted) file mode 120000$/m.test(part)) return undefined
  const file = after === '/dev/null' ? pathIn(before, from) : pathIn(after, to)
  const status = before === '/dev/null' ? 'new' : after === '/dev/null' ? 'gone' : 'modified'
  return { file, status, hunks: hunksOf(lines.slice(start + 2)) }
}

function pathIn(name: string, root: string): string {
  // A name with a space ends with a tab.
  const path = name.replace(/\t$/, '')
  if (!path.startsWith(root)) throw new Error(`git diff names ${path}`)
  return path.slice(root.length)
}

function hunksOf(lines: readonly string[]): readonly Hunk[] {
  const found: { after: number; removed: string[]; added: string[] }[] = []
  for (const line of lines) {
    const [head, first = '', count = '1'] = /^@@ -(\d+)(?:,(\d+))? \+/.exec(line) ?? []
    if (head !== undefined)
      found.push({ after: Number(first) - (count === '0' ? 0 : 1), removed: [], added: [] })
    else if (line.startsWith('-')) found.at(-1)?.removed.push(line.slice(1))
    else if (line.startsWith('+')) found.at(-1)?.added.push(line.slice(1))
  }
  return found
}
