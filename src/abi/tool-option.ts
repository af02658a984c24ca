/** An option that Kconfig sets from the tools, as far as it may reach a checksum. */
export interface ToolOption {
  /** With `CONFIG_`. */
  readonly name: string
  /** With the tools at hand, `n` where it is not set. */
  readonly here: string
  /** As the configuration of the release says; absent where that does not name it. */
  readonly released?: string
}
