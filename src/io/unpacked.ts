/** Unpacked bytes, or why there are none, worded to follow the name of the file: "is cut off". */
export type Unpacked =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string }

/** The result of an archive that unpacks to more than is accepted. */
export function tooLarge(maxBytes: number): Unpacked {
  return { kind: 'failed', reason: `unpacks to more than ${maxBytes} bytes` }
}

/** The result of an archive whose content is not what its packer wrote. */
export function damaged(format: 'gzip' | 'xz' | 'zstd'): Unpacked {
  return { kind: 'failed', reason: `is a damaged or incomplete ${format} archive` }
}
