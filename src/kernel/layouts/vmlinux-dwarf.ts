import type { EnumLayout, MemberLayout, TypeLayout, TypeText } from '../../abi/layouts/layout.ts'
import { Budget, type Answer } from './debug-types.ts'
import type { DwarfSections } from './dwarf-forms.ts'
import { tags } from './dwarf-numbers.ts'
import { openUnits, type DwarfUnits, type TopEntry } from './dwarf-units.ts'
import type { Names } from './gather-layouts.ts'
import { prefixes, TypeReader } from './type-reader.ts'

/** Why the layout of a name is not known that is there more than once. */
export const several = 'vmlinux has several'

/**
 * Answers from the debug information of a linked kernel. All units that have a type have to agree about it; of a function or variable
 * definitions count, and where there is none, declarations.
 * @returns undefined where there is nothing of C
 * @throws DebugFault
 */
export function askDwarf(sections: DwarfSections, pointer: number, asked: Names): Answer | undefined {
  const units = openUnits(sections)
  const known = new Known(asked, new Budget(sections.info.length))
  let found = 0
  for (const unit of units.units) {
    const hits: Hit[] = []
    units.visit(unit, (entry) => {
      found++
      const hit = known.hitOf(entry)
      if (hit) hits.push(hit)
    })
    if (hits.length > 0) known.take(hits, units, sections.little)
  }
  return found === 0 ? undefined : { pointer, ...known.answer() }
}

/** An entry of a unit that is about something that was asked for. */
interface Hit {
  readonly about: string
  readonly entry: TopEntry
}

/** What units have said so far. */
class Known {
  readonly #asked: Names
  readonly #budget: Budget
  readonly #types = new Map<string, TypeLayout>()
  readonly #defined = new Map<string, TypeText>()
  readonly #declared = new Map<string, TypeText>()
  readonly #aliases = new Set<string>()
  readonly #unclear = new Map<string, string>()

  constructor(asked: Names, budget: Budget) {
    this.#asked = asked
    this.#budget = budget
  }

  hitOf(entry: TopEntry): Hit | undefined {
    const { tag, name } = entry
    if (tag === tags.function || tag === tags.variable) {
      const isAsked = entry.isExternal && this.#asked.symbols.has(name)
      return isAsked || entry.completes !== undefined ? { about: name, entry } : undefined
    }
    if (name === '' || (tag !== tags.typedef && (entry.isDeclaration || !entry.hasSize))) return undefined
    const about = (prefixes.get(tag) ?? 't#') + name
    return this.#asked.types.has(about) ? { about, entry } : undefined
  }

  take(hits: readonly Hit[], units: DwarfUnits, little: boolean): void {
    const at = units.openEntries()
    const reader = new TypeReader(at, little, this.#budget)
    const symbols = new Map<number, string>()
    for (const { about, entry } of hits) {
      const { offset, tag } = entry
      if (tag !== tags.function && tag !== tags.variable) {
        this.#takeType(about, entry, reader, at(offset))
        continue
      }
      const symbol = about === '' ? symbols.get(entry.completes ?? -1) : about
      if (symbol === undefined) continue
      symbols.set(offset, symbol)
      this.#takeSymbol(symbol, entry, reader, at)
    }
  }

  #takeType(
    about: string,
    { tag }: TopEntry,
    reader: TypeReader,
    entry: ReturnType<ReturnType<DwarfUnits['openEntries']>>,
  ): void {
    const target = entry && tag === tags.typedef ? reader.unnamed(entry) : entry
    if (!target) this.#aliases.add(about)
    else if (reader.isComplete(target)) {
      const layout = reader.layout(target, 0)
      const known = this.#types.get(about)
      if (!known) this.#types.set(about, layout)
      else if (!isEqual(known, layout)) this.#unclear.set(about, several)
    }
  }

  /** A variable that completes a declaration may have a type of its own: that of an array with its bound. */
  #takeSymbol(
    symbol: string,
    top: TopEntry,
    reader: TypeReader,
    at: ReturnType<DwarfUnits['openEntries']>,
  ): void {
    const completed = top.hasType || top.completes === undefined ? top.offset : top.completes
    const entry = at(completed)
    if (!entry) return
    const text = top.tag === tags.function ? reader.prototype(entry) : reader.typeText(reader.target(entry))
    const texts = top.isDeclaration ? this.#declared : this.#defined
    const known = texts.get(symbol)
    if (known === undefined) texts.set(symbol, text)
    else if (known !== text && !top.isDeclaration) this.#unclear.set(symbol, several)
  }

  answer(): Omit<Answer, 'pointer'> {
    const symbols = new Map([...this.#declared, ...this.#defined])
    const unclear = new Map(this.#unclear)
    for (const name of this.#aliases) if (this.#types.has(name)) unclear.set(name, several)
    const isClear = ([name]: readonly [string, unknown]) => !unclear.has(name)
    return {
      types: new Map([...this.#types].filter(isClear)),
      symbols: new Map([...symbols].filter(isClear)),
      aliases: this.#aliases,
      unclear,
    }
  }
}

/** As `isDeepStrictEqual` has it: units of a kernel say a million times what a type is. */
function isEqual(one: TypeLayout, other: TypeLayout): boolean {
  if (one.kind !== other.kind || one.size !== other.size) return false
  if (one.kind === 'enum') return areEqualValues(one.values, (other as EnumLayout).values)
  const { members } = other as typeof one
  return (
    one.members.length === members.length &&
    one.members.every((member, at) => isEqualMember(member, members[at]))
  )
}

function areEqualValues(some: EnumLayout['values'], others: EnumLayout['values']): boolean {
  return (
    some.length === others.length &&
    some.every(({ name, value }, at) => name === others[at]?.name && value === others[at].value)
  )
}

function isEqualMember(one: MemberLayout, other: MemberLayout | undefined): boolean {
  if (one.name !== other?.name || one.offset !== other.offset) return false
  if (one.bits !== other.bits || one.type !== other.type) return false
  if (!one.inside || !other.inside) return one.inside === other.inside
  return isEqual(one.inside, other.inside)
}
