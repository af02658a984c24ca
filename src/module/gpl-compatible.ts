/** The licenses of modules that may use GPL-only symbols (license_is_gpl_compatible in include/linux/license.h). */
const gplCompatible: ReadonlySet<string> = new Set([
  'GPL',
  'GPL v2',
  'GPL and additional rights',
  'Dual BSD/GPL',
  'Dual MIT/GPL',
  'Dual MPL/GPL',
])

/** True when the kernel lets a module of this license use GPL-only symbols; a module that names none may not. */
export function isGplCompatible(license: string | undefined): boolean {
  return license !== undefined && gplCompatible.has(license)
}
