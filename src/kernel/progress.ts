export type Phase = 'configure' | 'prepare' | 'count' | 'build' | 'evaluate' | 'read' | 'finished' | 'failed'

/** A step forward in collecting one variant's evidence. */
export interface Progress {
  readonly variant: string
  readonly phase: Phase
  /** Objects built or evaluated so far in this run, or variants that came to their end; 0 in other phases. */
  readonly done: number
  /** Objects this run has to build or evaluate, where it could be found out, or variants in all. */
  readonly total?: number
  /** The object at work. */
  readonly item?: string
}
