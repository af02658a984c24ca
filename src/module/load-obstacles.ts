import { isGplOnly, type Export } from '../abi/export.ts'
import type { WhitelistRow } from '../abi/whitelist.ts'
import type { Import, KernelModule } from './kernel-module.ts'
import { mayUseNamespace } from './namespaces.ts'

/** What keeps the loader from taking a module. */
export type LoadObstacle =
  /** Built against another checksum: the loader refuses the module. */
  | {
      readonly kind: 'checksum'
      readonly symbol: string
      readonly built: number
      readonly expected: number
      /** Who has the expected checksum. */
      readonly by: 'whitelist' | 'kernel'
    }
  /** As `checksum`, for the structure behind every module, which no driver chooses to use. */
  | {
      readonly kind: 'module-layout'
      readonly symbol: string
      readonly built: number
      readonly expected: number
      readonly by: 'whitelist' | 'kernel'
    }
  /** The symbol has a checksum, and the module was built without it: the loader refuses the module. */
  | { readonly kind: 'no-checksum'; readonly symbol: string; readonly expected: number }
  /** The kernel has no such export. */
  | { readonly kind: 'not-exported'; readonly symbol: string }
  | { readonly kind: 'namespace'; readonly symbol: string; readonly namespace: string }
  | { readonly kind: 'gpl-only'; readonly symbol: string }
  /** Built with other flags, such as `SMP`: the loader refuses the module. */
  | { readonly kind: 'vermagic'; readonly built: string; readonly expected: string }

/** Exports by symbol, in their order. */
export function rowsBySymbol(exports: readonly Export[]): ReadonlyMap<string, readonly Export[]> {
  const rows = new Map<string, Export[]>()
  for (const row of exports) {
    const earlier = rows.get(row.symbol)
    if (earlier) earlier.push(row)
    else rows.set(row.symbol, [row])
  }
  return rows
}

/** The export that an import means: the one with its checksum, otherwise the first. */
export function meantBy({ crc }: Import, rows: readonly Export[] = []): Export | undefined {
  return rows.find((row) => row.crc === crc) ?? rows[0]
}

/** The name that `struct module` has in every module's checksums: since 2.6.30, and before. */
export const layoutSymbols: ReadonlySet<string> = new Set(['module_layout', 'struct_module'])

/** What is known about a symbol that a module uses. */
export interface Known {
  /** What a whitelist promises of it. */
  readonly row: WhitelistRow | undefined
  /** What the kernel exports. */
  readonly current: Export | undefined
  /** Whether all exports of the kernel are known, so that one that is not among them does not exist. */
  readonly exportsKnown: boolean
}

/**
 * Why the loader would not give a module a symbol, by what is known of it; nothing where it would. A column that neither list nor kernel has
 * keeps nobody from loading. The rules are those of kernel/module/version.c and main.c of Linux 6.1.
 */
export function symbolObstacles(
  { symbol, crc }: Import,
  module: KernelModule,
  known: Known,
): readonly LoadObstacle[] {
  const { row, current, exportsKnown } = known
  const checksum = checksumObstacles({ symbol, crc }, known)
  if (layoutSymbols.has(symbol)) return checksum
  const obstacles: LoadObstacle[] = [...checksum]
  if (exportsKnown && !current) obstacles.push({ kind: 'not-exported', symbol })
  const namespace = (current ?? row)?.namespace
  if (namespace && !mayUseNamespace(module, namespace))
    obstacles.push({ kind: 'namespace', symbol, namespace })
  const type = (current ?? row)?.type
  if (type && isGplOnly(type) && !isGplCompatible(module.info.license)) {
    obstacles.push({ kind: 'gpl-only', symbol })
  }
  return obstacles
}

/** A checksum of zero is none: the loader then lets the module have the symbol. */
function checksumObstacles({ symbol, crc }: Import, { row, current }: Known): readonly LoadObstacle[] {
  const promises = [
    { by: 'whitelist', expected: row?.crc } as const,
    { by: 'kernel', expected: current?.crc } as const,
  ]
  for (const { by, expected } of promises) {
    if (!expected || crc === expected) continue
    if (crc === undefined) return [{ kind: 'no-checksum', symbol, expected }]
    const kind = layoutSymbols.has(symbol) ? 'module-layout' : 'checksum'
    return [{ kind, symbol, built: crc, expected, by }]
  }
  return []
}

/**
 * Why the loader would not take a module for its vermagic: it compares the flags and, with checksums, not the release before them.
 * @param expected the vermagic of the kernel; undefined where it is not known
 */
export function vermagicObstacles(
  { info }: KernelModule,
  expected: string | undefined,
): readonly LoadObstacle[] {
  const { vermagic: built } = info
  if (expected === undefined || built === undefined || flagsOf(built) === flagsOf(expected)) return []
  return [{ kind: 'vermagic', built: flagsOf(built), expected: flagsOf(expected) }]
}

function flagsOf(vermagic: string): string {
  return vermagic.trim().split(' ').slice(1).join(' ')
}

/** The licenses of modules that may use GPL-only symbols (license_is_gpl_compatible in include/linux/license.h). */
const gplCompatible: ReadonlySet<string> = new Set([
  'GPL',
  'GPL v2',
  'GPL and additional rights',
  'Dual BSD/GPL',
  'Dual MIT/GPL',
  'Dual MPL/GPL',
])

/** True when the kernel lets a module of this license use GPL-only symbols; a module that names none may not. */
function isGplCompatible(license: string | undefined): boolean {
  return license !== undefined && gplCompatible.has(license)
}
