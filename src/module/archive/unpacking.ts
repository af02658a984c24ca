import type { Unpacked } from '../../io/unpacked.ts'
import type { HashOf } from '../rpm/check-digests.ts'

/** What the place where archives are read, Node or a browser, has for it. */
export interface Unpacking {
  /** Unpacks gzip, xz and zstd, to at most so many bytes; gives any other bytes back as they are. */
  readonly decompress: (bytes: Uint8Array, maxBytes: number) => Promise<Unpacked>
  readonly hashOf: HashOf
}
