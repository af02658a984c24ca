import { structuredPatch } from 'diff'
import type { Patch, PatchEdit } from '../../../src/abi/patch.ts'

/** Texts of a tree by their paths; undefined for a file that is not there. */
export type Files = Readonly<Record<string, string | undefined>>

/** The patch that makes one state of a tree into another, without lines of context. */
export function patchBetween(before: Files, after: Files): Patch {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return {
    files: names
      .filter((file) => before[file] !== after[file])
      .map((file) => ({ file, edits: editsOf(before[file] ?? '', after[file] ?? '') })),
  }
}

function editsOf(before: string, after: string): readonly PatchEdit[] {
  return structuredPatch('a', 'b', before, after, '', '', { context: 0 }).hunks.map(({ newStart, lines }) => {
    const text = (sign: string): readonly string[] =>
      lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1))
    return { line: newStart, removed: text('-'), added: text('+') }
  })
}

/** The texts that are there. */
export function present(files: Files): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const])),
  )
}
