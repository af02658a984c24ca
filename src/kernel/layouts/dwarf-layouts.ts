import { openElf } from '../../module/elf.ts'
import { DebugFault, distinct, type DebugTypes, type NoTypes } from './debug-types.ts'
import { readEntries, type DwarfEntry } from './dwarf-entries.ts'
import { TextTable } from './dwarf-forms.ts'
import { attribute, tags } from './dwarf-numbers.ts'
import { relocated } from './relocated.ts'
import { prefixes, TypeReader } from './type-reader.ts'

/**
 * Reads the types of an object that was compiled from one text with `-gdwarf-4`. Debug information that is not all of that text
 * is a fault, as is a second section of a name: assembler in a text can make both.
 * @throws DebugFault, by the functions of the result, where types lead to themselves
 */
export function readDwarfTypes(file: Uint8Array): DebugTypes | NoTypes {
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
        texts: new TextTable(contents(texts)),
        little: elf.little,
      }),
      elf.little,
      elf.wide ? 8 : 4,
    )
  } catch (error) {
    if (!(error instanceof DebugFault)) throw error
    return { kind: 'fault', reason: `has debug information that is not understood: ${error.message}` }
  }
}

function typesOf(entries: ReturnType<typeof readEntries>, little: boolean, pointer: number): DebugTypes {
  const reader = new TypeReader(entries.at, little)
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
