import type { Symvers } from '../abi/export.ts'
import type { Problem } from '../problem/problem.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { checkModules, type ModuleViolation, type TargetKernel } from '../module/check-modules.ts'
import type { KernelModule } from '../module/kernel-module.ts'
import type { DriverFinding, SymbolFinding } from './finding.ts'
import type { Severity } from './policy.ts'

/** Why a driver that loaded on the released kernel does not load on this one. */
export type DriverReason = Exclude<ModuleViolation, { readonly kind: 'not-listed' | 'vermagic' }>

/** The drivers of one variant. */
export interface DriverSet {
  readonly variant: string
  readonly drivers: number
  readonly broken: number
  /** Files of drivers that the whitelist says were built for another kernel: nothing is known about them. */
  readonly foreign: readonly string[]
}

/** Something that stops drivers from loading, and how many: a cause, or a symbol where no cause of it is known. */
export interface DriverRank {
  readonly about: { readonly cause: string } | { readonly symbol: string }
  /** Distinct drivers, over all variants. */
  readonly drivers: number
}

/** What becomes of the drivers that the configuration names; those that no longer load are findings. */
export interface DriverReport {
  /** In the order of the variants; those without drivers are left out. */
  readonly sets: readonly DriverSet[]
  /** What stops most drivers first. */
  readonly ranks: readonly DriverRank[]
}

/** The same, with the findings: by variant, then by name. */
export interface JudgedDrivers extends DriverReport {
  readonly broken: readonly DriverFinding[]
}

/** A variant whose kernel can be compared, and its drivers. */
export interface DriverCase {
  readonly variant: string
  readonly drivers: readonly KernelModule[]
  readonly whitelist: Whitelist
  readonly symvers: Symvers
}

/**
 * Finds out which drivers of each variant no longer load, and why. A driver that does not fit the whitelist was built for
 * another kernel than the released one: it does not count as broken by the patch.
 * @param findings what the policy made of the whitelist's symbols: a reason that it excuses weighs no more than that
 * @param standard what the policy says of a broken driver
 */
export function judgeDrivers(
  cases: readonly DriverCase[],
  findings: readonly SymbolFinding[],
  standard: Severity,
): JudgedDrivers {
  const severityOf = severityFinder(findings, standard)
  const causesOf = causeFinder(findings)
  const judged = cases.map((one) => {
    const { variant, drivers, whitelist, symvers } = one
    const released = reasonsBy(drivers, { symvers: exportsOf(whitelist) }).map((reasons) =>
      reasons.filter(({ kind }) => kind !== 'not-exported'),
    )
    const now = reasonsBy(drivers, { symvers })
    const foreign = drivers.filter((_, index) => (released[index]?.length ?? 0) > 0)
    const broken = drivers.flatMap((driver, index): readonly DriverFinding[] => {
      const reasons = now[index] ?? []
      if (reasons.length === 0 || foreign.includes(driver)) return []
      const { name, file } = driver
      const severity = heaviest(reasons.map(({ symbol }) => severityOf(variant, symbol)))
      const causes = [...new Set(reasons.flatMap(({ symbol }) => causesOf(variant, symbol)))]
      return [{ family: 'driver', kind: 'driver', variant, severity, name, file, reasons, causes }]
    })
    const set: DriverSet = {
      variant,
      drivers: drivers.length,
      broken: broken.length,
      foreign: foreign.map(({ file }) => file),
    }
    return { set, broken: broken.sort((a, b) => (a.name < b.name ? -1 : 1)) }
  })
  const broken = judged.flatMap((one) => one.broken)
  return { sets: judged.map(({ set }) => set), ranks: ranksOf(broken, causesOf), broken }
}

/** The problems of sets that cannot say anything, because none of their drivers was built for the released kernel. */
export function driverProblems({ sets }: DriverReport): readonly Problem[] {
  return sets
    .filter(({ drivers, foreign }) => foreign.length === drivers)
    .map(({ variant, drivers, foreign }) => ({
      kind: 'other-kernel',
      variant,
      message: `None of the ${drivers} drivers of this variant was built for the kernel of its whitelist.`,
      excerpt: foreign.slice(0, mostNamed),
      advice: 'Name drivers that load on the released kernel under drivers: of the variant.',
    }))
}

const mostNamed = 5

function reasonsBy(
  drivers: readonly KernelModule[],
  kernel: TargetKernel,
): readonly (readonly DriverReason[])[] {
  const { modules } = checkModules({ modules: drivers, whitelist: nothingGuarded, kernel })
  return modules.map(({ violations }) => violations.filter(isReason))
}

const nothingGuarded: Whitelist = { file: '', dialect: 'names', rows: [] }

function isReason(violation: ModuleViolation): violation is DriverReason {
  return violation.kind !== 'not-listed' && violation.kind !== 'vermagic'
}

/** What a whitelist says of a kernel's exports; not of all. */
function exportsOf({ file, rows }: Whitelist): Symvers {
  return {
    file,
    exports: rows.map((row) => ({ ...row, crc: row.crc ?? 0, module: row.module ?? '' })),
  }
}

function severityFinder(
  findings: readonly SymbolFinding[],
  standard: Severity,
): (variant: string, symbol: string) => Severity {
  const known = new Map<string, Severity>()
  for (const { variant, symbol, severity } of findings) {
    const key = `${variant} ${symbol}`
    known.set(key, heaviest([severity, known.get(key) ?? 'ignore']))
  }
  return (variant, symbol) => {
    const excused = known.get(`${variant} ${symbol}`) ?? standard
    return severities[Math.min(severities.indexOf(excused), severities.indexOf(standard))] ?? standard
  }
}

/** The lightest first. */
const severities: readonly Severity[] = ['ignore', 'warn', 'fail']

function heaviest(some: readonly Severity[]): Severity {
  return severities[Math.max(...some.map((one) => severities.indexOf(one)))] ?? 'ignore'
}

type CausesOf = (variant: string, symbol: string) => readonly string[]

function causeFinder(findings: readonly SymbolFinding[]): CausesOf {
  const known = new Map(
    findings.map(({ variant, symbol, causes }) => [`${variant} ${symbol}`, causes ?? []] as const),
  )
  return (variant, symbol) => known.get(`${variant} ${symbol}`) ?? []
}

function ranksOf(broken: readonly DriverFinding[], causesOf: CausesOf): readonly DriverRank[] {
  const hurt = new Map<string, { about: DriverRank['about']; names: Set<string> }>()
  for (const { variant, name, reasons } of broken) {
    for (const { symbol } of reasons) {
      const causes = causesOf(variant, symbol)
      const abouts = causes.length > 0 ? causes.map((cause) => ({ cause })) : [{ symbol }]
      for (const about of abouts) {
        const key = JSON.stringify(about)
        const rank = hurt.get(key) ?? { about, names: new Set() }
        rank.names.add(name)
        hurt.set(key, rank)
      }
    }
  }
  return [...hurt]
    .map(([key, { about, names }]) => ({ key, about, drivers: names.size }))
    .sort((a, b) => b.drivers - a.drivers || (a.key < b.key ? -1 : 1))
    .map(({ about, drivers }) => ({ about, drivers }))
}
