import { isHarmlessAtFileScope, isHarmlessInFunction, statementsOf } from './assembler-text.ts'
import { licenseTypes, sectionTypes, type ExportAttributes } from './export-attributes.ts'
import { notableDeclarations, tableName, type NotableDeclaration } from './notable-declarations.ts'

/** An export as the compiler gets it. */
interface CompilerExport extends ExportAttributes {
  /** Where it stands in the text. */
  readonly at: number
}

/** The exports of a preprocessed text, or what in it is for the assembler to decide. */
type CompilerExports =
  | { readonly kind: 'exports'; readonly exports: ReadonlyMap<string, CompilerExport> }
  | { readonly kind: 'doubt'; readonly about: string }

/**
 * Finds the exports in text that was preprocessed as for the compiler, without `-D__GENKSYMS__`: what the macro leaves, and
 * nothing else that could change what the assembler makes of it.
 *
 * - since Linux 6.4 an `asm` with `.section ".export_symbol"`, a label `__export_symbol_NAME`, license and namespace;
 * - before, an entry of a section `___ksymtab_gpl+NAME`, as an `asm` (4.19 and later, relative references) or as a variable;
 *   its strings as variables or, from 5.7 on, as an `asm`; up to 5.18 an `asm` for the checksum.
 *
 * Source: include/linux/export.h of these versions.
 * @param knowsNamespaces the kernel has namespaces (since 5.4)
 */
export function compilerExports(text: Buffer, knowsNamespaces: boolean): CompilerExports {
  const pieces: Piece[] = []
  for (const declaration of notableDeclarations(text)) {
    const piece = pieceOf(declaration)
    if (!piece) return doubt(declaration.text)
    if (piece.kind !== 'other') pieces.push({ ...piece, at: declaration.at })
  }
  return joined(pieces, knowsNamespaces)
}

/**
 * Reads text that was preprocessed for genksyms, with `-D__GENKSYMS__`, for the same.
 * @returns the names of its exports, or undefined where something in it is for the assembler to decide
 */
export function genksymsNames(text: Buffer): readonly string[] | undefined {
  const names: string[] = []
  for (const declaration of notableDeclarations(text)) {
    const name = genksymsExport.exec(declaration.text)?.[1]
    if (name !== undefined) names.push(name)
    else if (pieceOf(declaration)?.kind !== 'other') return undefined
  }
  return names
}

const genksymsExport =
  /^;?\s*(?:__GENKSYMS_EXPORT_SYMBOL|EXPORT_(?:UNUSED_)?SYMBOL(?:_GPL(?:_FUTURE)?)?)\s*\(\s*([\w.$]+)\s*\)\s*;?$/

/** What a declaration contributes to an export. */
type Part =
  | { readonly kind: 'entry'; readonly symbol: string; readonly section: string; readonly namespace: boolean }
  | { readonly kind: 'name'; readonly symbol: string; readonly text: string }
  | { readonly kind: 'namespace'; readonly symbol: string; readonly text: string }
  | { readonly kind: 'both'; readonly symbol: string; readonly text: string; readonly namespace: string }
  | { readonly kind: 'whole'; readonly symbol: string; readonly license: string; readonly namespace: string }
  | { readonly kind: 'other' }

type Piece = Part & { readonly at: number }

/** Answers by text: every object has the same functions of the same headers. */
const answers = new Map<string, Part | undefined>()
const mostAnswers = 20_000

function pieceOf({ text }: NotableDeclaration): Part | undefined {
  const known = answers.get(text) ?? partOf(text)
  if (answers.size < mostAnswers) answers.set(text, known)
  return known
}

