import type { DriverReport } from '../judge/drivers.ts'
import type { DriverFinding } from '../judge/finding.ts'
import type { Severity } from '../judge/policy.ts'
import { alignColumns } from './align-columns.ts'
import { causeNumbers, rankWords, reasonsInWords, setWords } from './driver-words.ts'
import type { Explained } from './explained.ts'
import { findingHeading, findingNotes } from './text-findings.ts'
import { brief, briefVariant, type Layout } from './text-layout.ts'

/** Ranks and drivers to show before the rest is only counted. */
const mostRanks = 10
const mostDrivers = 20

/** The drivers that would no longer load, as a block like that of any other kind of finding. */
export function driversBlock(
  report: DriverReport | undefined,
  findings: readonly DriverFinding[],
  severity: Severity,
  why: Explained | undefined,
  max: number,
  layout: Layout,
): string[] {
  const broken = findings.filter((driver) => driver.severity === severity)
  if (!report || broken.length === 0) return []
  const { paint } = layout
  const shown = broken.slice(0, Math.min(max, mostDrivers))
  return [
    ...findingHeading({ severity, kind: 'driver', symbols: broken.length }, layout),
    '  what stops most drivers:',
    ...alignColumns(
      report.ranks
        .slice(0, mostRanks)
        .map((rank) => [{ text: String(rank.drivers), align: 'right' }, brief(rankWords(rank, why))]),
      '    ',
    ),
    ...rest(report.ranks.length - mostRanks, layout),
    '  drivers:',
    ...alignColumns(
      shown.map((driver) => [
        { text: brief(driver.name), paint: paint.bold },
        `in ${briefVariant(driver.variant)}`,
        brief(reasonsInWords(driver)),
        causeNumbers(driver, why),
      ]),
      '    ',
    ),
    ...rest(broken.length - shown.length, layout),
    ...findingNotes('driver', layout),
  ]
}

/** How many drivers of each variant still load. */
export function driverSetsBlock(report: DriverReport | undefined, { paint }: Layout): string[] {
  if (!report) return []
  return [
    paint.bold(`${paint.cyan('note:')} drivers that have to keep loading`),
    ...alignColumns(
      report.sets.map((set) => [briefVariant(set.variant), setWords(set)]),
      '    ',
    ),
  ]
}

function rest(left: number, { paint }: Layout): string[] {
  return left > 0 ? [paint.dim(`    … and ${left} more; the JSON report lists all of them`)] : []
}
