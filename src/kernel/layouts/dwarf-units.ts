import { DebugFault } from './debug-types.ts'
import { readAttributes, type DwarfEntry, type EntryAt } from './dwarf-entries.ts'
import {
  FormReader,
  readAbbreviations,
  type Abbreviation,
  type DwarfSections,
  type DwarfUnit,
} from './dwarf-forms.ts'
import { attribute, tags } from './dwarf-numbers.ts'

/** What is told of an entry that stands at the top of a unit. */
export interface TopEntry {
  readonly offset: number
  readonly tag: number
  readonly name: string
  /** Only declared, not defined. */
  readonly isDeclaration: boolean
  readonly isExternal: boolean
  /** It has a size, or is of a type that is said here. */
  readonly hasSize: boolean
  readonly hasType: boolean
  /** The entry that this one completes. */
  readonly completes: number | undefined
}

/** The units of a linked file. */
export interface DwarfUnits {
  readonly units: readonly DwarfUnit[]
  /** Goes through what stands at the top of a unit, if that is of C. */
  readonly visit: (unit: DwarfUnit, take: (entry: TopEntry) => void) => void
  /** Finds entries, with those right below them, wherever they are; what was read is kept until the next call. */
  readonly openEntries: () => EntryAt
}

/**
 * Finds the units of debug information of versions 2 to 5, in the 32-bit format. Entries are read when somebody asks for them: all
 * of those of a kernel would not fit into memory.
 * Source of the format: DWARF Debugging Information Format, version 4 and 5, chapter 7.
 * @throws DebugFault, by the functions of the result too
 */
export function openUnits(sections: DwarfSections): DwarfUnits {
  const tables = new Map<number, DwarfUnit['abbreviations']>()
  const units: DwarfUnit[] = []
  for (let at = 0; at < sections.info.length;) {
    const { unit, end } = readUnit(sections, at, tables)
    if (unit) units.push(unit)
    at = end
  }
  return {
    units,
    visit: (unit, take) => visitTop(new FormReader(sections, unit), take),
    openEntries: () => {
      const known = new Map<number, DwarfEntry>()
      return (offset) => {
        const entry = known.get(offset) ?? entryAt(sections, unitOf(units, offset), offset)
        known.set(offset, entry)
        return entry
      }
    },
  }
}

const [compiles, partial] = [1, 3]

/** A unit, if types of the text are in it; and where the next one begins. Source: DWARF 5, chapter 7.5.1. */
function readUnit(
  sections: DwarfSections,
  start: number,
  tables: Map<number, DwarfUnit['abbreviations']>,
): { readonly unit?: DwarfUnit; readonly end: number } {
  const { info, little } = sections
  const view = new DataView(info.buffer, info.byteOffset, info.byteLength)
  if (start + 12 > info.length) throw new DebugFault('it is cut off')
  const length = view.getUint32(start, little)
  if (length >= 0xffff_fff0) throw new DebugFault('it is in the 64-bit format of DWARF')
  const end = start + 4 + length
  if (end > info.length) throw new DebugFault('it is cut off')
  const version = view.getUint16(start + 4, little)
  if (version < 2 || version > 5) throw new DebugFault(`its version is ${version}, and not 2 to 5`)
  const kind = version === 5 ? info[start + 6] : compiles
  if (kind !== compiles && kind !== partial) return { end }
  const tableAt = view.getUint32(start + (version === 5 ? 8 : 6), little)
  const addressSize = info[start + (version === 5 ? 7 : 10)] ?? 0
  const first = start + (version === 5 ? 12 : 11)
  if (first > end) throw new DebugFault('it is cut off')
  const abbreviations = tables.get(tableAt) ?? readAbbreviations(sections.abbreviations, tableAt)
  tables.set(tableAt, abbreviations)
  const unit = { start, first, end, version, addressSize, abbreviations, textsBase: 8 }
  return { unit: { ...unit, textsBase: textsBaseOf(new FormReader(sections, unit)) }, end }
}

/** Where the numbered texts of a unit begin: behind the header of their section, or where the unit says. */
function textsBaseOf(reader: FormReader): number {
  const head = reader.abbreviation()
  const base = head && readAttributes(reader, head, ofTexts).get(attribute.textsBase)
  return typeof base === 'number' ? base : 8
}

const ofTexts: ReadonlySet<number> = new Set([attribute.textsBase])
const ofLanguage: ReadonlySet<number> = new Set([attribute.language])

