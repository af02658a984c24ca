/** One symbol that a driver takes from the kernel or from another module. */
export interface Import {
  readonly symbol: string
  /** The checksum the driver was built against; undefined where the kernel of that build had none for the symbol. */
  readonly crc: number | undefined
}

/** What a kernel module file says about its connections. */
export interface KernelModule {
  readonly file: string
  /** The file's name without suffix: `e1000e`. */
  readonly name: string
  /** The machine it is for, as RPM packages name it: `x86_64`, `ppc64le`. */
  readonly arch: string
  /** Each symbol once, in the order of the file. */
  readonly imports: readonly Import[]
  /** Symbols it provides to other modules. */
  readonly exports: ReadonlySet<string>
  readonly info: ModuleInfo
}

/** What a module says about itself in `.modinfo`, as far as the loader looks at it. */
export interface ModuleInfo {
  /** The first license it names, which is the one that counts; undefined when it names none. */
  readonly license: string | undefined
  /** The kernel it was built for, and the flags of that build: `6.1.0-47-amd64 SMP preempt mod_unload modversions`. */
  readonly vermagic: string | undefined
  /** Namespaces of symbols that it imports (`MODULE_IMPORT_NS`). */
  readonly namespaces: readonly string[]
}
