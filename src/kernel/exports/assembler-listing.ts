import { elfExports } from './elf-exports.ts'
import { sectionTypes, type ExportAttributes } from './export-attributes.ts'

/**
 * Lists the exports of an assembler source from its preprocessed text, where a macro of the assembler follows
 * (`___EXPORT_SYMBOL name,value,_gpl`, include/asm-generic/export.h), or from the assembled object.
 * @param namespaces the kernel knows namespaces; assembler sources before Linux 6.4 are in none
 * @returns undefined for an object that is no ELF file, or has an export that is not understood
 */
export function assemblerListing(
  kind: 'text' | 'object',
  content: Buffer,
  namespaces: boolean,
): ReadonlyMap<string, ExportAttributes> | undefined {
  if (kind === 'object') return elfExports(content)
  const found = new Map<string, ExportAttributes>()
  const text = content.toString('latin1')
  if (disabled.test(text)) return found
  for (const [, symbol = '', suffix = ''] of text.matchAll(macro)) {
    const type = sectionTypes.get(suffix)
    if (type) found.set(symbol, { type, namespace: namespaces ? '' : undefined })
  }
  return found
}

const macro = /\b___EXPORT_SYMBOL\s+([\w.$]+)\s*,[^,;\n]*,?[ \t]*(\w*)/g

/** With -D__DISABLE_EXPORTS nothing is left of the macro: the object is for another context, such as a hypervisor. */
const disabled = /\.macro\s+___EXPORT_SYMBOL\b.*\n(?:\s*(?:#.*)?\n)*\s*\.endm\b/
