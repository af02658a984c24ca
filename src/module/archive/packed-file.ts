/** A file in an archive. */
export interface PackedFile {
  /** As the archive has it, without `./` at the start. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** Why an archive is not read, worded to follow its name: "is cut off". */
export interface ArchiveFault {
  readonly kind: 'fault'
  readonly reason: string
}

export function archiveFault(reason: string): ArchiveFault {
  return { kind: 'fault', reason }
}

/** True for the file of a kernel module, plain or compressed. */
export function isModuleFile(path: string): boolean {
  return /\.ko(?:\.(?:gz|xz|zst))?$/.test(path)
}
