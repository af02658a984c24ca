import { isExportType, isModuleName, isNamespace, isSymbolName, parseCrc } from './export.ts'
import { wholeLine, type Fault } from '../problem/malformed-line.ts'
import { parseRow, type Row } from './parse-row.ts'
import { quote } from '../problem/quote.ts'
import type { Dialect } from './whitelist.ts'

/** Reads one row of a whitelist in a given dialect; the line is not blank, no comment and no section line. */
export const parseWhitelistRow: Readonly<
  Record<Exclude<Dialect, 'one-file-per-symbol'>, (line: string) => Row | Fault>
> = {
  canonical: parseTableRow,
  symvers: parseTableRow,
  names: parseName,
  'abi-symbol-list': parseName,
  'ubuntu-abi': parseUbuntuRow,
  'rpm-dependencies': parseRpmRow,
}

const unrecorded = { crc: undefined, module: undefined, type: undefined, namespace: undefined } as const

function parseTableRow(line: string): Row | Fault {
  return parseRow(line, 'whitelist')
}

function parseName(line: string): Row | Fault {
  const symbol = line.trim()
  if (isSymbolName(symbol)) return { kind: 'row', symbol, ...unrecorded }
  return wholeLine(line, `${quote(symbol)} is not the name of a symbol`)
}

/**
 * `EXPORT_SYMBOL_GPL TAB vmlinux 0xcrc TAB symbol`: the rest of a symvers row, its module, checksum and symbol. The
 * rest may end with a namespace, or with the empty column of one. Other orders of the same four words are told apart
 * by their form; of two words that could be a module or a symbol, the module stands first.
 */
function parseUbuntuRow(line: string): Row | Fault {
  const words = line.trim().split(/\s+/)
  const type = words.find(isExportType)
  const crcText = words.find((word) => parseCrc(word) !== undefined)
  if (type === undefined) return wholeLine(line, 'no export type found')
  if (crcText === undefined) return wholeLine(line, 'no checksum (0x and one to eight hex digits) found')
  const crc = parseCrc(crcText)
  const others = words.filter((word) => word !== type && word !== crcText)
  const named = words.length === 5 && words[0] === type && words[3] === crcText ? others.shift() : undefined
  const namespace = named ?? (/^EXPORT_\w+\t\t/.test(line) ? '' : undefined)
  const [module = '', symbol = ''] = isModulePath(others[1]) ? others.reverse() : others
  if (
    others.length !== 2 ||
    !isModuleName(module) ||
    !isSymbolName(symbol) ||
    !isNamespace(namespace ?? '')
  ) {
    return wholeLine(line, `expected export type, module, checksum and symbol, found ${quote(line)}`)
  }
  return { kind: 'row', symbol, crc, module, type, namespace }
}

function isModulePath(word: string | undefined): boolean {
  return word === 'vmlinux' || word?.includes('/') === true
}

/** `kernel(symbol) = 0xcrc` and `ksym(symbol) = 0xcrc`; SUSE writes `ksym(flavour:symbol) = crc` without `0x`. */
function parseRpmRow(line: string): Row | Fault {
  const match = /^\s*(?:kernel|ksym)\((?:[\w-]+:)?([^():\s]+)\)\s*=\s*(?:0x)?([0-9A-Fa-f]{1,16})\s*$/.exec(
    line,
  )
  const [, symbol = '', digits = ''] = match ?? []
  const crc = parseCrc('0x' + digits)
  if (crc !== undefined && isSymbolName(symbol)) return { kind: 'row', symbol, ...unrecorded, crc }
  return wholeLine(
    line,
    `expected kernel(symbol) = 0xcrc or ksym(symbol) = 0xcrc, found ${quote(line.trim())}`,
  )
}

/** True for `kernel(rhel5_<group>) = <40 hex digits>`: a hash over a whole group of checksums. */
export function isGroupHash(line: string): boolean {
  return /^\s*kernel\([^()\s]+\)\s*=\s*[0-9a-f]{40}\s*$/.test(line)
}
