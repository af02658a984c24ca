import { symversBytes } from '../baseline/read-whitelist.ts'

const mebibyte = 1024 * 1024

/**
 * What the files of an evidence folder may be: bytes, as they are and unpacked; of the types also bytes of one definition,
 * lines, references from one to another, and records of all objects together. Each
 * is several times what the shipped lists need; with all of them at once, one variant costs less than 256 MB (`bench/hostile.ts`).
 */
export const limits = {
  record: { bytes: 4 * mebibyte },
  symvers: { bytes: symversBytes },
  types: {
    bytes: 8 * mebibyte,
    unpacked: 16 * mebibyte,
    line: mebibyte,
    lines: 120_000,
    references: 1_000_000,
    records: 8_000_000,
  },
  layouts: { bytes: 2 * mebibyte, unpacked: 8 * mebibyte },
  dependencies: { bytes: 4 * mebibyte, unpacked: 4 * mebibyte, lists: 100_010 },
  basis: { bytes: 2 * mebibyte, unpacked: 16 * mebibyte, words: 200_000 },
} as const

/** The files of an evidence folder. */
export const fileNames = {
  record: 'evidence.json',
  symvers: 'Module.symvers',
  types: 'symtypes.gz',
  layouts: 'layouts.gz',
  dependencies: 'dependencies.gz',
  basis: 'basis.gz',
} as const

/** A file beside `evidence.json`. */
export type ContentName = Exclude<keyof typeof fileNames, 'record'>
