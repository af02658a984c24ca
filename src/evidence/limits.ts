import { symversBytes } from '../io/read-whitelist.ts'

const mebibyte = 1024 * 1024

/**
 * Most bytes of the files of an evidence folder, as they are and unpacked. Each is several times what the largest kernels
 * need; a leg that comes from elsewhere cannot use up the memory of the machine that judges.
 */
export const limits = {
  record: { bytes: 4 * mebibyte },
  symvers: { bytes: symversBytes },
  types: { bytes: 32 * mebibyte, unpacked: 96 * mebibyte, line: 4 * mebibyte },
  dependencies: { bytes: 8 * mebibyte, unpacked: 32 * mebibyte },
} as const

/** The files of an evidence folder. */
export const fileNames = {
  record: 'evidence.json',
  symvers: 'Module.symvers',
  types: 'symtypes.gz',
  dependencies: 'dependencies.gz',
} as const

/** A file beside `evidence.json`. */
export type ContentName = Exclude<keyof typeof fileNames, 'record'>
