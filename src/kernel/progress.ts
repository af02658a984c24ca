/** `widen` is no work of its own: it says that a search goes on elsewhere, and why. */
export type Phase =
  | 'names'
  | 'configure'
  | 'prepare'
  | 'count'
  | 'build'
  | 'evaluate'
  | 'widen'
  | 'layouts'
  | 'read'
  | 'explain'
  | 'finished'
  | 'failed'

/** A step forward in collecting one variant's evidence. */
export interface Progress {
  readonly variant: string
  readonly phase: Phase
  /** Files read, objects built or evaluated so far in this run, or variants that came to their end; 0 in other phases. */
  readonly done: number
  /** Files or objects that this run has to read, build or evaluate, where it could be found out, or variants in all. */
  readonly total?: number
  /** The object at work. */
  readonly item?: string
  /** In phase `widen`, the symbols that were not found so far. */
  readonly missing?: readonly string[]
}
