import { machineNamed } from '../../config/machines.ts'
import type { Import, KernelModule } from '../../module/kernel-module.ts'
import {
  layoutSymbols,
  meantBy,
  symbolObstacles,
  vermagicObstacles,
  type Known,
  type LoadObstacle,
} from '../../module/load-obstacles.ts'
import type { Kernel, KernelTable } from './read-kernel.ts'

/** Why a module does not load on a kernel, or why that is not known. */
export type LoadReason =
  | LoadObstacle
  /** It is for another machine. */
  | { readonly kind: 'arch'; readonly built: string; readonly expected: string }
  /** It needs the symbol of another of the modules, which does not load itself. */
  | { readonly kind: 'needs'; readonly symbol: string; readonly module: string }
  /** Only a whitelist, or part of a table, is known of the kernel, and the symbol is not in it. */
  | { readonly kind: 'not-told'; readonly symbol: string }

/** True for what the loader says itself. */
export function isLoadObstacle(reason: LoadReason): reason is LoadObstacle {
  return reason.kind !== 'arch' && reason.kind !== 'needs' && reason.kind !== 'not-told'
}

/**
 * What becomes of a module on a kernel: `built` for it and loads; `fits`: built for another release, or for one that is not told, and would
 * load, as weak-modules links it; `refused`; `unknown`, where nothing refuses it, and something that it needs is not known.
 */
export type LoadState = 'built' | 'fits' | 'refused' | 'unknown'

/** One module on one kernel; without reasons where it loads. */
interface LoadCell {
  readonly state: LoadState
  /** The machine and the flags first, then by the order of the module's imports. */
  readonly reasons: readonly LoadReason[]
}

/** The symbols that the modules given provide to each other, and who does. */
type Providers = ReadonlyMap<string, readonly KernelModule[]>

/** Who of some modules provides which symbol. */
export function providersOf(modules: readonly KernelModule[]): Providers {
  const providers = new Map<string, KernelModule[]>()
  for (const module of modules)
    for (const symbol of module.exports) {
      const known = providers.get(symbol)
      if (known) known.push(module)
      else providers.set(symbol, [module])
    }
  return providers
}

/**
 * Whether each of some modules loads on a kernel, in their order. A symbol that the kernel does not have as a module needs it may come from
 * another of the modules, if that one loads; with which checksum is not looked at.
 *
 * What is compared: the checksum of each symbol, `module_layout` among them, its namespace, whether it is for GPL-compatible modules, the
 * machine and the flags of the vermagic. What is not known of the kernel keeps nothing from loading, but for a symbol that is not on its list.
 */
export function loadColumn(
  modules: readonly KernelModule[],
  kernel: Kernel,
  providers: Providers,
): readonly LoadCell[] {
  const looks = new Map(modules.map((module) => [module, looked(module, kernel, providers)]))
  const doubts = doubtsOf(looks)
  return [...looks].map(([module, look]) => cellOf(module, kernel, look, doubts))
}

/** How much stands against a module: nothing, that something is not known, that the loader refuses it. */
type Doubt = 0 | 1 | 2

type Doubts = ReadonlyMap<KernelModule, Doubt>

/** One module may keep another from loading, and that a third: what stands against a module only grows. */
function doubtsOf(looks: ReadonlyMap<KernelModule, Looked>): Doubts {
  const doubts = new Map<KernelModule, Doubt>()
  for (let grew = true; grew;) {
    grew = false
    for (const [module, { always, borrowed }] of looks) {
      const doubt = worst([...always.map(doubtIn), ...borrowed.map((one) => doubtOfBorrowed(one, doubts))])
      if (doubt === (doubts.get(module) ?? 0)) continue
      doubts.set(module, doubt)
      grew = true
    }
  }
  return doubts
}

function worst(doubts: readonly Doubt[]): Doubt {
  return doubts.includes(2) ? 2 : doubts.includes(1) ? 1 : 0
}

function doubtIn({ kind }: LoadReason): Doubt {
  return kind === 'not-told' ? 1 : 2
}

function doubtOfBorrowed({ from, otherwise }: Borrowed, doubts: Doubts): Doubt {
  const all: readonly Doubt[] = [doubtIn(otherwise), ...from.map((one) => doubts.get(one) ?? 0)]
  return all.includes(0) ? 0 : all.includes(1) ? 1 : 2
}

/** What keeps a module from loading, whatever becomes of the others, and what does unless one of the others loads. */
interface Looked {
  readonly always: readonly LoadReason[]
  readonly borrowed: readonly Borrowed[]
}

/** A symbol that others of the modules have. */
interface Borrowed {
  readonly from: readonly KernelModule[]
  /** What is told where none of them loads. */
  readonly otherwise: LoadReason
}

function looked(module: KernelModule, kernel: Kernel, providers: Providers): Looked {
  const always: LoadReason[] = [...archReasons(module, kernel), ...vermagicObstacles(module, kernel.vermagic)]
  const borrowed: Borrowed[] = []
  for (const use of module.imports) {
    const reasons = symbolReasons(use, module, kernel.table)
    if (reasons.length === 0) continue
    const from = providers.get(use.symbol)?.filter((one) => one !== module)
    const [otherwise] = reasons
    if (!otherwise || !from || from.length === 0) always.push(...reasons)
    else borrowed.push({ from, otherwise })
  }
  return { always, borrowed }
}

function symbolReasons(use: Import, module: KernelModule, table: KernelTable): readonly LoadReason[] {
  const known = knownOf(use, table)
  return known ? symbolObstacles(use, module, known) : [{ kind: 'not-told', symbol: use.symbol }]
}

/**
 * Undefined for a symbol, or its checksum, of which a whitelist says nothing, and for `struct module` in a table without it: every kernel
 * whose modules have checksums exports it, so the table is not all of one.
 */
function knownOf(use: Import, table: KernelTable): Known | undefined {
  if (table.kind === 'exports' && layoutSymbols.has(use.symbol) && !table.rows.has(use.symbol))
    return undefined
  if (table.kind === 'exports')
    return { row: undefined, current: meantBy(use, table.rows.get(use.symbol)), exportsKnown: true }
  const row = table.rows.get(use.symbol)
  return row?.crc ? { row, current: undefined, exportsKnown: false } : undefined
}

function archReasons({ arch: built }: KernelModule, { arch: expected }: Kernel): readonly LoadReason[] {
  const machine = machineNamed(expected ?? '')?.arch
  return expected === undefined || machine === undefined || machineNamed(built)?.arch === machine
    ? []
    : [{ kind: 'arch', built, expected }]
}

function cellOf(module: KernelModule, kernel: Kernel, look: Looked, doubts: Doubts): LoadCell {
  const lent = look.borrowed.filter((one) => doubtOfBorrowed(one, doubts) > 0)
  const reasons = [...look.always, ...lent.map(notLent)]
  if (reasons.length === 0) return { state: isBuiltFor(module, kernel) ? 'built' : 'fits', reasons }
  return { state: doubts.get(module) === 2 ? 'refused' : 'unknown', reasons }
}

/** A symbol that the kernel has otherwise says itself what is wrong. */
function notLent({ from: [first], otherwise }: Borrowed): LoadReason {
  const absent = otherwise.kind === 'not-exported' || otherwise.kind === 'not-told'
  return absent && first ? { kind: 'needs', symbol: otherwise.symbol, module: first.name } : otherwise
}

function isBuiltFor({ info }: KernelModule, { release }: Kernel): boolean {
  return release !== undefined && info.vermagic?.split(' ')[0] === release
}
