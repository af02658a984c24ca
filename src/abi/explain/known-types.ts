/** What one side knows of the types that a definition refers to. */
export interface KnownTypes {
  /** The text of a definition by its name, such as `t#u8`; undefined when there is none. */
  readonly textOf: (name: string) => string | undefined
  /** Whether the compiler, too, knows only the name of a type such as `s#device`; undefined when nobody looked. */
  readonly isOpaque: (name: string) => boolean | undefined
}

/** What both sides know. */
export interface BothTypes {
  readonly before: KnownTypes
  readonly after: KnownTypes
}

export const nothingKnown: BothTypes = {
  before: { textOf: () => undefined, isOpaque: () => undefined },
  after: { textOf: () => undefined, isOpaque: () => undefined },
}
