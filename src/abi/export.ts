/** Export types that a `Module.symvers` can name; the last three ended with Linux 5.12. */
export const exportTypes = [
  'EXPORT_SYMBOL',
  'EXPORT_SYMBOL_GPL',
  'EXPORT_SYMBOL_GPL_FUTURE',
  'EXPORT_UNUSED_SYMBOL',
  'EXPORT_UNUSED_SYMBOL_GPL',
] as const

export type ExportType = (typeof exportTypes)[number]

/**
 * One exported symbol. A column that the file's layout does not have is `undefined`, which is different from a
 * column that is there and empty (`namespace: ''` means: in no namespace).
 */
export interface Export {
  readonly symbol: string
  /** CRC-32 as an unsigned number; 0 means that the build recorded no checksum. */
  readonly crc: number
  /** `vmlinux`, or the module's path in the tree without suffix. */
  readonly module: string
  readonly type: ExportType | undefined
  readonly namespace: string | undefined
  readonly file: string
  /** Line in `file`, from 1. */
  readonly line: number
}

/** The exports of one built kernel, as in its `Module.symvers`; each symbol once, in file order. */
export interface Symvers {
  readonly file: string
  readonly exports: readonly Export[]
  /** Exports that nobody asked about and that are only counted; absent: there are none. */
  readonly others?: {
    readonly count: number
    /** Whether any of them has a checksum. */
    readonly versioned: boolean
  }
}

/** The text form of a checksum: `0x` and eight lower-case hex digits. */
export function formatCrc(crc: number): string {
  return '0x' + crc.toString(16).padStart(8, '0')
}

/**
 * The number behind a checksum's text form, `0x` and one to eight hex digits; more of them, as `nm` prints an address of 64 bits,
 * must be zeros in front. `undefined` for any other text.
 */
export function parseCrc(text: string): number | undefined {
  const { length } = text
  if (length < 3 || length > 18 || !text.startsWith('0x')) return undefined
  let crc = 0
  for (let at = 2; at < length; at++) {
    const digit = hexDigit(text.charCodeAt(at))
    if (digit === undefined) return undefined
    crc = crc * 16 + digit
    if (crc > 0xffffffff) return undefined
  }
  return crc
}

function hexDigit(code: number): number | undefined {
  if (code >= 48 && code <= 57) return code - 48 // 0-9
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : undefined // a-f, A-F
}

/** True for a C identifier; `.` and `$` may occur too, as in symbols of assembler sources. */
export function isSymbolName(text: string): boolean {
  return /^[A-Za-z_.$][A-Za-z0-9_.$]*$/.test(text)
}

/** True for `vmlinux` or the path of a module; it cannot look like an export type, which the next column holds. */
export function isModuleName(text: string): boolean {
  return isWord(text) && !text.startsWith('EXPORT_')
}

/** True for the name of a namespace, `module:` and names of modules, or nothing. */
export function isNamespace(text: string): boolean {
  return text === '' || isWord(text)
}

/** Printable, without white space; `-` is kept for columns that are absent. */
function isWord(text: string): boolean {
  return (/^[!-~]+$/.test(text) || /^[^\s\p{C}]+$/u.test(text)) && text !== '-'
}

/** True for one of the five export types, exactly as the kernel writes them. */
export function isExportType(text: string): text is ExportType {
  return (exportTypes as readonly string[]).includes(text)
}

/** Restrictions of an export type as bits: GPL-only one day, GPL-only now, about to go. */
const restrictions: Readonly<Record<ExportType, number>> = {
  EXPORT_SYMBOL: 0,
  EXPORT_SYMBOL_GPL_FUTURE: 1,
  EXPORT_SYMBOL_GPL: 1 | 2,
  EXPORT_UNUSED_SYMBOL: 4,
  EXPORT_UNUSED_SYMBOL_GPL: 4 | 1 | 2,
}

/**
 * True when a symbol has a restriction that it did not have, be it one that is only announced.
 * Source: `rpm/kabi.pl` of SUSE's kernel-source.
 */
export function isMoreRestricted(before: ExportType, after: ExportType): boolean {
  return (restrictions[after] & ~restrictions[before]) !== 0
}

/** True when only modules with a GPL-compatible license may use the symbol. */
export function isGplOnly(type: ExportType): boolean {
  return type === 'EXPORT_SYMBOL_GPL' || type === 'EXPORT_UNUSED_SYMBOL_GPL'
}