function partOf(text: string): Part | undefined {
  const declaration = text.replace(/^[;\s]+|[;\s]+$/g, '')
  if (declaration === '') return undefined
  const [, strings] = topLevelAsm.exec(declaration) ?? []
  if (strings !== undefined) return assemblerPart(literal(strings))
  if (/^(?:asm|__asm|__asm__)\b/.test(declaration) || /^#/m.test(declaration)) return undefined
  return variablePart(declaration) ?? (isHarmlessDeclaration(declaration) ? other : undefined)
}

const other: Part = { kind: 'other' }

const stringLiterals = String.raw`(?:"(?:[^"\\\n]|\\.)*"\s*)+`
const topLevelAsm = new RegExp(
  String.raw`^(?:asm|__asm__|__asm)(?:\s+(?:volatile|__volatile__|__volatile))?\s*\(\s*(${stringLiterals})\)$`,
)

const symbolName = String.raw`([A-Za-z_$][\w.$]*)`
const string = String.raw`"((?:[^"\\]|\\.)*)"`
const forms = {
  whole: new RegExp(
    String.raw`^\.section"\.export_symbol","a"\n__export_symbol_${symbolName}:\n\.asciz${string}\n\.asci[iz]((?:${string})+)\n\.balign[48]\n\.(?:quad|long)\1\n\.previous$`,
  ),
  entry: new RegExp(
    String.raw`^\.section"___ksymtab(\w*)\+${symbolName}","a"\n\.balign[48]\n__ksymtab_\2:\n\.long\2-\.\n\.long__kstrtab_\2-\.\n(?:\.long(__kstrtabns_\2-\.|0(?:-\.)?)\n)?\.previous$`,
  ),
  both: new RegExp(
    String.raw`^\.section"__ksymtab_strings","aMS",%progbits,1\n__kstrtab_${symbolName}:\n\.asciz${string}\n__kstrtabns_\1:\n\.asciz${string}\n\.previous$`,
  ),
  checksum: new RegExp(
    String.raw`^\.section"___kcrctab\w*\+${symbolName}","a"\n(?:\.globl__kstrtab_\1\n)?\.weak__crc_\1\n\.long__crc_\1(?:-\.)?\n\.previous$`,
  ),
}

function assemblerPart(text: string): Part | undefined {
  if (!tableName.test(text)) return isHarmlessAtFileScope(text) ? other : undefined
  const code = statementsOf(text).join('\n')
  const [, whole, license = '', namespaces = ''] = forms.whole.exec(code) ?? []
  if (whole !== undefined) {
    const namespace = literal(namespaces).replace(/\0$/, '')
    return { kind: 'whole', symbol: whole, license, namespace }
  }
  const [, section = '', entry, reference = ''] = forms.entry.exec(code) ?? []
  if (entry !== undefined)
    return { kind: 'entry', symbol: entry, section, namespace: reference.startsWith('__kstrtabns_') }
  const [, both, name = '', namespace = ''] = forms.both.exec(code) ?? []
  if (both !== undefined) return { kind: 'both', symbol: both, text: name, namespace }
  return forms.checksum.test(code) ? other : undefined
}

const attributes = String.raw`((?:__attribute__\(\(.*?\)\))*)`
const variables = {
  entry: new RegExp(
    String.raw`^static const struct kernel_symbol __ksymtab_${symbolName} ?${attributes}=\{\(unsigned long\)&\1,__kstrtab_\1(?:,(__kstrtabns_\1|\(\(void\*\)0\)|NULL))?\}$`,
  ),
  text: new RegExp(
    String.raw`^static const char(?: __attribute__\(\(__?externally_visible_?_?\)\))? ?__kstrtab(ns)?_${symbolName}\[\] ?${attributes}=${string}$`,
  ),
  declared: /^extern const char __kstrtab(?:ns)?_[\w.$]+\[\]$/,
}

/** Recognizes the variables of an export. */
function variablePart(declaration: string): Part | undefined {
  if (!/\b__k(?:symtab|strtab)/.test(declaration)) return undefined
  const code = compact(declaration)
  const [, entry, given = '', reference = ''] = variables.entry.exec(code) ?? []
  if (entry !== undefined) {
    const section = sectionOf(given)
    const [, suffix, symbol] = /^___ksymtab(\w*)\+(.*)$/.exec(section ?? '') ?? []
    if (suffix === undefined || symbol !== entry) return undefined
    return { kind: 'entry', symbol: entry, section: suffix, namespace: reference.startsWith('__kstrtabns_') }
  }
  const [, ns, symbol, where = '', text = ''] = variables.text.exec(code) ?? []
  if (symbol !== undefined)
    return sectionOf(where) === '__ksymtab_strings'
      ? { kind: ns === undefined ? 'name' : 'namespace', symbol, text }
      : undefined
  return variables.declared.test(code) ? other : undefined
}

/** The section in attributes that say nothing else than how a variable is kept. */
function sectionOf(given: string): string | undefined {
  const section = /(?:__)?section(?:__)?\(("[^"\\]*")\)/.exec(given)?.[1]
  const rest = given.replace(/(?:__)?section(?:__)?\("[^"\\]*"\)/, '')
  const known =
    /^(?:__attribute__\(\(|\)\)|,|(?:__)?used(?:__)?|(?:__)?aligned(?:__)?\((?:\d+|sizeof\(void\*\))\))*$/
  return section !== undefined && known.test(rest) ? section.slice(1, -1) : undefined
}

/** One space between words, none elsewhere; adjacent strings joined. */
function compact(declaration: string): string {
  return declaration
    .replace(new RegExp(stringLiterals, 'g'), (strings) => JSON.stringify(literal(strings)))
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\w$ ]) ?/g, '$1')
}

