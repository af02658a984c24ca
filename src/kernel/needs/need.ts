/** Something that a machine must have before a kernel can be built on it. */
export interface Need {
  readonly kind: 'program' | 'header'
  /** A command as it would be typed, or a header as C includes it. */
  readonly name: string
  /** What needs it, where not every build does: `CONFIG_DEBUG_INFO_BTF`. */
  readonly why?: string
}
