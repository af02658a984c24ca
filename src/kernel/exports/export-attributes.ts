import type { ExportType } from '../../abi/export.ts'

/** What an export says besides its name. */
export interface ExportAttributes {
  readonly type: ExportType
  /** Empty: in no namespace; absent: the kernel has none (before Linux 5.4). */
  readonly namespace: string | undefined
}

/**
 * Finds the exports in text that was preprocessed without `-D__GENKSYMS__`, by what the macro leaves for the assembler:
 *
 * - since Linux 6.4 `__export_symbol_NAME: .asciz "GPL" .asciz "NAMESPACE"`;
 * - before, a section `___ksymtab_gpl+NAME`, and from 5.4 on a string `__kstrtabns_NAME`.
 *
 * An export that is not understood is left out. Source: include/linux/export.h of these versions.
 * @param knowsNamespaces the kernel has namespaces (since 5.4)
 */
export function exportAttributes(
  text: string,
  knowsNamespaces: boolean,
): ReadonlyMap<string, ExportAttributes> {
  const found = new Map<string, ExportAttributes>()
  const namespaces = new Map<string, string>()
  const types = new Map<string, ExportType>()
  for (const piece of relevantPieces(text)) {
    for (const [, symbol = '', license = '', namespace = ''] of piece.matchAll(labelled)) {
      const type = licenseTypes.get(joined(license))
      if (type) found.set(symbol, { type, namespace: joined(namespace) })
    }
    for (const [, suffix = '', symbol = ''] of piece.matchAll(section)) {
      const type = sectionTypes.get(suffix)
      if (type) types.set(symbol, type)
    }
    for (const [, symbol = '', namespace = ''] of piece.matchAll(namespaceString)) {
      namespaces.set(symbol, joined(namespace))
    }
  }
  for (const [symbol, type] of types) {
    const namespace = namespaces.get(symbol)
    if (namespace !== undefined) found.set(symbol, { type, namespace })
    // Linux 5.4 has no string for an export without a namespace; one that is there must be understood.
    else if (!new RegExp(String.raw`\b__kstrtabns_${symbol.replace(/\W/g, '\\$&')}\b`).test(text)) {
      found.set(symbol, { type, namespace: knowsNamespaces ? '' : undefined })
    }
  }
  return found
}

/** Types by the license string of Linux 6.4 and later. */
export const licenseTypes: ReadonlyMap<string, ExportType> = new Map([
  ['', 'EXPORT_SYMBOL'],
  ['GPL', 'EXPORT_SYMBOL_GPL'],
])

/** Types by what follows `___ksymtab` in the name of a section. */
export const sectionTypes: ReadonlyMap<string, ExportType> = new Map([
  ['', 'EXPORT_SYMBOL'],
  ['_gpl', 'EXPORT_SYMBOL_GPL'],
  ['_gpl_future', 'EXPORT_SYMBOL_GPL_FUTURE'],
  ['_unused', 'EXPORT_UNUSED_SYMBOL'],
  ['_unused_gpl', 'EXPORT_UNUSED_SYMBOL_GPL'],
])

const strings = String.raw`(?:"(?:[^"\\]|\\.)*"\s*)+`
const labelled = new RegExp(
  String.raw`\b__export_symbol_([\w.$]+):[^"]*?\.asci[iz]\s+(${strings})[^"]*?\.asci[iz]\s+(${strings})`,
  'g',
)
const section = /"___ksymtab(\w*)\+([\w.$]+)"/g
const namespaceString = new RegExp(
  String.raw`\b__kstrtabns_([\w.$]+)(?::\s*\.asciz\s|\[\](?:[^"=;]|"[^"]*")*?=)\s*(${strings})`,
  'g',
)

/** The strings of an `asm`, and C declarations, in which an export can show; adjacent literals joined, escapes undone. */
function* relevantPieces(text: string): Iterable<string> {
  for (const [piece] of text.matchAll(literals)) {
    if (!piece.startsWith('"') || !/_ksymtab|__export_symbol|__kstrtabns/.test(piece)) continue
    const content = joinLiterals(piece)
    // A section's name in a C attribute has lost the quotes that it has in an `asm`.
    yield content.startsWith('___ksymtab') ? `"${content}"` : content
  }
  for (const [declaration] of text.matchAll(/\b__kstrtabns_[\w.$]+\[\][^;\n]*=[^;\n]*/g)) yield declaration
}

/** Line markers and character constants are matched only to be passed over. */
const literals = /^#.*$|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*/gm

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '0': '\0' }

function joinLiterals(piece: string): string {
  return [...piece.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)]
    .map(([, content = '']) => content.replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char))
    .join('')
}

/** The text of assembler or C strings that stand side by side, without the final NUL that `.ascii` needs. */
function joined(strings: string): string {
  return joinLiterals(strings).replace(/\0$/, '')
}
