import type { HiddenChange } from './cause.ts'
import { wordsOutsideStrings } from './c-literals.ts'
import { codeOfLines } from './code-of-lines.ts'
import { kabiMacroKind } from './kabi-macros.ts'
import type { Patch } from './patch.ts'

/**
 * Lists the lines that a patch adds to make genksyms or gendwarfksyms see something else than the compiler: in the order of
 * the patch, each line once, by the gravest of its ways. Comments and documentation do not count; the definition of such a
 * macro counts as its use does.
 */
export function findHidden(patch: Patch): readonly HiddenChange[] {
  return patch.files.flatMap(({ file, edits }) => {
    if (!isRead(file)) return []
    const reference = file.endsWith('.symref')
    return edits.flatMap(({ line, added }) => {
      const code = reference ? added : codeOfLines(added)
      return added.flatMap((text, index): HiddenChange[] => {
        const how = (reference ? howOfRecord : howOfCode)(code[index] ?? '')
        return how ? [{ file, line: line + index, kind: 'added', text, how }] : []
      })
    })
  })
}

/** False for documentation and for what make and scripts read: the preprocessor never sees them. */
function isRead(file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return (
    !file.startsWith('Documentation/') &&
    !/^(?:Makefile|Kbuild|Kconfig)/.test(name) &&
    !/\.(?:rst|txt|md|py|pl|sh|awk|mk|json|ya?ml|patch|diff)$/.test(name)
  )
}

/** A record that genksyms takes instead of what it read (`genksyms -r`; scripts/Makefile.build gives it `*.symref`). */
function howOfRecord(line: string): HiddenChange['how'] | undefined {
  return /^override\s/.test(line) ? 'override' : undefined
}

function howOfCode(code: string): HiddenChange['how'] | undefined {
  const words = wordsOutsideStrings(code)
  if (words.includes('__GENKSYMS__')) return 'genksyms-guard'
  const kinds = words.map(kabiMacroKind)
  if (kinds.includes('rule') || code.includes('.discard.gendwarfksyms.kabi_rules')) return 'kabi-rule'
  // gendwarfksyms leaves out members with these names (Documentation/kbuild/gendwarfksyms.rst).
  if (words.some((word) => /^__kabi_(?:ignored|renamed)/.test(word))) return 'kabi-rule'
  return kinds.includes('hides') ? 'kabi-macro' : undefined
}
