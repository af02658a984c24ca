import { inflate } from 'node:zlib'
import type { Elf, ElfSection } from '../../module/elf.ts'
import { DebugFault } from './debug-types.ts'
import { TextTable, type DwarfSections } from './dwarf-forms.ts'
import { relocated } from './relocated.ts'

/** Debug information of a kernel has some hundred megabytes. */
const mostBytes = 2 ** 31 - 1

/**
 * The sections of debug information of a linked file, or of an object, as a linker would leave them; unpacked. Undefined where there is
 * none. Source of the format: System V ABI, chapter 4 (gabi), `SHF_COMPRESSED`.
 * @throws DebugFault
 */
export async function debugSections(file: Uint8Array, elf: Elf): Promise<DwarfSections | undefined> {
  const content = async (name: string): Promise<Uint8Array | undefined> => {
    const [section, second] = elf.sections.filter((one) => one.name === name && one.size > 0)
    if (second) throw new DebugFault(`it has several sections ${name}`)
    if (!section) return undefined
    if (section.compressed) {
      if (elf.relocatable) throw new DebugFault('it is compressed in an object')
      return unpacked(file, elf, section)
    }
    if (!elf.relocatable) return file.subarray(section.offset, section.offset + section.size)
    const bytes = relocated(file, elf, section)
    if (!bytes) throw new DebugFault(`it is for a machine whose objects are not known (${elf.machine})`)
    return bytes
  }
  const [info, abbreviations] = [await content('.debug_info'), await content('.debug_abbrev')]
  if (!info || !abbreviations) return undefined
  const [lineTexts, textPlaces] = [await content('.debug_line_str'), await content('.debug_str_offsets')]
  return {
    ...{ info, abbreviations, little: elf.little },
    texts: new TextTable((await content('.debug_str')) ?? new Uint8Array()),
    ...(lineTexts ? { lineTexts: new TextTable(lineTexts) } : {}),
    ...(textPlaces ? { textPlaces } : {}),
  }
}

const [zlib, zstd] = [1, 2]

async function unpacked(file: Uint8Array, elf: Elf, { name, offset, size }: ElfSection): Promise<Uint8Array> {
  const header = elf.wide ? 24 : 12
  if (size < header) throw new DebugFault(`its section ${name} is cut off`)
  const [kind, length] = [elf.word(offset), elf.long(offset + (elf.wide ? 8 : 4))]
  if (length > mostBytes) throw new DebugFault(`its section ${name} is too large`)
  const packed = file.subarray(offset + header, offset + size)
  const bytes = await unpackedBytes(kind, packed, length)
  if (bytes?.length !== length) throw new DebugFault(`its section ${name} cannot be unpacked`)
  return bytes
}

async function unpackedBytes(
  kind: number,
  packed: Uint8Array,
  length: number,
): Promise<Uint8Array | undefined> {
  if (kind === zlib)
    return new Promise((resolve) => {
      inflate(packed, { maxOutputLength: Math.max(length, 1) }, (error, bytes) => {
        resolve(error ? undefined : bytes)
      })
    })
  if (kind !== zstd) return undefined
  const { unzstd } = await import('../../io/unzstd.ts')
  const result = unzstd(packed, length)
  return result.kind === 'bytes' ? result.bytes : undefined
}
