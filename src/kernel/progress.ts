export type Phase = 'configure' | 'prepare' | 'count' | 'build' | 'read'

/** A step forward in collecting one variant's evidence. */
export interface Progress {
  readonly variant: string
  readonly phase: Phase
  /** Objects built so far in this run; 0 outside of `build`. */
  readonly done: number
  /** Objects this run has to build, where it could be found out. */
  readonly total?: number
  /** The file being built. */
  readonly item?: string
}
