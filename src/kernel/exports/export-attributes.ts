import type { ExportType } from '../../abi/export.ts'

/** What an export says besides its name. */
export interface ExportAttributes {
  readonly type: ExportType
  /** Empty: in no namespace; absent: the kernel has none (before Linux 5.4). */
  readonly namespace: string | undefined
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
