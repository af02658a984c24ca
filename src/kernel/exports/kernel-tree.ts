/** A program with its arguments; no shell reads them. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export interface RunOptions {
  readonly signal: AbortSignal
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void
}

/** How a program ended. */
export type Ended =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'not-started'; readonly code: string }

/** Runs a program to its end. */
export type Run = (command: Command, options: RunOptions) => Promise<Ended>

/** A kernel that is configured and prepared (`make prepare modules_prepare`), and the means to ask it. */
export interface KernelTree {
  /** The source tree; absolute, without symbolic links. */
  readonly source: string
  /** The files of the source tree, relative, each with what tells one state of the file from another. */
  readonly files: ReadonlyMap<string, string>
  /**
   * The build folder, as in O=; absolute. Nothing was ever built in it but what `prepare` needs: make would not tell of an
   * object that it finds there.
   */
  readonly output: string
  /** Arguments of make that every call has: `-C`, `O=`, `ARCH=`, the toolchain. */
  readonly makeArgs: readonly string[]
  /** Folder for what is kept from run to run, and for scratch files; no `output` of another configuration shares it. */
  readonly work: string
  /** Folder for results that tell by content whether they still hold; `output` may be made anew beside it. */
  readonly results: string
  /** A header that every object reads after the configuration: it says what `assume:` of kabi.yml asks for. */
  readonly assumed?: string
  readonly env: Readonly<Record<string, string>>
  readonly run: Run
  readonly signal: AbortSignal
  /** Programs to run at once. */
  readonly jobs: number
}
