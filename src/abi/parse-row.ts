import {
  exportTypes,
  isExportType,
  isModuleName,
  isNamespace,
  isSymbolName,
  parseCrc,
  type ExportType,
} from './export.ts'
import type { Fault } from '../problem/malformed-line.ts'
import { quote } from '../problem/quote.ts'
import type { Lifetime } from './whitelist.ts'

/** The columns of one row; what its layout does not have is `undefined`. */
export interface Row {
  readonly kind: 'row'
  readonly symbol: string
  readonly crc: number | undefined
  readonly module: string | undefined
  readonly type: ExportType | undefined
  readonly namespace: string | undefined
  readonly lifetime?: Lifetime
  /** How many columns there are, without the lifetime; of a row of a table. */
  readonly columns?: number
}

/** A row as a kernel build writes it. */
export interface ExportRow extends Row {
  readonly crc: number
  readonly module: string
}

type Form = 'symvers' | 'whitelist'

/** Index of each column among the fields of a line; `undefined` where the layout has no such column. */
interface Layout {
  readonly module: number | undefined
  readonly type: number | undefined
  readonly namespace: number | undefined
  readonly lifetime?: number
}

/** What the canonical form writes for a column that is absent although a later one is there. */
export const absent = '-'

const crcAndSymbol: Layout = { module: undefined, type: undefined, namespace: undefined }
const threeColumns: Layout = { module: 2, type: undefined, namespace: undefined } // 2.6
const fourColumns: Layout = { module: 2, type: 3, namespace: undefined } // 2.6 to 5.3
const namespaceThird: Layout = { module: 3, type: 4, namespace: 2 } // 5.4.0 to 5.4.27, 5.5
const namespaceLast: Layout = { module: 2, type: 3, namespace: 4 } // 5.4.28, 5.6 and newer
const withLifetime: Layout = { module: 2, type: 3, namespace: 4, lifetime: 5 }

/**
 * Reads one row of a table whose first columns are checksum and symbol. The row itself tells its layout, by the
 * number of its columns and the place of its export type. Columns are separated by tabs; a row whose tabs give no known
 * layout, as of RHEL 6 where some are spaces, is split at any white space.
 *
 * @param form `symvers`: three to five columns, as a kernel build writes them; `whitelist`: also checksum and symbol
 *   alone, `-` for an absent column, and a sixth column with the lifetime.
 */
export function parseRow(line: string, form: 'symvers'): ExportRow | Fault
export function parseRow(line: string, form: 'whitelist'): Row | Fault
export function parseRow(line: string, form: Form): Row | Fault {
  const usual = usualRow(line)
  if (usual) return usual
  let fields = line.split('\t').map(withoutSpaces)
  let layout = layoutOf(fields, form)
  if (!layout || (layout.type === undefined && line.includes(' '))) {
    fields = line.trim().split(/[\t ]+/)
    layout = layoutOf(fields, form)
    // Without tabs to trust, the middle one of five words is as likely a stray word as a namespace.
    if (layout === namespaceThird) layout = undefined
  }
  const [crcText = '', symbol = ''] = fields
  const crc = parseCrc(crcText)
  if (crc === undefined && !(form === 'whitelist' && crcText === absent)) {
    return fieldFault(line, fields, 0, 'is not a checksum (0x and one to eight hex digits)')
  }
  if (!isSymbolName(symbol)) return fieldFault(line, fields, 1, 'is not the name of a symbol')
  if (!layout) return unknownLayout(line, fields, form)

  const module = columnOf(fields, layout.module, form)
  if (module !== undefined && !isModuleName(module)) {
    return fieldFault(line, fields, layout.module, 'is not a module (vmlinux, or a path without white space)')
  }
  const namespace = columnOf(fields, layout.namespace, form)
  if (namespace !== undefined && !isNamespace(namespace)) {
    return fieldFault(line, fields, layout.namespace, 'is not a namespace')
  }
  const typeText = columnOf(fields, layout.type, form)
  const type = typeText !== undefined && isExportType(typeText) ? typeText : undefined
  const columns = fields.length - (layout.lifetime === undefined ? 0 : 1)
  const row: Row = { kind: 'row', symbol, crc, module, type, namespace, columns }
  if (layout.lifetime === undefined) return row
  const lifetime = parseLifetime(fields[layout.lifetime] ?? '')
  return lifetime
    ? { ...row, lifetime }
    : fieldFault(line, fields, layout.lifetime, 'is not a lifetime such as #6- or #3-7')
}

