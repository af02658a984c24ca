/** Something that is declared: a member, a parameter, a typedef, a variable, a function; or a type by itself. */
export interface Declaration {
  /** Absent for what has no name: an anonymous union, the padding of bit fields. */
  readonly name?: string
  /** The tokens before the declarator: the type, qualifiers, attributes. A body stands in it as `{}`. */
  readonly specifiers: readonly string[]
  /** The body of a type that is defined here. */
  readonly body?: Body
  /** Pointers, name, arrays, parameters and attributes. */
  readonly declarator: readonly string[]
  /** The width of a bit field. */
  readonly bits?: readonly string[]
  /** All its tokens, as if it were declared alone. */
  readonly source: readonly string[]
}

/** What stands in the braces of a type. */
export type Body =
  | { readonly kind: 'struct' | 'union'; readonly members: readonly Member[] }
  | { readonly kind: 'enum'; readonly enumerators: readonly Enumerator[] }
  /** Only the name of the type is known. */
  | { readonly kind: 'unknown' }

/** A member; `odd` is one that was not understood: it is known by its tokens alone. */
export type Member = Declaration & { readonly odd?: true }

export interface Enumerator {
  readonly name: string
  /** As it is written; absent: one more than the enumerator before. */
  readonly value?: readonly string[]
}

/** A definition as genksyms writes it, understood as far as possible. */
export type Definition =
  | { readonly kind: 'type' | 'typedef' | 'symbol'; readonly declaration: Declaration }
  /** The value of an enumerator. */
  | { readonly kind: 'value'; readonly tokens: readonly string[] }
  | { readonly kind: 'tokens'; readonly tokens: readonly string[] }
