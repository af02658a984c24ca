import { formatCrc } from '../abi/export.ts'
import { quote } from '../problem/quote.ts'
import type { Elf, ElfFault, ElfSection } from './elf.ts'

/** Bytes of one `struct modversion_info`: an `unsigned long` and a name that ends with a zero byte. */
const entrySize = 64

const powerPc64 = 21

/**
 * Reads the checksums that a module was built against, in the order of the file: from `__versions`, and from
 * `__version_ext_crcs` and `__version_ext_names`, which Linux 6.14 and later may have beside it or in its place for
 * the sake of long names. Sources of the format: include/linux/module.h, scripts/mod/modpost.c.
 * @returns undefined when the module has none of these sections
 */
export function readVersions(elf: Elf): ReadonlyMap<string, number> | ElfFault | undefined {
  const section = (name: string) => elf.sections.find((one) => one.name === name)
  const basic = section('__versions')
  const crcs = section('__version_ext_crcs')
  const names = section('__version_ext_names')
  if (!basic && !crcs && !names) return undefined
  if (!crcs !== !names) return fault('has one half of the extended versions without the other')
  const versions = new Map<string, number>()
  const readers = [
    ...(basic ? [basicVersions(elf, basic)] : []),
    ...(crcs && names ? [extendedVersions(elf, crcs, names)] : []),
  ]
  for (const found of readers) {
    if ('kind' in found) return found
    for (const [text, crc] of found) {
      const symbol = plainName(elf.machine, text)
      const earlier = versions.get(symbol) ?? crc
      if (earlier !== crc) {
        return fault(`has two versions of ${quote(symbol)}: ${formatCrc(earlier)} and ${formatCrc(crc)}`)
      }
      versions.set(symbol, crc)
    }
  }
  return versions
}

/**
 * The name of a symbol as the kernel exports it. On PowerPC with function descriptors (ELF version 1) the code of a
 * function has a dot before its name, which the module loader takes away (dedotify in arch/powerpc/kernel).
 */
export function plainName(machine: number, name: string): string {
  return machine === powerPc64 && name.startsWith('.') ? name.slice(1) : name
}

type Versions = readonly (readonly [symbol: string, crc: number])[]

function basicVersions(elf: Elf, { offset, size }: ElfSection): Versions | ElfFault {
  if (size % entrySize !== 0) return fault('is damaged: __versions ends within an entry')
  const versions: (readonly [string, number])[] = []
  for (let at = offset; at < offset + size; at += entrySize) {
    const crc = elf.long(at)
    const name = elf.string(at + (elf.wide ? 8 : 4), at + entrySize)
    if (!name) return fault('is damaged: an entry of __versions has no name')
    if (crc > 0xffffffff) return fault(`is damaged: the version of ${quote(name)} is no checksum`)
    versions.push([name, crc])
  }
  return versions
}

/** Numbers of 32 bits in one section, in the other as many names, each with a zero byte, and one more of these. */
function extendedVersions(elf: Elf, crcs: ElfSection, names: ElfSection): Versions | ElfFault {
  const texts = elf.strings(names) ?? []
  const symbols = texts.at(-1) === '' ? texts.slice(0, -1) : texts
  if (crcs.size !== 4 * symbols.length || symbols.includes('')) {
    return fault('is damaged: its extended versions have not as many names as checksums')
  }
  return symbols.map((symbol, index) => [symbol, elf.word(crcs.offset + 4 * index)])
}

function fault(reason: string): ElfFault {
  return { kind: 'fault', reason }
}
