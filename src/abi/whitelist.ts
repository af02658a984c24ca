import type { ExportType } from './export.ts'

/** The file forms in which distributions keep whitelists; see docs/formats.md. */
export type Dialect =
  | 'canonical' // kabi-gate's own: five columns, optional [section] lines and # comments
  | 'symvers' // Module.kabi_* and Module.symvers: two to five columns
  | 'names' // one name a line, with or without [section] lines: RHEL, Oracle, openEuler, XCP-ng
  | 'abi-symbol-list' // Android: [abi_symbol_list], two-space indent, # comments
  | 'one-file-per-symbol' // CentOS Stream, kernel-ark: a folder, one file a symbol, first line its lifetime
  | 'ubuntu-abi' // Ubuntu: type, module, checksum, symbol
  | 'rpm-dependencies' // kernel(symbol) = 0xcrc, ksym(symbol) = 0xcrc

/** What messages call each dialect. */
export const dialectTitles: Readonly<Record<Dialect, string>> = {
  canonical: 'a whitelist in canonical form',
  symvers: 'rows of a symvers table',
  names: 'a list of names, one a line',
  'abi-symbol-list': 'an Android symbol list',
  'one-file-per-symbol': 'one file of a folder that holds a file for each symbol',
  'ubuntu-abi': 'an Ubuntu ABI file',
  'rpm-dependencies': 'RPM dependencies of the form kernel(symbol) = 0xcrc',
}

/** Minor releases between which a symbol is promised; `last` absent: still promised. */
export interface Lifetime {
  readonly first: number
  readonly last?: number
}

/** One promise of a whitelist. What the dialect does not record is `undefined`. */
export interface WhitelistRow {
  readonly symbol: string
  readonly crc: number | undefined
  readonly module: string | undefined
  readonly type: ExportType | undefined
  readonly namespace: string | undefined
  /** Name of the `[section]` the row stands in; empty outside of any. */
  readonly section: string
  /** Present where the dialect records it. */
  readonly lifetime?: Lifetime
  readonly file: string
  /** Line in `file`, from 1. */
  readonly line: number
}

/** The protected symbols of one variant, rows in file order; a symbol may stand in several sections. */
export interface Whitelist {
  /** The file or folder it was read from, for messages. */
  readonly file: string
  readonly dialect: Dialect
  /** SHA-256 of the unpacked file, hexadecimal; absent for a folder. */
  readonly digest?: string
  readonly rows: readonly WhitelistRow[]
}
