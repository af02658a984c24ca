import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ObjectTypes } from '../mutate/stored-types.ts'
import { bytes, type FileDifference, type Hunk } from './difference.ts'
import { wholePart, type Part } from './parts.ts'

/**
 * Finds what of the difference cannot change a checksum of x86: files that no protected symbol's object reads, headers that are
 * new, and hunks inside of functions' bodies in C files, of which genksyms reads nothing. Headers stay whole: an object with assembler in
 * it is compiled for its exports, and would not compile with half a change. What decides how the kernel is configured and
 * built is not among it. In order of the files' names.
 */
export function harmlessParts(
  older: string,
  types: readonly ObjectTypes[],
  difference: readonly FileDifference[],
): readonly Part[] {
  const read = readByObjects(older, types)
  const parts = difference.flatMap((one): readonly Part[] => {
    const { file, status } = one
    if (/(^|\/)(Kconfig|Makefile|Kbuild)[^/]*$|^(scripts|certs|usr)\/|\.lds/.test(file)) return []
    if (aside.test(file) || (status === 'new' && file.endsWith('.h') && !/^(tools|arch)\//.test(file)))
      return [wholePart(one)]
    // A Makefile still names what goes.
    if (drivers.test(file) && file.endsWith('.c') && status !== 'gone' && !read.has(file))
      return [wholePart(one)]
    if (status === 'modified' && inBodies.test(file)) return bodyPart(older, one)
    return []
  })
  return parts.sort((one, other) => (one.file < other.file ? -1 : 1))
}

/** What no object of a kernel for x86 reads. */
const aside = /^(Documentation|samples|rust|tools\/testing|arch\/(?!x86\/|um\/)\w+)\/|^(CREDITS|MAINTAINERS)$/

/** Where a C file is read by its own object alone. */
const drivers = /^(drivers|sound|fs|net|crypto|security|ipc|virt)\//

/** Where functions change in files that protected symbols' objects read. */
const inBodies = /^(mm|lib|block|net\/core|drivers\/(base|pci|scsi))\/.*\.c$/

/** The C files of objects with protected symbols, and those that they include. */
function readByObjects(older: string, types: readonly ObjectTypes[]): ReadonlySet<string> {
  const found = new Set<string>()
  const open = types.map(({ object }) => `${object}.c`)
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue
    found.add(file)
    const folder = file.slice(0, file.lastIndexOf('/') + 1)
    for (const [, name = ''] of textOf(older, file).matchAll(/^\s*#\s*include\s+"([^"]+\.c)"/gm))
      open.push(join(folder, name))
  }
  return found
}

function textOf(older: string, file: string): string {
  try {
    return readFileSync(join(older, file), bytes)
  } catch {
    // The source of an object may be assembler.
    return ''
  }
}

/** The hunks of a file that lie inside of functions' bodies. */
function bodyPart(older: string, { file, hunks }: FileDifference): readonly Part[] {
  const text = textOf(older, file)
  const lines = text.split('\n')
  const bodies = bodiesIn(lines)
  const fits = ({ after, removed, added }: Hunk): boolean =>
    bodies.some(([open, close]) => after > open && after + removed.length <= close) &&
    [...removed, ...added].every((line) => !/^\s*#|^\S|\\$/.test(line))
  const some = hunks.filter(fits)
  return some.length === 0 ? [] : [{ file, hunks: some }]
}

/** The lines of the braces around each function's body. */
function bodiesIn(lines: readonly string[]): readonly (readonly [open: number, close: number])[] {
  return lines.flatMap((line, open) => {
    if (line !== '{' || !(lines[open - 1] ?? '').endsWith(')')) return []
    const close = lines.indexOf('}', open)
    return close < 0 ? [] : [[open, close] as const]
  })
}
