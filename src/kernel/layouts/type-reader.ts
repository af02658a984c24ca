import type {
  AggregateLayout,
  EnumLayout,
  MemberLayout,
  TypeLayout,
  TypeText,
} from '../../abi/layouts/layout.ts'
import { Budget } from './debug-types.ts'
import type { DwarfEntry, EntryAt } from './dwarf-entries.ts'
import { attribute, tags } from './dwarf-numbers.ts'

/** By tag, how genksyms writes the names of such types. */
export const prefixes: ReadonlyMap<number, string> = new Map([
  [tags.structure, 's#'],
  [tags.union, 'u#'],
  [tags.enumeration, 'e#'],
])

const qualifiers: ReadonlySet<number> = new Set([tags.const, tags.volatile, tags.restrict, tags.atomic])

/** Letters by DW_AT_encoding. */
const numbers: ReadonlyMap<number, string> = new Map([
  [0x02, 'bool'],
  [0x03, 'c'],
  [0x04, 'f'],
  [0x05, 's'],
  [0x06, 's'],
  [0x07, 'u'],
  [0x08, 'u'],
  [0x10, 'u'],
])

/** Reads types from the entries of one unit. */
export class TypeReader {
  readonly #texts = new Map<DwarfEntry, TypeText>()
  readonly #budget: Budget
  readonly #at: EntryAt
  readonly #little: boolean

  constructor(at: EntryAt, little: boolean, budget = new Budget()) {
    this.#budget = budget
    this.#at = at
    this.#little = little
  }

  text(entry: DwarfEntry, name: number): string {
    const value = entry.attributes.get(name)
    return typeof value === 'string' ? value : ''
  }

  number(entry: DwarfEntry, name: number): number | undefined {
    const value = entry.attributes.get(name)
    return value === undefined || typeof value === 'string' ? undefined : Number(value)
  }

  isComplete(entry: DwarfEntry): boolean {
    return !entry.attributes.has(attribute.declaration) && entry.attributes.has(attribute.byteSize)
  }

  /** Whoever wrote the sources can write the debug information, too: a type that leads to itself is no reason to go on for ever. */
  target(entry: DwarfEntry): DwarfEntry | undefined {
    this.#budget.step()
    const offset = this.number(entry, attribute.type)
    return offset === undefined ? undefined : this.#at(offset)
  }

  /** Without qualifiers, and without typedefs but those that name what has no other name. */
  #resolved(entry: DwarfEntry | undefined): DwarfEntry | undefined {
    let one = entry
    while (one && (qualifiers.has(one.tag) || (one.tag === tags.typedef && !this.unnamed(one))))
      one = this.target(one)
    return one
  }

  /** What a typedef alone names. */
  unnamed(typedef: DwarfEntry): DwarfEntry | undefined {
    let one = this.target(typedef)
    while (one && qualifiers.has(one.tag)) one = this.target(one)
    return one && prefixes.has(one.tag) && this.text(one, attribute.name) === '' ? one : undefined
  }

  typeText(entry: DwarfEntry | undefined): TypeText {
    const one = this.#resolved(entry)
    if (!one) return 'void'
    const known = this.#texts.get(one)
    if (known !== undefined) return known
    const text = this.#budget.text(this.#budget.deeper(() => this.#textOf(one)))
    this.#texts.set(one, text)
    return text
  }

  #textOf(entry: DwarfEntry): TypeText {
    const name = this.text(entry, attribute.name)
    switch (entry.tag) {
      case tags.typedef:
        return `t#${name}`
      case tags.structure:
        return name === '' ? 'struct' : `s#${name}`
      case tags.union:
        return name === '' ? 'union' : `u#${name}`
      case tags.enumeration:
        return name === '' ? 'enum' : `e#${name}`
      case tags.base:
        return `${numbers.get(this.number(entry, attribute.encoding) ?? 0) ?? '?'}${8 * (this.number(entry, attribute.byteSize) ?? 0)}`
      case tags.pointer:
        return `${this.typeText(this.target(entry))} *`
      case tags.array:
        return this.typeText(this.target(entry)) + this.#bounds(entry)
      case tags.subroutine:
        return this.prototype(entry)
      default:
        return name === '' ? '?' : name
    }
  }

  /** What a function takes and gives, or a type of functions does. */
  prototype(entry: DwarfEntry): TypeText {
    const given = entry.children.flatMap((child) =>
      child.tag === tags.parameter
        ? [this.typeText(this.target(child))]
        : child.tag === tags.more
          ? ['...']
          : [],
    )
    return `${this.typeText(this.target(entry))} (${given.join(', ')})`
  }

  /** `[]` is also `[0]`: neither takes memory. */
  #bounds(entry: DwarfEntry): string {
    const bounds = entry.children
      .filter(({ tag }) => tag === tags.subrange)
      .map((range) => {
        const last = this.number(range, attribute.upperBound)
        const count = this.number(range, attribute.count) ?? (last === undefined ? 0 : last + 1)
        return count > 0 && count < 2 ** 32 ? String(count) : ''
      })
    return entry.attributes.has(attribute.vector)
      ? `<${bounds.join('>')}>`
      : bounds.map((one) => `[${one}]`).join('')
  }

  /** @param base offset of the type in the outermost one, in bits */
  layout(entry: DwarfEntry, base: number): TypeLayout {
    const size = this.number(entry, attribute.byteSize) ?? 0
    if (entry.tag === tags.enumeration) return this.#enum(entry, size)
    const members = entry.children
      .filter(({ tag }) => tag === tags.member)
      .map((member) => this.#member(member, base))
    return { kind: entry.tag === tags.union ? 'union' : 'struct', size, members }
  }

  #enum(entry: DwarfEntry, size: number): EnumLayout {
    const values = entry.children
      .filter(({ tag }) => tag === tags.enumerator)
      .map((one) => ({
        name: this.text(one, attribute.name),
        value: BigInt(one.attributes.get(attribute.constant) ?? 0),
      }))
    return { kind: 'enum', size, values }
  }

  #member(entry: DwarfEntry, base: number): MemberLayout {
    this.#budget.member()
    const target = this.target(entry)
    const bits = this.number(entry, attribute.bitSize)
    const offset = base + this.#offset(entry, bits, target)
    const inside = this.#inside(target, offset)
    return {
      name: this.text(entry, attribute.name),
      offset,
      ...(bits === undefined ? {} : { bits }),
      type: this.typeText(target),
      ...(inside ? { inside } : {}),
    }
  }

  /** In bits. Until DWARF 4 a bit-field lies in a unit of memory and is counted from its highest bit. */
  #offset(entry: DwarfEntry, bits: number | undefined, target: DwarfEntry | undefined): number {
    const whole = this.number(entry, attribute.dataBitOffset)
    if (whole !== undefined) return whole
    const start = 8 * (this.number(entry, attribute.location) ?? 0)
    const fromTop = this.number(entry, attribute.bitOffset)
    if (fromTop === undefined || bits === undefined) return start
    const resolved = this.#resolved(target)
    const unit =
      this.number(entry, attribute.byteSize) ?? (resolved && this.number(resolved, attribute.byteSize)) ?? 0
    return this.#little ? start + 8 * unit - fromTop - bits : start + fromTop
  }

  #inside(target: DwarfEntry | undefined, offset: number): AggregateLayout | EnumLayout | undefined {
    let one = this.#resolved(target)
    while (one?.tag === tags.array) one = this.#resolved(this.target(one))
    if (!one || !prefixes.has(one.tag) || this.text(one, attribute.name) !== '') return undefined
    const aggregate = one
    return this.#budget.deeper(() => this.layout(aggregate, offset))
  }
}
