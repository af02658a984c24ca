import { openElf } from '../../module/elf.ts'
import { licenseTypes, type ExportAttributes } from './export-attributes.ts'

const prefix = '__export_symbol_'

/**
 * Lists the exports of an object of Linux 6.4 or later: each is a symbol `__export_symbol_NAME` that stands before two
 * strings, license and namespace (include/linux/export.h).
 * @returns undefined for what is no complete ELF file, and for one with an export that is not understood
 */
export function elfExports(file: Buffer): ReadonlyMap<string, ExportAttributes> | undefined {
  const elf = openElf(file)
  if (elf.kind === 'fault') return undefined
  const exports = new Map<string, ExportAttributes>()
  for (const { name, section, value } of elf.symbols) {
    if (!name.startsWith(prefix)) continue
    const start = (elf.sections[section]?.offset ?? file.length) + value
    const license = elf.string(start) ?? 'none'
    const type = licenseTypes.get(license)
    const namespace = elf.string(start + license.length + 1)
    if (!type || namespace === undefined) return undefined
    exports.set(name.slice(prefix.length), { type, namespace })
  }
  return exports
}
