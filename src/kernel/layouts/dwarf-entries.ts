import { DebugFault } from './debug-types.ts'
import {
  FormReader,
  readAbbreviations,
  type Abbreviation,
  type DwarfSections,
  type FormValue,
} from './dwarf-forms.ts'
import { attribute, tags } from './dwarf-numbers.ts'

/** One entry of debug information, with what layouts need of it. */
export interface DwarfEntry {
  readonly tag: number
  /** Numbers and texts by attribute; a reference is the offset of another entry in the section. */
  readonly attributes: ReadonlyMap<number, FormValue>
  readonly children: readonly DwarfEntry[]
}

/** Finds entries by their offset in `.debug_info`. */
export type EntryAt = (offset: number) => DwarfEntry | undefined

/** The entries of an object. */
interface DwarfEntries {
  /** That of the compiled text; all others are within. */
  readonly unit: DwarfEntry
  readonly at: EntryAt
}

/**
 * Reads debug information of versions 2 to 4, in the 32-bit format, as compilers write it into an object of one text: a single
 * unit that is all there is. Anything beside it would come from somebody else.
 * Source of the format: DWARF Debugging Information Format, version 4, chapter 7.
 * @throws DebugFault
 */
export function readEntries(sections: DwarfSections): DwarfEntries {
  const { info, little } = sections
  if (info.length < 11) throw new DebugFault('it is cut off')
  const view = new DataView(info.buffer, info.byteOffset, info.byteLength)
  const end = 4 + view.getUint32(0, little)
  const version = view.getUint16(4, little)
  if (version < 2 || version > 4) throw new DebugFault(`its version is ${version}, and not 2 to 4`)
  if (end > info.length) throw new DebugFault('it is cut off')
  const abbreviations = readAbbreviations(sections.abbreviations, view.getUint32(6, little))
  const addressSize = info[10] ?? 0
  const reader = new FormReader(sections, {
    ...{ start: 0, first: 11, end, version, addressSize },
    ...{ abbreviations, textsBase: 0 },
  })
  const known = new Map<number, DwarfEntry>()
  const [unit, ...others] = readSiblings(reader, known, 0)
  if (unit?.tag !== tags.unit) throw new DebugFault('it has no unit')
  if (others.length > 0 || reader.at !== info.length) throw new DebugFault('it has several units')
  return { unit, at: (offset) => known.get(offset) }
}

/** Deeper than any type of C; what a damaged file claims to be is no reason to overflow the stack. */
const mostDepth = 200

function readSiblings(
  reader: FormReader,
  known: Map<number, DwarfEntry>,
  depth: number,
): readonly DwarfEntry[] {
  if (depth > mostDepth) throw new DebugFault('it is nested too deeply')
  const found: DwarfEntry[] = []
  while (reader.at < reader.unit.end) {
    const offset = reader.at
    const abbreviation = reader.abbreviation()
    if (!abbreviation) break
    const attributes = readAttributes(reader, abbreviation)
    const children = abbreviation.hasChildren ? readSiblings(reader, known, depth + 1) : []
    const entry = { tag: abbreviation.tag, attributes, children }
    known.set(offset, entry)
    found.push(entry)
  }
  return found
}

/** Those attributes that are wanted of the entry that begins behind its abbreviation's number: all that layouts need, unless told. */
export function readAttributes(
  reader: FormReader,
  abbreviation: Abbreviation,
  wanted: ReadonlySet<number> = needed,
): ReadonlyMap<number, FormValue> {
  const attributes = new Map<number, FormValue>()
  for (let index = 0; index < abbreviation.attributes.length; index += 2) {
    const one = abbreviation.attributes[index] ?? 0
    if (!wanted.has(one)) {
      reader.skip(abbreviation, index)
      continue
    }
    const value = reader.value(abbreviation, index)
    if (value !== undefined) attributes.set(one, value)
  }
  return attributes
}

/** Half of what there is tells where in the sources something stands. */
const needed: ReadonlySet<number> = new Set(Object.values(attribute))