/** `DW_LANG_` of C, in its versions: another language may have another type of the same name. */
const ofC: ReadonlySet<number> = new Set([0x01, 0x02, 0x0c, 0x1d, 0x2c, 0x3e])

const wantedTags: ReadonlySet<number> = new Set([
  tags.structure,
  tags.union,
  tags.enumeration,
  tags.typedef,
  tags.function,
  tags.variable,
])

function visitTop(reader: FormReader, take: (entry: TopEntry) => void): void {
  const { unit } = reader
  const head = reader.abbreviation()
  if (!head) return
  const language = readAttributes(reader, head, ofLanguage).get(attribute.language)
  if (!head.hasChildren || (language !== undefined && !ofC.has(Number(language)))) return
  let depth = 1
  while (reader.at < unit.end) {
    const offset = reader.at
    const abbreviation = reader.abbreviation()
    if (!abbreviation) {
      if (--depth === 0) return
      continue
    }
    const isWanted = depth === 1 && wantedTags.has(abbreviation.tag)
    const sibling = isWanted ? readTop(reader, abbreviation, offset, take) : pass(reader, abbreviation)
    if (!abbreviation.hasChildren) continue
    if (sibling === undefined) depth++
    else if (sibling < reader.at || sibling > unit.end)
      throw new DebugFault('it is damaged: what follows an entry lies elsewhere')
    else reader.at = sibling
  }
}

/** Reads over an entry, and tells where the next one begins that is not within it. */
function pass(reader: FormReader, abbreviation: Abbreviation): number | undefined {
  let sibling: number | undefined
  const { attributes } = abbreviation
  for (let index = 0; index < attributes.length; index += 2) {
    if (attributes[index] === attribute.sibling && abbreviation.hasChildren)
      sibling = Number(reader.value(abbreviation, index))
    else reader.skip(abbreviation, index)
  }
  return sibling
}

function readTop(
  reader: FormReader,
  abbreviation: Abbreviation,
  offset: number,
  take: (entry: TopEntry) => void,
): number | undefined {
  let [sibling, completes]: (number | undefined)[] = []
  let [name, isDeclaration, isExternal, hasSize, hasType] = ['', false, false, false, false]
  const { attributes } = abbreviation
  for (let index = 0; index < attributes.length; index += 2) {
    switch (attributes[index]) {
      case attribute.name:
        name = String(reader.value(abbreviation, index) ?? '')
        continue
      case attribute.sibling:
        sibling = Number(reader.value(abbreviation, index))
        continue
      case attribute.specification:
        completes = Number(reader.value(abbreviation, index))
        continue
      case attribute.declaration:
        isDeclaration = reader.value(abbreviation, index) === 1
        continue
      case attribute.external:
        isExternal = reader.value(abbreviation, index) === 1
        continue
      case attribute.byteSize:
        hasSize = true
        break
      case attribute.type:
        hasType = true
        break
      default:
        break
    }
    reader.skip(abbreviation, index)
  }
  take({ offset, tag: abbreviation.tag, name, isDeclaration, isExternal, hasSize, hasType, completes })
  return sibling
}

function unitOf(units: readonly DwarfUnit[], offset: number): DwarfUnit {
  let [low, high] = [0, units.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((units[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  const unit = units[low - 1]
  if (!unit || offset < unit.first || offset >= unit.end)
    throw new DebugFault('it is damaged: an entry lies outside')
  return unit
}

/** An entry and those right below it, which have no others of their own that a layout needs. */
function entryAt(sections: DwarfSections, unit: DwarfUnit, offset: number): DwarfEntry {
  const reader = new FormReader(sections, unit)
  reader.at = offset
  const abbreviation = reader.abbreviation()
  if (!abbreviation) throw new DebugFault('it is damaged: a type is none')
  const attributes = readAttributes(reader, abbreviation)
  const children: DwarfEntry[] = []
  let depth = abbreviation.hasChildren ? 1 : 0
  while (depth > 0 && reader.at < unit.end) {
    const child = reader.abbreviation()
    if (!child) {
      depth--
      continue
    }
    if (depth > 1) {
      pass(reader, child)
      if (child.hasChildren) depth++
      continue
    }
    children.push({ tag: child.tag, attributes: readAttributes(reader, child), children: [] })
    if (child.hasChildren) depth++
  }
  return { tag: abbreviation.tag, attributes, children }
}
