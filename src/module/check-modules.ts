import type { Symvers } from '../abi/export.ts'
import type { Whitelist, WhitelistRow } from '../abi/whitelist.ts'
import type { Import, KernelModule } from './kernel-module.ts'
import {
  layoutSymbols,
  meantBy,
  rowsBySymbol,
  symbolObstacles,
  vermagicObstacles,
  type Known,
  type LoadObstacle,
} from './load-obstacles.ts'

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
  { readonly kind: 'not-listed'; readonly symbol: string; readonly crc: number | undefined } | LoadObstacle

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
 * The rules of the loader are those of `symbolObstacles`.
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
      ...vermagicObstacles(module, kernel.vermagic),
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

function violationsOf(use: Import, module: KernelModule, known: Known): ModuleViolation[] {
  const { symbol, crc } = use
  const obstacles = symbolObstacles(use, module, known)
  return known.row || layoutSymbols.has(symbol)
    ? [...obstacles]
    : [...obstacles, { kind: 'not-listed', symbol, crc }]
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