/**
 * Reads a row of the two layouts that nearly all rows have, `fourColumns` and `namespaceLast`, without cutting it into
 * fields first: that halves the time for a whole symvers. Gives `undefined` for every other row, faulty ones included.
 */
function usualRow(line: string): ExportRow | undefined {
  const afterCrc = line.indexOf('\t')
  const afterSymbol = line.indexOf('\t', afterCrc + 1)
  const afterModule = line.indexOf('\t', afterSymbol + 1)
  if (afterCrc < 0 || afterSymbol < 0 || afterModule < 0) return undefined
  const afterType = line.indexOf('\t', afterModule + 1)
  const type = exportTypeAt(line, afterModule + 1, afterType < 0 ? line.length : afterType)
  const crc = parseCrc(line.slice(0, afterCrc))
  const symbol = line.slice(afterCrc + 1, afterSymbol)
  const module = line.slice(afterSymbol + 1, afterModule)
  const namespace = afterType < 0 ? undefined : line.slice(afterType + 1)
  if (type === undefined || crc === undefined || !isSymbolName(symbol) || !isModuleName(module))
    return undefined
  if (namespace !== undefined && !isNamespace(namespace)) return undefined
  const columns = namespace === undefined ? 4 : 5
  return { kind: 'row', symbol, crc, module, type, namespace, columns }
}

function exportTypeAt(line: string, start: number, end: number): ExportType | undefined {
  for (const type of exportTypes) {
    if (type.length === end - start && line.startsWith(type, start)) return type
  }
  return undefined
}

function withoutSpaces(field: string): string {
  let [start, end] = [0, field.length]
  while (field[start] === ' ') start++
  while (end > start && field[end - 1] === ' ') end--
  return field.slice(start, end)
}

function layoutOf(fields: readonly string[], form: Form): Layout | undefined {
  switch (fields.length) {
    case 2:
      return form === 'whitelist' ? crcAndSymbol : undefined
    case 3:
      return threeColumns
    case 4:
      return isTypeColumn(fields[3], form) ? fourColumns : undefined
    case 5:
      if (isTypeColumn(fields[3], form)) return namespaceLast
      return isExportType(fields[4] ?? '') ? namespaceThird : undefined
    case 6:
      return form === 'whitelist' && isTypeColumn(fields[3], form) && fields[5]?.startsWith('#')
        ? withLifetime
        : undefined
    default:
      return undefined
  }
}

function isTypeColumn(field: string | undefined, form: Form): boolean {
  if (field === undefined) return false
  return isExportType(field) || (form === 'whitelist' && field === absent)
}

/** The text of a column; `undefined` when the layout lacks it or a whitelist marks it as absent. */
function columnOf(fields: readonly string[], index: number | undefined, form: Form): string | undefined {
  const field = index === undefined ? undefined : fields[index]
  return form === 'whitelist' && field === absent ? undefined : field
}

/**
 * Reads the lifetime of a promise: `#6-` since minor release 6, `#3-7` from 3, gone in 7.
 * @returns undefined for any other text, also when the end comes before the beginning
 */
export function parseLifetime(text: string): Lifetime | undefined {
  const match = /^#(\d{1,4})-(\d{1,4})?$/.exec(text)
  if (!match) return undefined
  const first = Number(match[1])
  if (match[2] === undefined) return { first }
  const last = Number(match[2])
  return last < first ? undefined : { first, last }
}

function unknownLayout(line: string, fields: readonly string[], form: Form): Fault {
  const strange = fields.findIndex(
    (field, index) => index > 2 && field.startsWith('EXPORT_') && !isExportType(field),
  )
  if (strange > 0) return fieldFault(line, fields, strange, 'is not a known export type')
  if (fields.length === 4 || fields.length === 5) {
    return fieldFault(line, fields, 3, 'stands where an export type was expected')
  }
  const expected =
    form === 'symvers'
      ? 'checksum, symbol, module, export type and namespace'
      : 'checksum and symbol, then perhaps module, export type and namespace'
  const message = `found ${fields.length} columns in ${quote(line)}, expected ${expected}`
  return { kind: 'fault', column: 1, length: line.length, message }
}

/** The fault of one field of a line. */
function fieldFault(line: string, fields: readonly string[], index: number | undefined, is: string): Fault {
  let at = 0
  for (const field of fields.slice(0, index)) at = line.indexOf(field, at) + field.length + 1
  const field = fields[index ?? 0] ?? ''
  const column = line.indexOf(field, at) + 1
  const found = field === '' ? 'an empty column' : quote(field)
  return { kind: 'fault', column, length: field.length, message: `${found} ${is}` }
}
