/** A file of which only some parts are read. */
export interface ByteSource {
  readonly size: number
  /** The bytes of a range, which must lie inside the file. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>
}
