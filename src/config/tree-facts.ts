/** What `kabi-gate init` needs to know of a kernel tree. Paths are relative to it, with `/`. */
export interface TreeFacts {
  /** As the kernel's Makefile says: `6.1.170`. */
  readonly version: string
  /** The architecture to start with, as in ARCH=: that of this machine, if the kernel has it. */
  readonly arch: string
  /** What distributions call it: `aarch64`, `ppc64le`. */
  readonly variant: string
  /** Prefix of the cross tools; undefined when this machine is of that architecture. */
  readonly crossCompile: string | undefined
  /** Name of a default configuration. */
  readonly defconfig: string
  /** Complete configurations of the distribution for that architecture. */
  readonly configs: readonly string[]
  /** Folder with pieces of configurations, from which the distribution's tools make complete ones. */
  readonly pieces: string | undefined
  /** Folder with whitelists. */
  readonly whitelists: string | undefined
  /** The whitelist of that architecture, where it stands in a place of its own. */
  readonly whitelist: string | undefined
  /** A file in the form of SUSE's `kabi/severities`. */
  readonly severities: string | undefined
}
