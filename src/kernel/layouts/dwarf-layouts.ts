import type {
  AggregateLayout,
  EnumLayout,
  MemberLayout,
  TypeLayout,
  TypeText,
} from '../../abi/layouts/layout.ts'
import { openElf } from '../../module/elf.ts'
import { DwarfFault, readEntries, type DwarfEntries, type DwarfEntry } from './dwarf-entries.ts'
import { relocated } from './relocated.ts'

/** What the debug information of an object says of types. */
export interface DwarfTypes {
  readonly kind: 'types'
  /** Bytes of a pointer. */
  readonly pointer: number
  /** The complete definitions of a name such as `s#device`, without equal ones: several where scopes have their own. */
  readonly layoutsOf: (name: string) => readonly TypeLayout[]
  /** What a typedef stands for; undefined where there is none. */
  readonly typedef: (name: string) => TypeText | undefined
  readonly names: readonly string[]
}

/** Why there are no types, worded to follow the file's name. */
interface NoTypes {
  readonly kind: 'fault'
  readonly reason: string
}

/**
 * Reads the types of an object that was compiled from one text with `-gdwarf-4`. Debug information that is not all of that text
 * is a fault, as is a second section of a name: assembler in a text can make both.
 * @throws DwarfFault, by the functions of the result, where types lead to themselves
 */
export function readDwarfTypes(file: Uint8Array): DwarfTypes | NoTypes {
  const elf = openElf(file)
  if (elf.kind === 'fault') return elf
  const named = (...names: string[]) => elf.sections.filter(({ name }) => names.includes(name))
  const references = named('.rela.debug_info', '.rel.debug_info')
  const found = [named('.debug_info'), named('.debug_abbrev'), named('.debug_str'), references]
  const twice = found.find((all) => all.length > 1)?.[0]
  if (twice) return { kind: 'fault', reason: `has several sections ${twice.name}` }
  const [info, abbreviations, texts] = found.map(([first]) => first)
  if (!info || !abbreviations) return { kind: 'fault', reason: 'has no debug information' }
  const bytes = relocated(file, elf, info)
  if (!bytes)
    return { kind: 'fault', reason: `is for a machine whose objects are not known (${elf.machine})` }
  const contents = (one: typeof texts) =>
    file.subarray(one?.offset ?? 0, (one?.offset ?? 0) + (one?.size ?? 0))
  try {
    return typesOf(
      readEntries({
        info: bytes,
        abbreviations: contents(abbreviations),
        texts: contents(texts),
        little: elf.little,
      }),
      elf.little,
      elf.wide ? 8 : 4,
    )
  } catch (error) {
    if (!(error instanceof DwarfFault)) throw error
    return { kind: 'fault', reason: `has debug information that is not understood: ${error.message}` }
  }
}

const tags = {
  array: 0x01,
  enumeration: 0x04,
  parameter: 0x05,
  member: 0x0d,
  pointer: 0x0f,
  structure: 0x13,
  subroutine: 0x15,
  typedef: 0x16,
  union: 0x17,
  more: 0x18,
  subrange: 0x21,
  base: 0x24,
  const: 0x26,
  enumerator: 0x28,
  volatile: 0x35,
  restrict: 0x37,
  atomic: 0x47,
} as const

const attribute = {
  name: 0x03,
  byteSize: 0x0b,
  bitOffset: 0x0c,
  bitSize: 0x0d,
  constant: 0x1c,
  upperBound: 0x2f,
  count: 0x37,
  location: 0x38,
  declaration: 0x3c,
  encoding: 0x3e,
  type: 0x49,
  dataBitOffset: 0x6b,
  vector: 0x2107,
} as const

const prefixes: ReadonlyMap<number, string> = new Map([
  [tags.structure, 's#'],
  [tags.union, 'u#'],
  [tags.enumeration, 'e#'],
])

const qualifiers: ReadonlySet<number> = new Set([tags.const, tags.volatile, tags.restrict, tags.atomic])

/** Steps from type to type in one object: the largest of Linux have some hundred thousand. */
const mostSteps = 20_000_000

/** Types within types, as pointers to functions that take pointers to functions. */
const mostDepth = 100

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

function typesOf(entries: DwarfEntries, little: boolean, pointer: number): DwarfTypes {
  const reader = new TypeReader(entries, little)
  const layouts = new Map<string, DwarfEntry[]>()
  const typedefs = new Map<string, DwarfEntry>()
  const add = (name: string, entry: DwarfEntry): void => {
    const found = layouts.get(name)
    if (found) found.push(entry)
    else layouts.set(name, [entry])
  }
  const visit = (entry: DwarfEntry): void => {
    const name = reader.text(entry, attribute.name)
    const prefix = prefixes.get(entry.tag)
    if (prefix !== undefined && name !== '' && reader.isComplete(entry)) add(prefix + name, entry)
    if (entry.tag === tags.typedef) {
      if (!typedefs.has(name)) typedefs.set(name, entry)
      const target = reader.unnamed(entry)
      if (target) add(`t#${name}`, target)
    }
    entry.children.forEach(visit)
  }
  visit(entries.unit)
  return {
    kind: 'types',
    pointer,
    layoutsOf: (name) => distinct((layouts.get(name) ?? []).map((entry) => reader.layout(entry, 0))),
    typedef: (name) => {
      const entry = typedefs.get(name)
      return entry && reader.typeText(reader.target(entry))
    },
    names: [...layouts.keys()],
  }
}

function distinct(layouts: readonly TypeLayout[]): readonly TypeLayout[] {
  const texts = new Map(layouts.map((layout) => [JSON.stringify(layout, bigintText), layout]))
  return [...texts.values()]
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

class TypeReader {
  readonly #texts = new Map<DwarfEntry, TypeText>()
  #steps = 0
  #depth = 0
  readonly #entries: DwarfEntries
  readonly #little: boolean

  constructor(entries: DwarfEntries, little: boolean) {
    this.#entries = entries
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
    if (this.#steps++ > mostSteps) throw new DwarfFault('its types lead to themselves')
    const offset = this.number(entry, attribute.type)
    return offset === undefined ? undefined : this.#entries.at(offset)
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
    if (++this.#depth > mostDepth) throw new DwarfFault('its types lead to themselves')
    const text = this.#textOf(one)
    this.#depth--
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
        return this.#function(entry)
      default:
        return name === '' ? '?' : name
    }
  }

  #function(entry: DwarfEntry): TypeText {
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
    if (++this.#depth > mostDepth) throw new DwarfFault('its types lead to themselves')
    const layout = this.layout(one, offset)
    this.#depth--
    return layout
  }
}
