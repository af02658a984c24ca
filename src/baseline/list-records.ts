import { createHash } from 'node:crypto'
import type { ListRecords } from '../abi/baseline.ts'
import { formatWhitelist } from '../abi/format-whitelist.ts'
import type { WhitelistRow } from '../abi/whitelist.ts'

/**
 * What `baseline.yml` records of the files beside it, so that one that was cut or put in the place of another is noticed.
 * @param types the stored type definitions, unpacked: packing depends on the version of zlib; so for layouts
 * @param untyped symbols of the list for which there are none
 */
export function listRecords(
  rows: readonly WhitelistRow[],
  types: Uint8Array | undefined,
  untyped: readonly string[] = [],
  layouts?: Uint8Array,
): ListRecords {
  return {
    rows: rows.length,
    list: rowsDigest(rows),
    types: types && contentDigest(types),
    untyped: types ? [...untyped].sort() : [],
    ...(layouts ? { layouts: contentDigest(layouts) } : {}),
  }
}

/** SHA-256 over the rows in canonical form, hexadecimal; comments are nobody's promise. */
export function rowsDigest(rows: readonly WhitelistRow[]): string {
  return sha256(formatWhitelist({ file: '', dialect: 'canonical', rows }))
}

/** SHA-256 of unpacked type definitions or layouts, hexadecimal. */
export function contentDigest(content: Uint8Array): string {
  return sha256(content)
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
