import type {
  AggregateLayout,
  EnumLayout,
  Enumerator,
  MemberLayout,
  TypeLayout,
  TypeText,
} from '../../abi/layouts/layout.ts'
import { btfKind as kinds, openBtf, type Btf, type BtfType } from './btf.ts'
import { Budget, DebugFault, distinct, mostDepth, type DebugTypes, type NoTypes } from './debug-types.ts'

/** What the BTF of a kernel says of types. */
export interface BtfTypes extends DebugTypes {
  /** The functions and variables of a name: what they take and give, or are. Static functions are among them. */
  readonly symbolsOf: (name: string) => readonly TypeText[]
  /** Why the layout of a type that is there is not known. */
  readonly unclear: (name: string) => string | undefined
}

/**
 * Reads the types of BTF. What it has is what a compiler says of the same source, but that it tells no alignment, that pahole makes one
 * dimension of those of an array, and that some versions of it lose signs: of `char`, and of values of enumerations.
 * Source of the format: Documentation/bpf/btf.rst of the kernel.
 * @param pointer bytes of a pointer, where the file around it tells; else they are those of `long`, as everywhere in Linux
 * @throws DebugFault, by the functions of the result, where types lead to themselves or to nowhere
 */
export function readBtfTypes(bytes: Uint8Array, pointer?: number): BtfTypes | NoTypes {
  const btf = openBtf(bytes)
  if (btf.kind === 'fault') return btf
  try {
    return typesOf(btf, pointer)
  } catch (error) {
    if (!(error instanceof DebugFault)) throw error
    return { kind: 'fault', reason: `has BTF that is not understood: ${error.message}` }
  }
}

const prefixes: ReadonlyMap<number, string> = new Map([
  [kinds.struct, 's#'],
  [kinds.union, 'u#'],
  [kinds.enum, 'e#'],
  [kinds.enum64, 'e#'],
])

const qualifiers: ReadonlySet<number> = new Set([
  kinds.volatile,
  kinds.const,
  kinds.restrict,
  kinds.tagOfType,
])

function typesOf(btf: Btf, pointer: number | undefined): BtfTypes {
  const reader = new BtfReader(btf)
  const [layouts, typedefs, symbols] = [new Index(), new Index(), new Index()]
  let long: number | undefined
  for (let id = 1; id <= btf.last; id++) {
    const type = btf.type(id)
    const name = btf.text(type.name)
    const prefix = prefixes.get(type.kind)
    if (prefix !== undefined && name !== '' && isComplete(type)) layouts.add(prefix + name, type)
    else if (type.kind === kinds.typedef) {
      typedefs.add(name, type)
      const target = reader.unnamed(type)
      if (target) layouts.add(`t#${name}`, target)
    } else if (type.kind === kinds.function || type.kind === kinds.variable) symbols.add(name, type)
    else if (type.kind === kinds.integer && /^(?:unsigned )?long(?: unsigned)?(?: int)?$/.test(name))
      long = type.sizeOrType
    reader.look(type)
  }
  const known = pointer ?? long
  if (known !== 4 && known !== 8) throw new DebugFault('it does not tell how long a pointer is')
  const layoutOf = (type: BtfType) => reader.layoutOrWhy(type)
  return {
    kind: 'types',
    pointer: known,
    layoutsOf: (name) =>
      distinct(
        layouts
          .of(name)
          .map(layoutOf)
          .filter((one) => typeof one !== 'string'),
      ),
    unclear: (name) =>
      layouts
        .of(name)
        .map(layoutOf)
        .find((one) => typeof one === 'string'),
    typedef: (name) => {
      const [first] = typedefs.of(name)
      return first && reader.typeText(first.sizeOrType)
    },
    symbolsOf: (name) => [...new Set(symbols.of(name).map(({ sizeOrType }) => reader.typeText(sizeOrType)))],
    names: layouts.names(),
  }
}

/** An enumeration without values is one that is only declared. */
function isComplete({ kind, count }: BtfType): boolean {
  return kind === kinds.struct || kind === kinds.union || count > 0
}

class Index {
  readonly #types = new Map<string, BtfType[]>()

  add(name: string, type: BtfType): void {
    const found = this.#types.get(name)
    if (found) found.push(type)
    else this.#types.set(name, [type])
  }

