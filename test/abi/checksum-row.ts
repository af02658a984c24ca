import type { WhitelistRow } from '../../src/abi/whitelist.ts'

/** A row of a list that has a symbol and its checksum, and says nothing else of it. */
export function checksumRow(symbol: string, crc: number | undefined): WhitelistRow {
  return {
    symbol,
    crc,
    module: 'vmlinux',
    type: undefined,
    namespace: undefined,
    section: '',
    file: 'w',
    line: 1,
  }
}
