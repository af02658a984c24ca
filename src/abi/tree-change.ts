/** What a tree of git has at a path. */
export interface TreeEntry {
  /** In octal digits: `100644` a file, `100755` a program, `120000` a symbolic link, `160000` a submodule. */
  readonly mode: string
  /** The name of its object. */
  readonly object: string
}

/** A path at which two kernel trees differ. */
export interface TreeChange {
  /** From the top of the kernel tree. */
  readonly path: string
  /** Absent where there was nothing. */
  readonly before?: TreeEntry
  /** Absent where there is nothing any more. */
  readonly after?: TreeEntry
}
