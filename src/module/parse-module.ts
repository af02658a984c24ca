import { isSymbolName } from '../abi/export.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { archOf } from './arch-of.ts'
import { openElf, type Elf, type ElfFault, type ElfSymbol } from './elf.ts'
import type { KernelModule } from './kernel-module.ts'
import { readInfo } from './module-info.ts'
import { plainName, readVersions } from './module-versions.ts'

/**
 * Reads the imports and exports of a kernel module, an unpacked `.ko` file of any machine, and its `.modinfo`. The kernel checks the imports in
 * `__versions`, and they are taken from there; `module_layout`, the structure behind every module, stands only there.
 * An undefined symbol without a version is an import without checksum; undefined weak symbols without one are optional.
 * A signature behind the file is not looked at.
 *
 * Problems, with an undefined value: `unreadable` (no ELF file, cut off, damaged, no kernel module),
 * `unversioned-module`, `empty-whitelist` for a module that imports nothing.
 * @param path the name to use in messages; the module's name is taken from it
 */
export function parseModule(file: Uint8Array, path: string): Read<KernelModule | undefined> {
  const read = readConnections(file, path)
  return 'message' in read ? { value: undefined, problems: [read] } : { value: read, problems: [] }
}

function readConnections(file: Uint8Array, path: string): KernelModule | Problem {
  const unreadable = ({ reason }: Pick<ElfFault, 'reason'>): Problem => ({
    kind: 'unreadable',
    message: `${quote(path)} ${reason}.`,
    place: { file: path },
    advice: 'Give the .ko file of a driver, plain or compressed.',
  })
  const name = moduleName(path)
  if (!/^[\w.+-]+$/.test(name)) return unreadable({ reason: 'has a name that no kernel module can have' })
  const elf = openElf(file)
  if (elf.kind === 'fault') return unreadable(elf)
  if (!elf.sections.some(({ name }) => name === ownDescription)) {
    return unreadable({ reason: `is not a kernel module: it has no section ${ownDescription}` })
  }
  const info = readInfo(elf)
  if ('kind' in info) return unreadable(info)
  const versions = readVersions(elf)
  if (!versions) return unversioned(path)
  if ('kind' in versions) return unreadable(versions)
  const imports = new Map<string, number | undefined>(versions)
  for (const name of undefinedSymbols(elf)) if (!imports.has(name)) imports.set(name, undefined)
  const strange = [...imports.keys()].find((name) => !isSymbolName(name))
  if (strange !== undefined) return unreadable({ reason: `imports ${quote(strange)}, which is no symbol` })
  if (imports.size === 0) return importsNothing(path)
  const exports = new Set(elf.symbols.flatMap((symbol) => exportOf(symbol) ?? []))
  if (exports.size === 0 && elf.sections.some(({ name, size }) => exportTables.has(name) && size > 0)) {
    return unreadable({ reason: 'exports symbols whose names were stripped off' })
  }
  return {
    file: path,
    name,
    arch: archOf(elf),
    imports: [...imports].map(([symbol, crc]) => ({ symbol, crc })),
    exports,
    info,
  }
}

/** The section with `__this_module`, which makes an object a module (scripts/mod/modpost.c). */
const ownDescription = '.gnu.linkonce.this_module'

const exportTables: ReadonlySet<string> = new Set(['__ksymtab', '__ksymtab_gpl'])

const global = 1

/** Undefined symbols that the module loader provides itself (ignore_undef_symbol in scripts/mod/modpost.c). */
const fromLoader: ReadonlySet<string> = new Set(['', '.TOC.', '_GLOBAL_OFFSET_TABLE_'])

function undefinedSymbols({ machine, symbols }: Elf): string[] {
  return symbols
    .filter(({ section, binding, name }) => section === 0 && binding === global && !fromLoader.has(name))
    .map(({ name }) => plainName(machine, name))
}

/** Each export has a `__ksymtab_NAME` (include/linux/export-internal.h), in every kernel since 2.6. */
function exportOf({ name, section }: ElfSymbol): string | undefined {
  return section !== 0 && name.startsWith('__ksymtab_') ? name.slice('__ksymtab_'.length) : undefined
}

/** `drivers/net/e1000e.ko.xz` is `e1000e`. */
function moduleName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ko(?:\.(?:gz|xz|zst))?$/, '')
}

function unversioned(path: string): Problem {
  return {
    kind: 'unversioned-module',
    message: `${quote(path)} has no section __versions: it was built without symbol checksums.`,
    place: { file: path },
  }
}

function importsNothing(path: string): Problem {
  return {
    kind: 'empty-whitelist',
    message: `${quote(path)} imports no symbol, so it needs nothing protected.`,
    place: { file: path },
    advice: 'Leave this file out.',
  }
}