  of(name: string): readonly BtfType[] {
    return this.#types.get(name) ?? []
  }

  names(): readonly string[] {
    return [...this.#types.keys()]
  }
}

/** What BTF does not say of a type that it has. */
class NotSaid extends Error {}

class BtfReader {
  readonly #btf: Btf
  readonly #texts = new Map<number, TypeText>()
  /** Whoever wrote the file tells signs of numbers of 8 bits, and of enumerations. */
  #signs = { characters: false, values: false }
  readonly #budget = new Budget()

  constructor(btf: Btf) {
    this.#btf = btf
  }

  /** Takes from a type what tells how the file was written. All have to be looked at before the first layout. */
  look(type: BtfType): void {
    if (type.kind === kinds.integer && type.sizeOrType === 1 && this.#integer(type).isSigned)
      this.#signs.characters = true
    if (type.kind === kinds.enum64 || (type.kind === kinds.enum && type.flag)) this.#signs.values = true
  }

  #name({ name }: BtfType): string {
    return this.#btf.text(name)
  }

  /** Undefined for void. */
  #type(id: number): BtfType | undefined {
    return id === 0 ? undefined : this.#btf.type(id)
  }

  /** Without qualifiers, and without typedefs but those that name what has no other name. */
  #resolved(id: number): BtfType | undefined {
    let one = this.#type(id)
    for (let steps = 0; one; one = this.#type(one.sizeOrType)) {
      if (++steps > mostDepth) throw new DebugFault('its types lead to themselves')
      if (!qualifiers.has(one.kind) && (one.kind !== kinds.typedef || this.unnamed(one))) return one
    }
    return undefined
  }

  /** What a typedef alone names. */
  unnamed(typedef: BtfType): BtfType | undefined {
    let one = this.#type(typedef.sizeOrType)
    for (let steps = 0; one && qualifiers.has(one.kind); one = this.#type(one.sizeOrType))
      if (++steps > mostDepth) throw new DebugFault('its types lead to themselves')
    return one && prefixes.has(one.kind) && this.#name(one) === '' ? one : undefined
  }

  typeText(id: number): TypeText {
    const one = this.#resolved(id)
    if (!one) return 'void'
    const known = this.#texts.get(one.id)
    if (known !== undefined) return known
    const text = this.#budget.text(this.#budget.deeper(() => this.#textOf(one)))
    this.#texts.set(one.id, text)
    return text
  }

  #textOf(type: BtfType): TypeText {
    const name = this.#name(type)
    switch (type.kind) {
      case kinds.typedef:
        return `t#${name}`
      case kinds.struct:
        return name === '' ? 'struct' : `s#${name}`
      case kinds.union:
        return name === '' ? 'union' : `u#${name}`
      case kinds.forward:
        return `${type.flag ? 'u' : 's'}#${name}`
      case kinds.enum:
      case kinds.enum64:
        return name === '' ? 'enum' : `e#${name}`
      case kinds.integer:
        return this.#numberText(type, name)
      case kinds.float:
        return `f${8 * type.sizeOrType}`
      case kinds.pointer:
        return `${this.typeText(type.sizeOrType)} *`
      case kinds.array: {
        const count = this.#btf.word(type.at + 8)
        return `${this.typeText(this.#btf.word(type.at))}[${count > 0 ? count : ''}]`
      }
      case kinds.prototype:
        return this.#function(type)
      default:
        throw new DebugFault(`it is damaged: a type is made of one of the kind ${type.kind}`)
    }
  }

  /** Older versions of pahole write floating point as an integer of that name. */
  #numberText(type: BtfType, name: string): TypeText {
    const bits = 8 * type.sizeOrType
    const { isSigned, isBoolean } = this.#integer(type)
    if (isBoolean) return `bool${bits}`
    if (/\b(?:float|double)\b/.test(name)) return `f${bits}`
    if (isSigned) return `s${bits}`
    if (bits !== 8 || this.#signs.characters || name === 'unsigned char') return `u${bits}`
    return name === 'signed char' ? 's8' : '?8'
  }

  #integer({ at }: BtfType): {
    readonly isSigned: boolean
    readonly isBoolean: boolean
    readonly offset: number
    readonly bits: number
  } {
    const data = this.#btf.word(at)
    const encoding = (data >>> 24) & 0xf
    return {
      isSigned: (encoding & 1) !== 0,
      isBoolean: (encoding & 4) !== 0,
      offset: (data >>> 16) & 0xff,
      bits: data & 0xff,
    }
  }

  /** The last parameter of one that takes more has neither name nor type. */
  #function({ at, count, sizeOrType }: BtfType): TypeText {
    const given = Array.from({ length: count }, (_, index) => {
      const place = at + 8 * index
      const isMore = index === count - 1 && this.#btf.word(place) === 0 && this.#btf.word(place + 4) === 0
      return isMore ? '...' : this.typeText(this.#btf.word(place + 4))
    })
    return `${this.typeText(sizeOrType)} (${given.join(', ')})`
  }

  layoutOrWhy(type: BtfType): TypeLayout | string {
    try {
      return this.#layout(type, 0)
    } catch (error) {
      if (error instanceof NotSaid) return error.message
      throw error
    }
  }

  /** @param base offset of the type in the outermost one, in bits */
  #layout(type: BtfType, base: number): TypeLayout {
    if (type.kind === kinds.enum || type.kind === kinds.enum64) return this.#enum(type)
    const members = Array.from({ length: type.count }, (_, index) =>
      this.#member(type, type.at + 12 * index, base),
    )
    return { kind: type.kind === kinds.union ? 'union' : 'struct', size: type.sizeOrType, members }
  }

  #enum(type: BtfType): EnumLayout {
    if (type.kind === kinds.enum && type.sizeOrType > 4)
      throw new NotSaid('its BTF has 32 bits of each value')
    const values = Array.from({ length: type.count }, (_, index) =>
      type.kind === kinds.enum ? this.#value(type, index) : this.#value64(type, index),
    )
    return { kind: 'enum', size: type.sizeOrType, values }
  }

  #value({ at, flag }: BtfType, index: number): Enumerator {
    const name = this.#btf.text(this.#btf.word(at + 8 * index))
    const value = this.#btf.word(at + 8 * index + 4)
    if (value >= 2 ** 31 && !flag && !this.#signs.values)
      throw new NotSaid('its BTF does not tell whether values have a sign')
    return { name, value: BigInt(flag ? value | 0 : value) }
  }

  #value64({ at, flag }: BtfType, index: number): Enumerator {
    const place = at + 12 * index
    const value = (BigInt(this.#btf.word(place + 8)) << 32n) | BigInt(this.#btf.word(place + 4))
    return { name: this.#btf.text(this.#btf.word(place)), value: flag ? BigInt.asIntN(64, value) : value }
  }

  #member({ flag }: BtfType, at: number, base: number): MemberLayout {
    this.#budget.member()
    const [id, place] = [this.#btf.word(at + 4), this.#btf.word(at + 8)]
    const target = this.#resolved(id)
    const field = flag
      ? { offset: place & 0xffffff, bits: place >>> 24 }
      : { offset: place, bits: 0, ...(target?.kind === kinds.integer ? this.#narrow(target, place) : {}) }
    const offset = base + field.offset
    const inside = this.#inside(target, offset)
    return {
      name: this.#btf.text(this.#btf.word(at)),
      offset,
      ...(field.bits === 0 ? {} : { bits: field.bits }),
      type: this.typeText(id),
      ...(inside ? { inside } : {}),
    }
  }

  /** Where members do not tell it, a bit-field is of a number that has fewer bits than its bytes. */
  #narrow(type: BtfType, place: number): { readonly offset: number; readonly bits: number } {
    const { offset, bits } = this.#integer(type)
    return bits === 8 * type.sizeOrType ? { offset: place, bits: 0 } : { offset: place + offset, bits }
  }

  #inside(target: BtfType | undefined, offset: number): AggregateLayout | EnumLayout | undefined {
    let one = target
    for (let steps = 0; one?.kind === kinds.array; one = this.#resolved(this.#btf.word(one.at)))
      if (++steps > mostDepth) throw new DebugFault('its types lead to themselves')
    if (!one || !prefixes.has(one.kind) || this.#name(one) !== '') return undefined
    const aggregate = one
    return this.#budget.deeper(() => this.#layout(aggregate, offset))
  }
}
