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
  /** Each symbol once, in the order of the file. */
  readonly imports: readonly Import[]
  /** Symbols it provides to other modules. */
  readonly exports: ReadonlySet<string>
}
