/**
 * What a change of a layout does to a module that was built before it.
 *
 * - `moved`: a member is elsewhere. `removed`: it is gone, and nothing stands in its place alone. `bit-field`: other bits.
 * - `retyped`: the same place holds something else. `size`, `alignment`: of the type as a whole. `grown`: the type is longer and all
 *   that was in it is where it was, so only what embeds it moves.
 * - `enumerator`: a name has another value, or none. `prototype`: a function takes or gives something else, or a variable is of another type.
 * - `added`: a new member where another was, which moved or went, and that is told of that one; or behind the old end of the type, and
 *   that is told of the type.
 * - `in-hole`, `in-padding`, `in-union`: a new member where nothing was, or beside others of a union. `replaced`: a member of the same place
 *   and size took another's, as reserved space is used. `new-enumerator`: a name more.
 */
export type LayoutClass =
  | 'moved'
  | 'removed'
  | 'bit-field'
  | 'retyped'
  | 'size'
  | 'alignment'
  | 'grown'
  | 'enumerator'
  | 'prototype'
  | 'added'
  | 'in-hole'
  | 'in-padding'
  | 'in-union'
  | 'replaced'
  | 'new-enumerator'

/** One change of one type, or of what a symbol is. */
export interface LayoutDifference {
  readonly class: LayoutClass
  /** The member or enumerator; absent for the type as a whole. A member of a member as `outer.inner`. */
  readonly member?: string
  /** A place as `24`, a bit-field's as `24:3+2`, a type, a size in bytes or a value; absent on the side where there is none. */
  readonly before?: string
  readonly after?: string
}

/** True where a module that was built before is wrong about memory, or about a value. */
export function breaksModules({ class: one }: LayoutDifference): boolean {
  return !harmless.has(one)
}

const harmless: ReadonlySet<LayoutClass> = new Set([
  'added',
  'in-hole',
  'in-padding',
  'in-union',
  'replaced',
  'new-enumerator',
])