/** True for a declaration that only by its `asm` and its attributes reaches the assembler, and changes nothing there. */
function isHarmlessDeclaration(declaration: string): boolean {
  if (/\b(?:__GENKSYMS_EXPORT_SYMBOL|EXPORT_(?:UNUSED_)?SYMBOL\w*)\b/.test(declaration)) return false
  const strings = [...declaration.matchAll(new RegExp(stringLiterals, 'g'))].map(([found]) => literal(found))
  const code = declaration.replace(new RegExp(stringLiterals, 'g'), '""')
  if (tableWord.test(code) || strings.some((text) => tableName.test(text))) return false
  if (attributeTexts(declaration).some((text) => text.replace(messages, '').includes('\\'))) return false
  for (const [, qualifiers = '', strings = ''] of declaration.matchAll(anyAsm)) {
    const text = literal(strings)
    if (qualifiers === '' && /^[\w.$%*]*$/.test(text)) continue
    if (!isHarmlessInFunction(text) || !declaration.includes('{')) return false
  }
  return true
}

/** Attributes that say something to a person. */
const messages = new RegExp(
  String.raw`\b(?:__)?(?:error|warning|deprecated)(?:__)?\s*\(\s*${stringLiterals}\)`,
  'g',
)

/** What stands in the parentheses of attributes. */
function attributeTexts(declaration: string): readonly string[] {
  return [...declaration.matchAll(stringOrAttribute)].flatMap(({ 0: found, index }) => {
    if (found.startsWith('"')) return []
    let depth = 0
    for (const { 0: piece, index: at } of declaration.slice(index).matchAll(/"(?:[^"\\\n]|\\.)*"|[()]/g)) {
      if (piece === '(') depth++
      if (piece === ')' && --depth === 0) return [declaration.slice(index, index + at)]
    }
    return ['\\']
  })
}

const stringOrAttribute = /"(?:[^"\\\n]|\\.)*"|\b__attribute(?:__)?\b/g

const tableWord = /\b(?:___?ksymtab|__kstrtab|___?kcrctab|__export_symbol|__crc_)/
const anyAsm = new RegExp(
  String.raw`\b(?:asm|__asm__|__asm)\b((?:\s+(?:volatile|__volatile__|__volatile|inline|__inline__|__inline|goto))*)\s*\(\s*(${stringLiterals})`,
  'g',
)

function joined(pieces: readonly Piece[], knowsNamespaces: boolean): CompilerExports {
  const names = new Map<string, string>()
  const namespaces = new Map<string, string>()
  for (const piece of pieces) {
    if (piece.kind === 'name' || piece.kind === 'both') names.set(piece.symbol, piece.text)
    if (piece.kind === 'namespace') namespaces.set(piece.symbol, piece.text)
    if (piece.kind === 'both') namespaces.set(piece.symbol, piece.namespace)
  }
  const exports = new Map<string, CompilerExport>()
  for (const piece of pieces) {
    if (piece.kind !== 'entry' && piece.kind !== 'whole') continue
    const { symbol, at } = piece
    const type = piece.kind === 'whole' ? licenseTypes.get(piece.license) : sectionTypes.get(piece.section)
    const namespace = piece.kind === 'whole' ? piece.namespace : piece.namespace ? namespaces.get(symbol) : ''
    const named = piece.kind === 'whole' || names.get(symbol) === symbol
    if (!type || namespace === undefined || !named || exports.has(symbol)) return doubt(symbol)
    exports.set(symbol, { type, namespace: knowsNamespaces ? namespace : undefined, at })
  }
  return { kind: 'exports', exports }
}

function doubt(text: string): CompilerExports {
  return { kind: 'doubt', about: text.replace(/\s+/g, ' ').slice(0, 120) }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '0': '\0' }

/** The text of string literals that stand side by side. */
function literal(strings: string): string {
  return [...strings.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)]
    .map(([, content = '']) => content.replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char))
    .join('')
}
