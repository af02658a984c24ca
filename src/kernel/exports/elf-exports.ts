import { openElf } from '../../module/elf.ts'
import { licenseTypes, type ExportAttributes } from './export-attributes.ts'

const prefix = '__export_symbol_'

/**
 * Lists the exports of an assembled object of Linux 6.4 or later: each is a symbol `__export_symbol_NAME` that stands
 * before two strings, license and namespace (include/linux/export.h).
 * @returns undefined for what is no complete ELF file
 */
export function elfExports(file: Buffer): ReadonlyMap<string, ExportAttributes> | undefined {
  const elf = openElf(file)
  if (elf.kind === 'fault') return undefined
  const exports = new Map<string, ExportAttributes>()
  for (const { name, section, value } of elf.symbols) {
    const home = elf.sections[section]
    if (!name.startsWith(prefix) || !home) continue
    const start = home.offset + value
    const license = elf.string(start)
    if (license === undefined) continue
    const type = licenseTypes.get(license)
    const namespace = elf.string(start + license.length + 1)
    if (type && namespace !== undefined) exports.set(name.slice(prefix.length), { type, namespace })
  }
  return exports
}
