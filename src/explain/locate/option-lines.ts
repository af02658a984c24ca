import type { BlamedOption } from '../../abi/blame.ts'
import type { PatchLine, SourcePlace } from '../../abi/cause.ts'
import { logicalLines } from './logical-lines.ts'

/**
 * The lines of a patch that changed an option on which a part of a source depends: one that a condition names which stands in
 * it or around it.
 * @param options those that the patch changed
 */
export function linesOfOptions(
  text: string,
  { line, endLine }: Pick<SourcePlace, 'line' | 'endLine'>,
  options: readonly BlamedOption[],
): readonly PatchLine[] {
  if (options.length === 0) return []
  const open: string[] = []
  let around: readonly string[] | undefined
  const inside: string[] = []
  for (const { text: code, number } of logicalLines(text)) {
    if (number > endLine) break
    if (number >= line) around ??= [...open]
    const [, word = ''] = /^\s*#\s*(if|ifdef|ifndef|elif|endif)\b/.exec(code) ?? []
    if (word === 'endif') open.pop()
    else if (word.startsWith('if')) open.push(code)
    else if (word === 'elif') open.push(`${open.pop() ?? ''} ${code}`)
    if (number >= line && word !== '') inside.push(code)
  }
  const conditions = [...(around ?? []), ...inside]
  const words = new Set(conditions.flatMap((code) => code.match(/\bCONFIG_\w+/g) ?? []))
  const isNamed = (name: string): boolean => words.has(name) || words.has(`${name}_MODULE`)
  return options.filter(({ name }) => isNamed(name)).flatMap(({ patch }) => patch)
}
