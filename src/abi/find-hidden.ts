import type { HiddenChange } from './cause.ts'
import { wordsOutsideStrings } from './c-literals.ts'
import { codeOfLines } from './code-of-lines.ts'
import { kabiMacroKind } from './kabi-macros.ts'
import type { Patch } from './patch.ts'

/**
 * Lists the lines that a patch adds to make genksyms or gendwarfksyms see something else than the compiler: in the order of
 * the patch, each line once, by the gravest of its ways. Comments and documentation do not count; the definition of such a
 * macro counts as its use does.
 * @param isRead says of a file that the compiler reads it, whatever its name is
 */
export function findHidden(
  patch: Patch,
  isRead: (file: string) => boolean = () => false,
): readonly HiddenChange[] {
  return patch.files.flatMap(({ file, edits }) => {
    const howOf = readerOf(file, isRead)
    if (!howOf) return []
    return edits.flatMap(({ line, added }) => {
      const hows = howOf(added)
      return added.flatMap((text, index): HiddenChange[] => {
        const how = hows[index]
        return how ? [{ file, line: line + index, kind: 'added', text, how }] : []
      })
    })
  })
}

type How = HiddenChange['how'] | undefined

/** What reads a file tells how each of some neighbouring lines hides a change; undefined for what neither a compiler nor make reads. */
function readerOf(
  file: string,
  isRead: (file: string) => boolean,
): ((lines: readonly string[]) => readonly How[]) | undefined {
  if (file.endsWith('.symref')) return (lines) => lines.map(howOfRecord)
  if (isMakefile(file)) return (lines) => lines.map(howOfRule)
  if (mayBeCode(file) || isRead(file)) return (lines) => howsOfCode(codeOfLines(lines))
  return undefined
}

function isMakefile(file: string): boolean {
  return /(?:^|\/)(?:Makefile|Kbuild)[^/]*$|\.mk$/.test(file)
}

/** False for documentation and scripts, if no source includes them, and for Kconfig. */
export function mayBeCode(file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return (
    !file.startsWith('Documentation/') &&
    !name.startsWith('Kconfig') &&
    !/\.(?:rst|txt|md|py|pl|sh|awk|json|ya?ml|patch|diff)$/.test(name)
  )
}

/** Options of the compiler may define the name that tells genksyms, or take it away. */
function howOfRule(line: string): How {
  return line.replace(/#.*/, '').includes('__GENKSYMS__') ? 'genksyms-guard' : undefined
}

/** A record that genksyms takes instead of what it read (`genksyms -r`; scripts/Makefile.build gives it `*.symref`). */
function howOfRecord(line: string): How {
  return /^\s*override\s/.test(line) ? 'override' : undefined
}

/** A word that is broken at the end of a line counts where it begins. */
function howsOfCode(lines: readonly string[]): readonly How[] {
  return lines.map((line, at) => howOfCode(line) ?? howOfCode(brokenWord(lines, at)))
}

/** No word that tells something is longer. */
const longestWord = 40

/** The word at the end of a line that goes on in the lines behind it; empty where there is none. */
function brokenWord(lines: readonly string[], at: number): string {
  const line = (lines[at] ?? '').trimEnd()
  if (!line.endsWith('\\')) return ''
  let [, word = ''] = /(\w+)\\$/.exec(line.slice(-longestWord)) ?? []
  for (let next = at + 1; word !== '' && next < lines.length && word.length < longestWord; next++) {
    const [, rest = '', goesOn] = /^(\w*)(\\\s*$)?/.exec(lines[next] ?? '') ?? []
    word += rest
    if (goesOn === undefined) break
  }
  return word
}

function howOfCode(code: string): How {
  const words = wordsOutsideStrings(code)
  if (words.includes('__GENKSYMS__')) return 'genksyms-guard'
  const kinds = words.map(kabiMacroKind)
  if (kinds.includes('rule') || code.includes('.discard.gendwarfksyms.kabi_rules')) return 'kabi-rule'
  // gendwarfksyms leaves out members with these names (Documentation/kbuild/gendwarfksyms.rst).
  if (words.some((word) => /^__kabi_(?:ignored|renamed)/.test(word))) return 'kabi-rule'
  return kinds.includes('hides') ? 'kabi-macro' : undefined
}
