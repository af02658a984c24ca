/**
 * How the compiler lays out in memory what a list of symbols reaches. Names of types are those of genksyms: `s#device`, `u#x`,
 * `e#x`, and `t#x` for a typedef of something that has no name of its own.
 */
export interface Layouts {
  /** Bytes of a pointer. */
  readonly pointer: number
  /** Which debug information of a vmlinux they come from; absent where objects were compiled for them. */
  readonly vmlinux?: VmlinuxForm
  /** The objects whose text they come from, paths in the build folder. */
  readonly objects: readonly string[]
  /** Structures, unions and enumerations that are complete, by name. */
  readonly types: ReadonlyMap<string, From<TypeLayout>>
  /** By symbol, what a function takes and gives, or of what type a variable is. */
  readonly symbols: ReadonlyMap<string, From<TypeText>>
  /** Types that are complete somewhere, by name, with why their layout is not known. */
  readonly unknown: ReadonlyMap<string, string>
}

/**
 * What debug information does not say is not known: neither says how types are aligned; BTF does not tell dimensions of arrays
 * (`isFlat`) and may not tell the sign of `char`.
 */
export type VmlinuxForm = 'dwarf' | 'btf'

export interface From<Value> {
  readonly value: Value
  /** Index among the objects. */
  readonly object: number
}

export type TypeLayout = AggregateLayout | EnumLayout

export interface AggregateLayout {
  readonly kind: 'struct' | 'union'
  /** In bytes. */
  readonly size: number
  /** In bytes; absent where it is not known, as inside another type. */
  readonly align?: number
  readonly members: readonly MemberLayout[]
}

export interface MemberLayout {
  /** Empty for an unnamed structure or union, and for an unnamed bit-field. */
  readonly name: string
  /** In bits, from the start of the outermost type. */
  readonly offset: number
  /** Width in bits; of a bit-field alone. */
  readonly bits?: number
  readonly type: TypeText
  /** What is in it, where its type has no name: every element alike, where `type` is an array of it. */
  readonly inside?: AggregateLayout | EnumLayout
}

export interface EnumLayout {
  readonly kind: 'enum'
  /** In bytes. */
  readonly size: number
  readonly values: readonly Enumerator[]
}

export interface Enumerator {
  readonly name: string
  /** Beyond what a number holds exactly for some 64-bit ones. */
  readonly value: bigint
}

/**
 * A type in one text that is equal where memory is: typedefs and qualifiers are resolved, numbers are `u8` to `u128`, `s8` to
 * `s128`, `bool8`, `f64`, and `?8` where the sign is not known. `s#device *` is a pointer, `u32[4][8]` an array, `u8[]` one without a bound, `s32 (s#pci_dev *, u32)` a
 * function, `s32 (s#file *, ...) *` a pointer to one; `struct`, `union` and `enum` stand for a type without a name.
 */
export type TypeText = string
