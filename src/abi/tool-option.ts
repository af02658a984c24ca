/** An option that Kconfig sets from the tools, as far as it may reach a checksum. */
export interface ToolOption {
  /** With `CONFIG_`. */
  readonly name: string
  /** With the tools at hand, `n` where it is not set. */
  readonly here: string
  /** As the configuration of the release says; absent where that does not name it. */
  readonly released?: string
}

/** Variables of make that Kconfig knows; anything else in `$(...)` runs a program or comes from one. */
const asked = /\$\((?!(?:SRC|SUB)?ARCH\)|KERNELVERSION\))/

/** Whether an expression of Kconfig asks the tools, as `$(cc-option,...)` does. */
export function asksTools(expression: string): boolean {
  return asked.test(expression)
}
