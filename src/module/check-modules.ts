import { isGplOnly, type Export, type Symvers } from '../abi/export.ts'
import type { Whitelist, WhitelistRow } from '../abi/whitelist.ts'
import type { Import, KernelModule } from './kernel-module.ts'
import { mayUseNamespace } from './namespaces.ts'

/** The kernel that modules shall run on. Without one, only the whitelist is asked. */
export interface TargetKernel {
  /**
   * Its exports, and behind them those of modules beside it, which may export a symbol that it has too: the checksum that a module was
   * built with tells which of them it means, else it is the first. Absent: not known.
   */
  readonly symvers?: Symvers | undefined
  /** The `vermagic` of its own modules; absent: not known. */
  readonly vermagic?: string | undefined
}

/** What keeps a module from the promise that the whitelist makes, or from being loaded at all. */
export type ModuleViolation =
  /** Nothing is promised about the symbol. */
  | { readonly kind: 'not-listed'; readonly symbol: string; readonly crc: number | undefined }
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

export type ModuleViolationKind = ModuleViolation['kind']

/** What was found out about one module. */
export interface CheckedModule {
  readonly module: KernelModule
  /** Symbols that it takes from the kernel, or from modules that were not given; without those of `module_layout`. */
  readonly used: number
  /** Of these, the symbols on the whitelist. */
  readonly protected: number
  /** `protected` as a share of `used` in whole percent, rounded down; 100 for a module that uses none. */
  readonly score: number
  /** Symbols that another of the given modules provides. */
  readonly internal: number
  /** By kind, in the order of `violationKinds`, then by symbol. */
  readonly violations: readonly ModuleViolation[]
}

/** What was found out about modules that are used together. */
export interface ModulesCheck {
  readonly result: 'official' | 'violations'
  /** In the order in which they were given. */
  readonly modules: readonly CheckedModule[]
  /** Over distinct symbols of all modules. */
  readonly used: number
  readonly protected: number
  readonly score: number
}

/** What a check looks at. */
interface ModulesCheckRequest {
  readonly modules: readonly KernelModule[]
  readonly whitelist: Whitelist
  readonly kernel?: TargetKernel | undefined
}

/** Every kind of violation, in the order in which reports show them. */
export const violationKinds = Object.keys({
  'not-listed': 0,
  checksum: 0,
  'no-checksum': 0,
  'not-exported': 0,
  namespace: 0,
  'gpl-only': 0,
  vermagic: 0,
  'module-layout': 0,
} satisfies Record<ModuleViolationKind, 0>) as readonly ModuleViolationKind[]

/**
 * Checks modules against a whitelist, and against the kernel they shall run on where that is known. A symbol that one of
 * the given modules provides to another is nobody's promise and is not reported. A whitelist that is a list of names
 * says nothing about checksums; columns that it does not have are asked of the kernel.
 *
 * The rules are those of the loader: kernel/module/version.c and main.c of Linux 6.1.
 */
export function checkModules({ modules, whitelist, kernel = {} }: ModulesCheckRequest): ModulesCheck {
  const provided = new Set(modules.flatMap(({ exports }) => [...exports]))
  const listed = new Map(whitelist.rows.map((row) => [row.symbol, row]))
  const { symvers } = kernel
  const exported = symvers && rowsBySymbol(symvers.exports)
  const checked = modules.map((module) => {
    const outside = module.imports.filter(({ symbol }) => !provided.has(symbol))
    const used = outside.filter(({ symbol }) => !layoutSymbols.has(symbol))
    const violations = [
      ...outside.flatMap((use) =>
        violationsOf(use, module, {
          row: listed.get(use.symbol),
          current: meantBy(use, exported?.get(use.symbol)),
          exportsKnown: exported !== undefined,
        }),
      ),
      ...vermagicViolation(module, kernel.vermagic),
    ]
    const counts = countsOf(
      used.map(({ symbol }) => symbol),
      listed,
    )
    return {
      module,
      ...counts,
      internal: module.imports.length - outside.length,
      violations: violations.sort(byKindAndSymbol),
    }
  })
  const all = new Set(
    modules
      .flatMap(({ imports }) => imports.map(({ symbol }) => symbol))
      .filter((symbol) => !provided.has(symbol) && !layoutSymbols.has(symbol)),
  )
  return {
    result: checked.some(({ violations }) => violations.length > 0) ? 'violations' : 'official',
    modules: checked,
    ...countsOf([...all], listed),
  }
}

function rowsBySymbol(exports: readonly Export[]): ReadonlyMap<string, readonly Export[]> {
  const rows = new Map<string, Export[]>()
  for (const row of exports) {
    const earlier = rows.get(row.symbol)
    if (earlier) earlier.push(row)
    else rows.set(row.symbol, [row])
  }
  return rows
}

function meantBy({ crc }: Import, rows: readonly Export[] = []): Export | undefined {
  return rows.find((row) => row.crc === crc) ?? rows[0]
}

/** The name that `struct module` has in every module's checksums: since 2.6.30, and before. */
const layoutSymbols: ReadonlySet<string> = new Set(['module_layout', 'struct_module'])

/** What is known about a symbol that a module uses. */
interface Known {
  readonly row: WhitelistRow | undefined
  readonly current: Export | undefined
  readonly exportsKnown: boolean
}

function violationsOf({ symbol, crc }: Import, module: KernelModule, known: Known): ModuleViolation[] {
  const { row, current, exportsKnown } = known
  const checksum = checksumViolation({ symbol, crc }, known)
  if (layoutSymbols.has(symbol)) return checksum
  const violations: ModuleViolation[] = [...checksum]
  if (!row) violations.push({ kind: 'not-listed', symbol, crc })
  if (exportsKnown && !current) violations.push({ kind: 'not-exported', symbol })
  const namespace = (current ?? row)?.namespace
  if (namespace && !mayUseNamespace(module, namespace)) {
    violations.push({ kind: 'namespace', symbol, namespace })
  }
  const type = (current ?? row)?.type
  if (type && isGplOnly(type) && !isGplCompatible(module.info.license)) {
    violations.push({ kind: 'gpl-only', symbol })
  }
  return violations
}

/** A checksum of zero is none: the loader then lets the module have the symbol. */
function checksumViolation({ symbol, crc }: Import, { row, current }: Known): ModuleViolation[] {
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

/** The loader compares the flags; with checksums, not the release before them. */
function vermagicViolation({ info }: KernelModule, expected: string | undefined): ModuleViolation[] {
  const { vermagic: built } = info
  if (expected === undefined || built === undefined || flagsOf(built) === flagsOf(expected)) return []
  return [{ kind: 'vermagic', built: flagsOf(built), expected: flagsOf(expected) }]
}

function flagsOf(vermagic: string): string {
  return vermagic.trim().split(' ').slice(1).join(' ')
}

function countsOf(
  symbols: readonly string[],
  listed: ReadonlyMap<string, WhitelistRow>,
): Pick<ModulesCheck, 'used' | 'protected' | 'score'> {
  const used = symbols.length
  const onList = symbols.filter((symbol) => listed.has(symbol)).length
  return { used, protected: onList, score: used === 0 ? 100 : Math.floor((100 * onList) / used) }
}

function byKindAndSymbol(a: ModuleViolation, b: ModuleViolation): number {
  const [first, second] = [a, b].map((one) => ('symbol' in one ? one.symbol : ''))
  return (
    violationKinds.indexOf(a.kind) - violationKinds.indexOf(b.kind) ||
    ((first ?? '') < (second ?? '') ? -1 : first === second ? 0 : 1)
  )
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
