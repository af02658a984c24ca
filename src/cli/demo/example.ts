/** A real kernel before and after a patch; scripts/make-demo.ts builds both and writes example.json. */
export interface Example {
  /** `6.1.170 (Debian linux-source-6.1 6.1.170-3)` */
  readonly kernel: string
  readonly variant: string
  /** First line of the compiler's --version. */
  readonly compiler: string
  /** The patch between the two builds, as a unified diff of the kernel tree. */
  readonly patch: string
  /** The protected symbols in canonical form. */
  readonly whitelist: string
  /** Module.symvers of the released kernel: gzip, then base64. */
  readonly before: string
  /** What the patch did to Module.symvers, as a unified diff without context. */
  readonly change: string
}
