/** Changes of a kernel tree, as a unified diff tells them. */
export interface Patch {
  /** Files whose text changed; those that were only renamed, or whose change is not text, have none. */
  readonly files: readonly PatchedFile[]
  /** The whole name of the commit that it starts from, where it is the difference to one. */
  readonly base?: string
}

export interface PatchedFile {
  /** Its path after the patch, from the top of the tree; of a deleted file, the one it had. */
  readonly file: string
  /** From the top of the file down. */
  readonly edits: readonly PatchEdit[]
}

/** Neighbouring lines that were taken out, put in or replaced. */
export interface PatchEdit {
  /** In the patched file: the first added line, or the line before which the removed ones stood. */
  readonly line: number
  /** Without their ends. */
  readonly removed: readonly string[]
  readonly added: readonly string[]
}
