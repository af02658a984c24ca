import type { ConfigOptions } from './evidence.ts'

/** Which kernel tree: its commit, or a digest of its files (SHA-256, hexadecimal) when it is no clean checkout. */
export type TreeIdentity = { readonly commit: string } | { readonly digest: string }

/** How a whitelist came about, as `baseline.yml` beside it says; what is unknown is absent. */
export interface Baseline {
  readonly variant: string
  /** As in ARCH= of the kernel's Makefile. */
  readonly arch: string | undefined
  /** As the kernel's Makefile says: `6.1.170`. */
  readonly kernel: string | undefined
  readonly source: TreeIdentity | undefined
  /** First line of the compiler's --version. */
  readonly compiler: string | undefined
  /** SHA-256 of the kernel's genksyms, its sources, hexadecimal. */
  readonly genksyms: string | undefined
  /** SHA-256 of the final kernel configuration, hexadecimal. */
  readonly configDigest: string | undefined
  /** The options on which the protected checksums may depend, see `relevantOptions`. */
  readonly options: ConfigOptions | undefined
  /**
   * The types, such as `s#device`, whose bodies the compiler got and genksyms did not see, in any object; absent where
   * nobody looked.
   */
  readonly unseenBodies?: readonly string[] | undefined
  /** Which requests for symbols were granted, the oldest first; absent where none was. */
  readonly history?: readonly GrantedRequest[] | undefined
  /** What stood beside it when it was written; absent in format version 1. */
  readonly records?: ListRecords | undefined
}

/** A baseline of which nothing is known but its variant. */
export const nothingRecorded = {
  arch: undefined,
  kernel: undefined,
  source: undefined,
  compiler: undefined,
  genksyms: undefined,
  configDigest: undefined,
  options: undefined,
  unseenBodies: undefined,
} as const satisfies Omit<Baseline, 'variant'>

/** Symbols that a list got because somebody asked for them and somebody else agreed. */
export interface GrantedRequest {
  /** `2026-11-30`, in UTC. */
  readonly date: string
  /** The number of the issue, or its address; absent where nobody said. */
  readonly issue?: string | undefined
  readonly reviewer: string
  /** Those that the list got, in the order of its rows; at least one. */
  readonly symbols: readonly string[]
}

/** The number of an issue, or its address. */
export const issuePattern = /^(?:[1-9]\d{0,9}|https:\/\/[\w.-]+(?::\d+)?\/[!-~]{1,300})$/

/** The name of whoever grants a request: up to 200 characters, of which something is to be seen. */
export const reviewerPattern = /^(?=.{1,200}$)\P{C}*[^\p{C}\p{Z}]\P{C}*$/u

/** A whitelist and its types, as they were written together. */
export interface ListRecords {
  readonly rows: number
  /** SHA-256 over the rows, hexadecimal. */
  readonly list: string
  /** SHA-256 of the type definitions, unpacked, hexadecimal; undefined when none were stored. */
  readonly types: string | undefined
  /** Symbols of the list that the stored types do not have, sorted. */
  readonly untyped: readonly string[]
  /** SHA-256 of the layouts, unpacked, hexadecimal; absent when none were stored. */
  readonly layouts?: string | undefined
}

/** A baseline, and the file it was read from. */
export interface BaselineFile {
  readonly file: string
  readonly baseline: Baseline
}
